"""Members in numbers, for tests that need many people at once."""

import datetime as dt

from tests.cast import Cast
from yiwang.kernel.crypto import blind_index
from yiwang.kernel.identity import id_check_digit
from yiwang.register.accounts.models import NoticeAcceptance, User
from yiwang.register.accounts.notice import NOTICE_VERSION
from yiwang.register.members.models import Membership, Person


def make_members(cast: Cast, number: int) -> list[User]:
    """Members of the cast's unit, each with an account."""
    users = []
    for n in range(number):
        user = User(phone=f"139000{n:05}", name=f"职工{n}", phone_verified_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        user.set_unusable_password()
        user.save()
        seventeen = f"32058319900301{n + 300:03}"
        number_of_person = seventeen + id_check_digit(seventeen)
        person = Person.objects.create(
            user=user,
            name=user.name,
            id_number=number_of_person,
            id_hash=blind_index("identity", f"1:{number_of_person}"),
            birth_date=dt.date(1990, 3, 1),
            phone=user.phone,
            phone_hash=blind_index("phone", user.phone or ""),
            realname_level=2,
        )
        Membership.objects.create(
            number=f"{cast.unit.division_code}{person.pk:09}"[:18],
            person=person,
            organisation=cast.unit,
            employer=cast.employer,
            state=Membership.State.ACTIVE,
            joined_on=dt.date(2021, 3, 1),
        )
        users.append(user)
    NoticeAcceptance.objects.bulk_create([NoticeAcceptance(user=user, version=NOTICE_VERSION) for user in users])
    return users
