"""Minutes, resolutions and the evidence pack of a session: what was kept, made into papers anybody can check."""

import csv
import hashlib
import io
import zipfile
from typing import Any

from django.utils.translation import override

from yiwang.kernel.clock import local_date
from yiwang.net.cases.actions.letters import HELP_LINE, LETTERS
from yiwang.platform.ballots.models import Election
from yiwang.platform.ballots.queries import archive_bytes
from yiwang.platform.documents.actions import Paper, make_letter
from yiwang.rights.congress import queries
from yiwang.rights.congress.models import AgendaItem, Congress, KeyDestruction, Report, Session
from yiwang.rights.congress.queries_following import resolutions_of
from yiwang.rights.congress.queries_keeping import challenges_of, keys_kept

FORMULAS = ("=", "+", "-", "@")
EPOCH = (1980, 1, 1, 0, 0, 0)


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _common(session: Session) -> dict[str, Any]:
    body = session.congress.organisation
    moment = session.closed_at or session.opened_at
    return {
        "organisation": body.name,
        "number": f"{session.heading}·{session.public_id}",
        "recipient": "全体职工",
        "date": _day(local_date(moment) if moment else session.held_on),
        "contact_person": body.contact or body.name,
        "contact_phone": body.phone or HELP_LINE,
        "subject": f"{body.name}{session.congress.heading}第{session.number}次会议",
    }


def _facts(session: Session) -> list[str]:
    hall = queries.hall_of(session)
    facts = [
        f"时间：{_day(session.held_on)}；地点：{session.place}；形式：{session.get_form_display()}。",
        f"应到代表{hall.entitled}人，宣布开会时到会{session.present_at_opening or 0}人，至少要{hall.needed}人。",
        "主席团：{names}。".format(names="、".join(row.person.name for row in queries.presidium_of(session))),
    ]
    if session.called_at:
        facts.append(f"通知和材料{_day(local_date(session.called_at))}发给代表。")
    guests = [row for row in queries.guests_of(session) if row.came_at]
    if guests:
        named = "、".join(f"{row.name}（{row.get_way_display()}）" for row in guests)
        facts.append(f"没有表决权的：{named}。")
    for ballot in queries.ballots_of(session):
        if ballot.counted is not None:
            given = queries.progress_of(ballot)
            keepers = "、".join(row.user.name for row in queries.holders_of(ballot))
            slips = f"，纸票{given.slips}张" if given.slips else ""
            sent = f"名册{given.roll}人，发出投票卡{given.cards}张{slips}"
            facts.append(f"无记名投票：{sent}；票箱里有{ballot.counted}个码的票；共管人：{keepers}。")
    if session.short_notice_reason:
        facts.append(f"不足期限开会的理由：{session.short_notice_reason}。")
    return facts


def decision_of(item: AgendaItem) -> str:
    """One item with its result, in one sentence."""
    parts = []
    for part in queries.tallies_of(item):
        votes = "，".join(f"{line.label}{line.votes}" for line in part.lines)
        parts.append(f"{part.title}：{votes}" if item.kind == AgendaItem.Kind.APPRAISE else votes)
    counted = f"（{'；'.join(parts)}）" if parts else ""
    needed = f"，全体代表{item.entitled}人，要{item.needed}票"
    return "{title}：{method}，{state}{counted}{needed}。文字指纹{print}。".format(
        title=item.title,
        method=item.get_method_display(),
        state=item.get_state_display(),
        counted=counted,
        needed=needed if item.needed else "",
        print=item.fingerprint,
    )


@override(LETTERS)
def minutes_of(session: Session) -> Paper:
    data = {
        **_common(session),
        "facts": _facts(session),
        "decisions": [decision_of(item) for item in queries.items_of(session)] or ["没有议题。"],
        "minutes": session.minutes,
    }
    return make_letter("congress_minutes", data, at=session.closed_at)


@override(LETTERS)
def resolutions_paper(session: Session) -> Paper | None:
    """Nothing where nothing was resolved."""
    rows = [row.text for row in resolutions_of(session.congress) if row.session_id == session.pk]
    if not rows:
        return None
    data = {**_common(session), "facts": _facts(session)[1], "resolutions": rows[::-1]}
    return make_letter("congress_resolution", data, at=session.closed_at)


@override(LETTERS)
def facts_of_report(report: Report) -> list[str]:
    """What the union above reads, counted from the records, each in one sentence; Chinese, as the letter is."""
    return _facts_of_session(report.session) if report.session else _facts_of_election(report.congress)


def _facts_of_session(session: Session) -> list[str]:
    return [*_facts(session), *(decision_of(item) for item in queries.items_of(session))]


