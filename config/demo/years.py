"""Two years of cases: a few dozen courses played for real, thousands like them, and what is open today."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence

from config.demo import archive
from config.demo.clones import Copyist, Days, Wish
from config.demo.histories import ENDINGS, STALLED, Player
from config.demo.register import Register
from config.demo.sizes import Size
from config.demo.templates import Applicant, Lines, Repertoire
from yiwang.kernel.clock import local_date, start_of
from yiwang.net.cases.models import Case
from yiwang.net.evaluation.models import BadReview, Evaluation
from yiwang.platform.rules.models import Receipt

YEARS_BACK = 2
OPEN_PERCENT = 6
LYING_PERCENT = 15  # of the open ones: nobody went on with them, most are overdue
TRIES = 40
MINUTES_BEFORE_OFFICE = 8 * 60 + 25


class Years:
    """Fills the case line with as many cases as the size asks for."""

    def __init__(self, player: Player, register: Register, people: Sequence[Applicant], *, on: dt.date) -> None:
        self.player = player
        self.people = people
        self.on = on
        self.draw = player.fiction.random
        self.days = Days(player.calendar, on - dt.timedelta(days=365 * YEARS_BACK + 20), on + dt.timedelta(days=20))
        past = [day for day in self.days.days if day < on]
        self.lines = Lines(register)
        self.repertoire = Repertoire(player, self.lines, people, on=on, season=past[-200:])
        self.copyist = Copyist(player.fiction, self.lines, self.days)

    def play(self, size: Size, *, tell: Callable[[str], None]) -> int:
        """Returns how many courses were played for real."""
        with self.player.playing():
            self.repertoire.play(closed=size.courses, recent=size.recent_courses)
        tell(f"{len(self.repertoire.played)} courses played; writing {size.cases} cases after them")
        left = size.cases - Case.objects.count()
        standing = left * OPEN_PERCENT // 100
        wishes = [*self._wish(self._open, standing), *self._wish(self._over, left - standing)]
        wishes.sort(key=lambda wish: wish.at)
        made = Counter(
            {
                Case: len(wishes),
                Receipt: sum(len(wish.template.receipts) for wish in wishes),
                Evaluation: sum(len(wish.template.rows.get(Evaluation, ())) for wish in wishes),
                BadReview: sum(len(wish.template.reviews) for wish in wishes),
            }
        )
        ids = {model: archive.reserve(model, made[model]) for model in archive.POINTED_AT}
        archive.write([self.copyist.make(wish, ids) for wish in wishes])
        return len(self.repertoire.played)

    def _wish(self, find: Callable[[], Wish | None], count: int) -> list[Wish]:
        found = (find() for _ in range(count * 2))
        return [wish for wish in found if wish is not None][:count]

    def _open(self) -> Wish | None:
        """Something that stands today just where a played one stands: same days, other people."""
        lying = self.draw.random() * 100 < LYING_PERCENT
        pool = [one for row in self.repertoire.open.values() for one in row if (one.ending == STALLED) == lying]
        if not pool:
            return None
        template = self.draw.choice(pool)
        code, signature = template.case.service_code, template.signature
        for _ in range(TRIES):
            membership, user = self.draw.choice(self.people)
            if self.repertoire.signature(code, membership.organisation) == signature:
                day = start_of(local_date(template.case.submitted_at))
                return Wish(template, membership, user, day + self._early())
        return None

    def _over(self) -> Wish | None:
        """Something that is over, on any day of the two years that its person was a member and its service open."""
        for _ in range(TRIES):
            membership, user = self.draw.choice(self.people)
            pools = [
                pool
                for (code, signature), pool in self.repertoire.over.items()
                if self.repertoire.signature(code, membership.organisation) == signature
            ]
            choices = [template for pool in pools for template in pool]
            if not choices:
                continue
            endings = sorted({one.ending for one in choices})
            ending = self.draw.choices(endings, [ENDINGS[one] for one in endings])[0]
            choices = [one for one in choices if one.ending == ending]
            template = self.draw.choices(choices, [one.weight for one in choices])[0]
            at = self._moment()
            day = local_date(at)
            joined = membership.joined_on
            if joined is None or joined > day or not self.player.is_open(template.case.service_code, day):
                continue
            if self.copyist.fits(template, at, self.player.now):
                return Wish(template, membership, user, at)
        return None

    def _moment(self) -> dt.datetime:
        """More and more over the two years, at any hour people are awake."""
        age = int(365 * YEARS_BACK * (1 - self.draw.random() ** 0.75))
        return start_of(self.on - dt.timedelta(days=age)) + dt.timedelta(minutes=self.draw.randrange(5 * 60, 23 * 60))

    def _early(self) -> dt.timedelta:
        return dt.timedelta(minutes=self.draw.randrange(MINUTES_BEFORE_OFFICE))
