"""For whom a congress speaks, and who reads its papers when."""

import pytest

from yiwang.register.accounts.models import User
from yiwang.register.members.actions import retain_membership
from yiwang.rights.congress import actions, policies
from yiwang.rights.congress.models import AgendaItem
from yiwang.rights.congress.tests import factories as made

pytestmark = pytest.mark.django_db


def test_a_congress_speaks_for_those_who_vote_in_its_union(cast):
    congress = made.started(cast)

    assert policies.congress_of(cast.wenjuan) == congress
    assert policies.congress_of(cast.stranger) is None  # of another union
    assert policies.congress_of(cast.courier) is None  # of none
    assert policies.congress_of(cast.handler) is None  # an account that is joined to nobody
    retain_membership(cast.wenjuan_membership, by=None, reason="退休")
    assert policies.congress_of(User.objects.get(pk=cast.wenjuan.pk)) is None


def test_delegates_read_before_the_session_and_every_worker_after_it_is_published(cast):
    congress = made.in_term(cast)
    worker = made.enrol(cast.unit, 1, with_accounts=1)[0].person.user
    session = made.opened(congress, cast.chair, made.hear)
    item = session.items.get()

    assert [policies.may_read_paper(user, item) for user in (cast.wenjuan, worker, cast.handler)] == [
        True,
        False,
        False,
    ]
    actions.note_item(item, "请公布明细。", by=cast.chair)
    actions.close_session(session, by=cast.chair)
    actions.write_minutes(session, "会议开得很好。", by=cast.chair)
    actions.publish_session(session, by=cast.chair)
    item = AgendaItem.objects.get()
    assert [policies.may_read_paper(user, item) for user in (cast.wenjuan, worker)] == [True, True]


def test_a_worker_hears_of_a_session_once_it_is_called(cast):
    congress = made.in_term(cast)
    session = made.planned(congress, cast.chair)
    made.adopt(session, cast.chair)
    assert policies.newest_session(congress) is None

    actions.call_session(session, reason="主席团同意", by=cast.chair)
    assert policies.newest_session(congress) == session
    actions.cancel_session(session, reason="台风", by=cast.chair)
    assert policies.newest_session(congress) is None