def _facts_of_election(congress: Congress) -> list[str]:
    places = queries.constituencies_of(congress)
    facts = [f"职工{congress.headcount}人，其中女职工{congress.women}人；选区{len(places)}个，名额{congress.seats}个。"]
    for row in places:
        elected: int = row.elected  # type: ignore[attr-defined]  # annotated
        way = f"{row.get_method_display()}，选出{elected}人"
        facts.append(f"{row.name}：职工{row.headcount}人，实到{row.present or 0}人，{way}。")
    return facts + [check.words for check in queries.composition(congress)]


@override(LETTERS)
def report_paper(report: Report) -> Paper:
    congress = report.congress
    body, parent = congress.organisation, congress.organisation.parent
    subject = f"第{report.session.number}次会议情况" if report.session else "代表选举情况"
    data = {
        "organisation": body.name,
        "number": f"{congress.heading}·{report.public_id}",
        "recipient": parent.name if parent else body.name,
        "date": _day(report.sent_on or report.due_on),
        "contact_person": body.contact or body.name,
        "contact_phone": body.phone or HELP_LINE,
        "subject": f"{congress.heading}{subject}",
        "facts": facts_of_report(report),
        "note": report.note,
    }
    return make_letter("congress_report", data)


def _sheet(head: list[str], rows: list[list[str]]) -> bytes:
    """A table that spreadsheets open in Chinese; a text that looks like a formula stays text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([[f"'{cell}" if cell.startswith(FORMULAS) else cell for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _end_of(destruction: KeyDestruction | None) -> list[str]:
    if destruction is None:
        return ["还没销毁", "", ""]
    return [destruction.on.isoformat(), destruction.how, destruction.witness]


@override(LETTERS)
def _files(session: Session) -> dict[str, bytes]:
    minutes, resolutions = minutes_of(session), resolutions_paper(session)
    files = {"会议纪要.pdf": minutes.pdf, "会议纪要.docx": minutes.docx}
    if resolutions is not None:
        files |= {"决议.pdf": resolutions.pdf, "决议.docx": resolutions.docx}
    roll = [
        [row.person.name, row.constituency.name, str(row.get_category_display())]
        for row in queries.delegates_of(session.congress)
    ]
    files["代表名册.csv"] = _sheet(["姓名", "选区", "类别"], roll)
    here = [
        [row.delegate.person.name, row.delegate.constituency.name, str(row.get_way_display())]
        for row in session.attendances.select_related("delegate__person", "delegate__constituency").order_by("pk")
    ]
    files["签到册.csv"] = _sheet(["姓名", "选区", "怎么签到"], here)
    if guests := queries.guests_of(session):
        told = [[row.name, row.post, str(row.get_way_display()), "到会" if row.came_at else "没有来"] for row in guests]
        files["列席名单.csv"] = _sheet(["姓名", "单位、职务", "列席还是特邀", "到会"], told)
    for number, item in enumerate(queries.items_of(session), 1):
        names = "\n".join(f"{row['name']} {row.get('note', '')}" for row in item.names)
        text = f"{item.title}\n{item.fingerprint}\n\n{item.explanation}\n\n{item.text}{names}\n"
        files[f"材料/{number}.txt"] = text.encode()
    if challenges := challenges_of(session):
        told = [
            [
                str(row.get_about_display()),
                row.name,
                row.reason,
                str(row.get_state_display()),
                row.decision,
                row.decided_by.name if row.decided_by else "",
            ]
            for row in challenges
        ]
        files["名册异议.csv"] = _sheet(["哪里不对", "说的是谁", "为什么", "结果", "怎么决定", "谁决定"], told)
    ballots = queries.ballots_of(session)
    ends = [
        [ballot.election.name, row.what, row.name, *_end_of(row.destruction)]
        for ballot in ballots
        for row in keys_kept(ballot)
    ]
    if ends:
        files["钥匙和投票码销毁记录.csv"] = _sheet(["表决票", "什么", "谁的", "销毁日期", "怎么销毁", "见证人"], ends)
    for ballot in ballots:
        if ballot.election.state not in (Election.State.DRAFT, Election.State.CANCELLED):
            files[f"{ballot.election.uuid}.bel"] = archive_bytes(ballot.election)
    return files


@override(LETTERS)
def evidence_pack(session: Session) -> bytes:
    """One archive with a list of its files' hashes and how to verify each ``.bel``; no file says how anybody voted."""
    files = _files(session)
    prints = "\n".join(f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in files.items())
    files["SHA256SUMS"] = f"{prints}\n".encode()
    how = (
        "这是{subject}的证据包。\n核对文件没有被改：sha256sum -c SHA256SUMS\n"
        "验证投票：yiwang ballots verify 文件名.bel，或者在这个文件夹里运行 belenios-tool election verify\n"
    )
    files["说明.txt"] = how.format(subject=_common(session)["subject"]).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            pack.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
