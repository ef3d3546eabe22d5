"""Whether this installation is well: what ``yiwang doctor`` prints and the system administrator's page shows."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from yiwang.kernel import crypto
from yiwang.kernel.clock import now, today
from yiwang.platform.jobs import queries as jobs
from yiwang.platform.journal import queries as journal
from yiwang.platform.rules import queries as rules
from yiwang.platform.ui.formats import number_text
from yiwang.register.organisations import queries as organisations

LEAST_FREE_MB = 1000
MOST_UNSEALED_SECONDS = 300
EXTENSIONS = ("ltree", "btree_gist", "pg_trgm")


@dataclass(frozen=True)
class Finding:
    """One thing looked at; ``said`` tells what is wrong and how to mend it, or what is right."""

    what: str
    ok: bool
    said: str


def look() -> list[Finding]:
    """Every check, in the order in which one would mend them; a check that breaks is itself a finding.

    Where tables are missing, what reads them is not asked: its answer would be a trace, not a sentence.
    """
    ground = [found for check in GROUND for found in _safely(check)]
    migrated = _safely(_migrations)
    if not all(found.ok for found in migrated):
        return ground + migrated
    return ground + migrated + [found for check in TABLES for found in _safely(check)]


def _safely(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except Exception as trouble:
        return [Finding(check.__name__.strip("_"), ok=False, said=f"{type(trouble).__name__}: {trouble}")]


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])
    good = version >= 160_000
    text = _("PostgreSQL {version}。") if good else _("PostgreSQL {version}太旧，请升级到16或更新的版本。")
    yield Finding(_("数据库"), good, text.format(version=version // 10_000))


def _extensions() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        have = {row[0] for row in cursor.fetchall()}
    missing = [name for name in EXTENSIONS if name not in have]
    text = _("缺扩展{names}：请用数据库管理员身份运行 CREATE EXTENSION。") if missing else _("扩展齐全。")
    yield Finding(_("数据库扩展"), not missing, text.format(names=", ".join(missing)))


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    text = (
        _("还有{n}个数据库升级没有做：请运行 yiwang migrate（yiwang run 会自动做）。") if waiting else _("已是最新。")
    )
    yield Finding(_("数据库升级"), not waiting, text.format(n=waiting))


def _keys() -> Iterator[Finding]:
    good = crypto.decrypt(crypto.encrypt("一网", b"doctor"), b"doctor") == "一网"
    yield Finding(_("加密密钥"), good, _("能加密也能解密。") if good else _("解密结果不对：请检查 YIWANG_FIELD_KEYS。"))


def _jobs() -> Iterator[Finding]:
    state = jobs.queue_state()
    late = state.oldest_waiting_seconds > MOST_UNSEALED_SECONDS
    text = (
        _("最早的任务等了{n}秒：请确认 worker 在运行（yiwang run 会一起启动）。")
        if late
        else _("等待{waiting}个，失败{failed}个。")
    )
    said = text.format(n=state.oldest_waiting_seconds, waiting=state.waiting, failed=state.failed)
    yield Finding(_("后台任务"), not late, said)


def _journal() -> Iterator[Finding]:
    state = journal.seal_state(now=now())
    late = state.oldest_waiting_seconds > MOST_UNSEALED_SECONDS
    text = (
        _("有{n}条留痕超过5分钟没有封存：请确认 worker 在运行。")
        if late
        else _("留痕已封存到第{last}条，待封存{n}条。")
    )
    said = text.format(n=number_text(state.waiting), last=number_text(state.last_number))
    yield Finding(_("操作留痕"), not late, said)


def _calendar() -> Iterator[Finding]:
    calendar = rules.work_calendar()
    year = today().year + 1
    good = calendar.knows(year)
    text = (
        _("有{year}年的放假安排。") if good else _("缺{year}年的放假安排：请在工作日历里补上，否则跨年的期限算不出来。")
    )
    yield Finding(_("工作日历"), good, text.format(year=year))


def _disk() -> Iterator[Finding]:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free // 1024**2
    good = free >= LEAST_FREE_MB
    text = _("还剩{free}MB。") if good else _("只剩{free}MB：请清出至少{need}MB。")
    yield Finding(_("磁盘"), good, text.format(free=number_text(free), need=number_text(LEAST_FREE_MB)))


def _register() -> Iterator[Finding]:
    count = organisations.living().count()
    text = (
        _("在册工会组织{n}个。") if count else _("还没有工会组织：请运行 yiwang import organisations，或 yiwang demo。")
    )
    yield Finding(_("组织"), bool(count), text.format(n=number_text(count)))


def _settings() -> Iterator[Finding]:
    secure = settings.DEMO or (settings.SESSION_COOKIE_SECURE and not settings.DEBUG)
    text = _("演示模式，只在本机打开。") if settings.DEMO else _("正式模式。")
    yield Finding(_("设置"), bool(secure), text)


GROUND = (_settings, _database, _keys, _disk)
TABLES = (_extensions, _jobs, _journal, _calendar, _register)
