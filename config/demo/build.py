"""``yiwang demo``: the whole demo federation, from the real tree to the last rating; the same for the same seed."""

import datetime as dt
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from django.db import transaction

from config.demo.aid import Hardship
from config.demo.bundles import Together
from config.demo.congress import Assembly
from config.demo.fiction import Fiction
from config.demo.grassroots import Grassroots
from config.demo.histories import Player
from config.demo.joining import Joining
from config.demo.loading import beside
from config.demo.practices import Practices
from config.demo.programmes import Programmes
from config.demo.register import Register, draw_homes, write_members, write_officers, write_units
from config.demo.riders import Platform
from config.demo.sizes import Size
from config.demo.stories import Stories, named_posts
from config.demo.teams import Teams
from config.demo.width import begun, widen
from config.demo.years import Years
from yiwang.kernel.clock import now, start_of, today
from yiwang.kernel.errors import DomainError
from yiwang.net.cases.actions.sweeps import sweep_deadlines
from yiwang.net.cases.models import Case
from yiwang.net.catalogue.actions import load_seed
from yiwang.net.catalogue.queries import published
from yiwang.platform.counters.actions import fold, recount
from yiwang.platform.journal.actions import seal_batch
from yiwang.platform.notify.actions import count_as_read, count_as_sent
from yiwang.platform.rules.actions import publish_files
from yiwang.platform.rules.queries import work_calendar
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership, Person
from yiwang.register.organisations.actions import import_divisions
from yiwang.register.organisations.models import Organisation

Tell = Callable[[str], None]
UNREAD_FOR = dt.timedelta(days=4)  # what came before that has been read
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

    def sentence(self) -> str:
        bodies, members = f"{self.organisations} union bodies", f"{self.members} members"
        return f"{bodies}, {members}, {self.cases} cases, {self.accounts} accounts."


def is_empty() -> bool:
    return not Organisation.objects.exists() and not Person.objects.exists()


def build(size: Size, *, seed: int, tell: Tell) -> Built:
    """Write the federation. Refuses a database that holds anything but the begun breadth of a large one."""
    if size.width is not None and begun():
        return _widened(size, seed=seed, tell=tell)
    if not is_empty():
        raise NotEmpty("the database already holds data; empty it first, or choose another YIWANG_VAR.")
    with rare_collections():
        return _written(size, seed=seed, tell=tell)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Hundreds of thousands of objects are made here and few form circles: looking for those all the time is a tenth
    of the work."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _written(size: Size, *, seed: int, tell: Tell) -> Built:
    on, register = today(), Register()
    tell("Union bodies on the real divisions of Jiangsu")
    with beside(lay_down_rules):
        import_divisions()
    tell(f"{size.unions} enterprise unions")
    fiction = Fiction(seed)
    with transaction.atomic():
        write_units(fiction, count=size.unions, on=on, register=register)
        near, far = draw_homes(fiction, count=size.members, register=register)
        tell(f"{size.members} members")
        register.members = write_members(fiction, near, on=on, register=register)
        write_officers(fiction, on=on, register=register, named=named_posts())
        activated = activate(fiction, register, on=on)
        player = Player(fiction, {v.service.code: v for v in published()}, work_calendar(), now())
        stories = Stories(fiction, register, player, on=on)
        stories.people()
        Grassroots(fiction, register, on=on).write()
        Joining(fiction, register, on=on).write()
        Teams(fiction, register, on=on).write()
        Practices(fiction, register, on=on).write()
    with beside(lambda: write_far_members(fiction, far, on=on, register=register)):
        tell(f"{size.cases} cases over two years")
        with player.playing():
            stories.play()
        hardship = Hardship(stories)
        hardship.play()
        Programmes(hardship).play()
        Assembly(stories).write()
        Platform(stories).write()
        Together(stories, activated).play()
        Years(player, register, activated, on=on).play(size, tell=tell)
    tell("Deadlines and figures")
    sweep_deadlines(now=now())
    # The demo's past must not go to anybody's telephone, nor bury the address on the console under old messages.
    count_as_sent(now=now())
    count_as_read(before=now() - UNREAD_FOR)
    with beside(seal_all):
        fold()
        recount()
    if size.width is not None:
        return _widened(size, seed=seed, tell=tell)
    return _built()


def _widened(size: Size, *, seed: int, tell: Tell) -> Built:
    assert size.width is not None
    widen(size.width, seed=seed, on=today(), tell=tell)
    tell("Figures and seals of the journal")
    fold()
    seal_all()
    return _built()


def _built() -> Built:
    return Built(
        organisations=Organisation.objects.count(),
        members=Membership.objects.count(),
        cases=Case.objects.count(),
        accounts=User.objects.count(),
    )


def seal_all() -> None:
    while seal_batch():
        continue


def lay_down_rules() -> None:
    publish_files()
    load_seed()


@transaction.atomic
def write_far_members(fiction: Fiction, homes: list[Organisation], *, on: dt.date, register: Register) -> None:
    """Those whom no story needs; telephones and identity numbers of their own."""
    fiction.random = Random(fiction.random.random())  # noqa: S311 -- fiction, not a secret
    write_members(fiction, homes, on=on, register=register)


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
