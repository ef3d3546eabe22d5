"""``yiwang demo``: the whole demo federation, from the real tree to the last rating; the same for the same seed."""

import datetime as dt
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from django.db import connections, transaction

from config.demo.fiction import Fiction
from config.demo.histories import Player
from config.demo.register import Register, write_members, write_officers, write_units
from config.demo.sizes import Size
from config.demo.stories import Stories, named_posts
from yiwang.kernel.clock import now, start_of, today
from yiwang.kernel.errors import DomainError
from yiwang.net.cases.actions.sweeps import sweep_deadlines
from yiwang.net.cases.models import Case
from yiwang.net.catalogue.actions import load_seed
from yiwang.net.catalogue.queries import published
from yiwang.platform.counters.actions import fold, recount
from yiwang.platform.rules.actions import publish_files
from yiwang.platform.rules.queries import work_calendar
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership, Person
from yiwang.register.organisations.actions import import_divisions
from yiwang.register.organisations.models import Organisation

Tell = Callable[[str], None]
YEARS_BACK = 2
ACTIVATED = 900  # members who signed in at least once and make the requests


class NotEmpty(DomainError):
    """There are data already; a demo federation is only written into an empty database."""

    code = "not_empty"


@dataclass(frozen=True)
class Built:
    """What stands in the end."""

    organisations: int
    members: int
    cases: int
    accounts: int

    def as_dict(self) -> dict[str, int]:
        return {
            "organisations": self.organisations,
            "members": self.members,
            "cases": self.cases,
            "accounts": self.accounts,
        }


def is_empty() -> bool:
    return not Organisation.objects.exists() and not Person.objects.exists()


def build(size: Size, *, seed: int, tell: Tell) -> Built:
    """Write the federation. Refuses a database that holds anything."""
    if not is_empty():
        raise NotEmpty("数据库里已经有数据了。要重来，请先清空数据库，或换一个 YIWANG_VAR。")
    fiction = Fiction(seed)
    register = Register()
    on, moment = today(), now()
    tell("组织：按真实的行政区划建立工会组织")
    import_divisions()
    tell("事项：装入事项和规则")
    publish_files()
    load_seed()
    with transaction.atomic():
        tell(f"组织：{size.unions}家企业工会")
        write_units(fiction, count=size.unions, on=on, register=register)
        tell(f"会员：{size.members}人")
        write_members(fiction, count=size.members, on=on, register=register)
        write_officers(fiction, on=on, register=register, named=named_posts())
        activated = activate(fiction, register, on=on)
        calendar = work_calendar()
        player = Player(fiction, {v.service.code: v for v in published()}, calendar, moment)
        stories = Stories(fiction, register, player, on=on)
        stories.people()
    tell(f"办件：{size.cases}件，两年")
    stories.play()
    play_histories(player, activated, count=size.cases, on=on, seed=seed, tell=tell)
    tell("收尾：到期检查、汇总数字")
    sweep_deadlines(now=now())
    fold()
    recount()
    return Built(
        organisations=Organisation.objects.count(),
        members=Membership.objects.count(),
        cases=Case.objects.count(),
        accounts=User.objects.count(),
    )


def activate(fiction: Fiction, register: Register, *, on: dt.date) -> list[tuple[Membership, User]]:
    """Accounts for some of the members, most of them where the stories are."""
    near = [row for row in register.members if row.organisation.division_code.startswith("3205")]
    rest = fiction.random.sample(register.members, min(ACTIVATED // 2, len(register.members)))
    chosen = {row.pk: row for row in [*near[: ACTIVATED // 2], *rest]}
    rows = []
    for row in chosen.values():
        user = User(phone=row.person.phone, name=row.person.name, phone_verified_at=start_of(on))
        user.set_unusable_password()
        rows.append((row, user))
    User.objects.bulk_create([user for _, user in rows])
    for row, user in rows:
        row.person.user = user
    Person.objects.bulk_update([row.person for row, _ in rows], ["user"], batch_size=500)
    return rows


def moments(fiction: Fiction, *, count: int, on: dt.date) -> list[dt.datetime]:
    """When the requests were made: over two years, growing, with some in the last days, so that work is open today."""
    draw = fiction.random
    days = 365 * YEARS_BACK
    ages = [int(days * (1 - draw.random() ** 0.75)) for _ in range(count * 19 // 20)]
    ages += [draw.randrange(0, 14) for _ in range(count - len(ages))]
    return sorted(
        start_of(on - dt.timedelta(days=age)) + dt.timedelta(hours=draw.randrange(0, 22), minutes=draw.randrange(60))
        for age in ages
    )


def play_histories(
    player: Player, people: list[tuple[Membership, User]], *, count: int, on: dt.date, seed: int, tell: Tell
) -> None:
    """Play the histories in two processes, each with the people of its own half of the counties.

    The halves share no union body below the cities, so neither waits for the other's numbers, and each half is
    the same for the same seed whatever the other does.
    """
    halves: list[list[tuple[Membership, User]]] = [[], []]
    for pair in people:
        halves[int(pair[0].organisation.division_code[:6]) % 2].append(pair)
    shares = [count * len(half) // max(len(people), 1) for half in halves]
    connections.close_all()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            play_half(player, halves[1], count=shares[1], on=on, seed=seed + 1, tell=lambda _text: None)
            status = 0
        except BaseException:  # the child ends here whatever happened, and says what
            traceback.print_exc()
        finally:
            connections.close_all()
            sys.stderr.flush()
            os._exit(status)
    play_half(player, halves[0], count=count - shares[1], on=on, seed=seed, tell=tell)
    _, status = os.waitpid(child, 0)
    if status != 0:
        raise SystemExit("yiwang: one half of the demo's cases could not be written; see the lines above.")


def play_half(
    player: Player, people: list[tuple[Membership, User]], *, count: int, on: dt.date, seed: int, tell: Tell
) -> None:
    player.fiction.random = Random(seed * 7919 + 17)  # noqa: S311 -- fiction, not a secret
    for number, moment in enumerate(moments(player.fiction, count=count, on=on), 1):
        if moment < player.now:
            player.play(player.draw(people, at=moment))
        if number % 200 == 0:
            tell(f"办件：{number} / {count}")
