"""Figures and everyday words change by two people: one puts forward, another publishes."""

import datetime as dt

import pytest
from django.urls import reverse

from yiwang.kernel.clock import today
from yiwang.kernel.states import NotAllowedInState
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.rules import actions as rules
from yiwang.platform.rules import errors
from yiwang.platform.rules import queries as figures
from yiwang.platform.rules.models import ParameterProposal, ParameterValue
from yiwang.platform.text import actions as words
from yiwang.platform.text.errors import LeadsNowhere, NeedsAnotherPublisher, WordWaits
from yiwang.platform.text.models import Alias, AliasProposal
from yiwang.platform.text.queries import expand, words_in_use

pytestmark = pytest.mark.django_db

NAME = "cases.merge_days"
LIST = reverse("portal:parameter-list")


@pytest.fixture(autouse=True)
def forgetful():
    yield
    figures.forget()


def tomorrow(days=1):
    return today() + dt.timedelta(days=days)


def propose(by, **more):
    facts = {
        "value": 45,
        "valid_from": tomorrow(),
        "source_zh": "办公会纪要第3号",
        "source_en": "Minutes 3",
        "evidence": "design",
        "reason": "重复的太多",
    }
    return rules.propose_parameter(figures.history_of(NAME, "")[0], **{**facts, **more}, by=by)


def test_a_figure_is_put_forward_and_published_by_another(client_of, cast):
    old = figures.parameter(NAME, today())
    one, two = client_of(cast.leader), client_of(cast.province_handler)
    url = reverse("portal:parameter", args=[NAME])
    assert NAME in one.get(LIST, {"q": NAME}).text
    assert one.get(url).status_code == 200

    data = {"value": "45", "valid_from": tomorrow().isoformat(), "evidence": "design", "reason": "重复的太多"}
    assert one.post(url, data).status_code == 200  # the source is missing
    assert one.post(url, {**data, "source_zh": "纪要", "source_en": "Minutes"}).status_code == 302
    proposal = ParameterProposal.objects.get()
    page = reverse("portal:parameter-proposal", args=[proposal.public_id])
    assert page in two.get(LIST).text

    assert "由两个人做" in one.post(page, {"publish": "1"}).text
    assert figures.parameter(NAME, tomorrow()) == old
    assert 'name="publish"' in two.get(page).text
    assert two.post(page, {"publish": "1"}).status_code == 302

    figures.forget()
    assert (figures.parameter(NAME, today()), figures.parameter(NAME, tomorrow())) == (old, 45)
    assert ParameterValue.objects.get(name=NAME, value=45).origin == "published"
    assert list(JournalEntry.objects.filter(subject="parameter_proposal").values_list("name", "actor_id")) == [
        ("rules.parameter_proposed", cast.leader.pk),
        ("rules.parameter_published", cast.province_handler.pk),
    ]
    assert figures.history_of(NAME, "")[0].source == "纪要"
    with pytest.raises(NotAllowedInState):
        rules.publish_parameter(proposal.__class__.objects.get(), by=cast.province_handler)
    rules.publish_files()
    figures.forget()
    assert figures.parameter(NAME, tomorrow()) == 45  # files never undo what people published


def test_a_figure_is_declined_with_a_reason_or_taken_back(client_of, cast):
    proposal = propose(cast.leader)
    page = reverse("portal:parameter-proposal", args=[proposal.public_id])
    two = client_of(cast.province_handler)

    assert two.post(page, {"decline": "1", "note": ""}).status_code == 200
    assert two.post(page, {"decline": "1", "note": "没有依据"}).status_code == 302
    assert ParameterProposal.objects.get().state == "declined"
    again = propose(cast.leader)
    rules.decline_parameter(again, note="想错了", by=cast.leader)
    assert again.decided_by_id is None
    with pytest.raises(errors.ReasonWanted):
        rules.decline_parameter(propose(cast.leader), note=" ", by=cast.leader)
    assert two.get(reverse("portal:parameter", args=[NAME])).text.count("想错了") == 1


def test_what_cannot_be_put_forward(cast):
    with pytest.raises(errors.NotFromToday):
        propose(cast.leader, valid_from=today())
    with pytest.raises(errors.ReasonWanted):
        propose(cast.leader, reason=" ")
    first = propose(cast.leader, valid_from=tomorrow(9))
    with pytest.raises(errors.ProposalWaits):
        propose(cast.leader)
    rules.publish_parameter(first, by=cast.province_handler)
    with pytest.raises(errors.AlreadyFixedLater):
        propose(cast.leader, valid_from=tomorrow(3))


def test_a_proposal_about_a_figure_that_is_gone_stops(cast):
    proposal = propose(cast.leader)
    ParameterValue.objects.filter(name=NAME).delete()

    with pytest.raises(errors.MissingParameter):
        rules.publish_parameter(proposal, by=cast.province_handler)


@pytest.mark.parametrize("who", ["wenjuan", "handler", "approver", "admin", "security"])
def test_figures_and_words_are_for_those_who_keep_the_rules(client_of, cast, who):
    client = client_of(getattr(cast, who))
    pages = [LIST, reverse("portal:parameter", args=[NAME]), reverse("portal:word-list")]

    assert [client.get(page).status_code for page in pages] == [403, 403, 403]


def test_unknown_figures_and_proposals_are_not_found(client_of, cast):
    client = client_of(cast.leader)

    assert client.get(reverse("portal:parameter", args=["no.such"])).status_code == 404
    assert client.get(reverse("portal:parameter-proposal", args=["nothing"])).status_code == 404
    assert client.post(reverse("portal:word-decide", args=["nothing"])).status_code == 404


def test_an_everyday_word_is_published_by_another(client_of, cast):
    one, two, url = client_of(cast.leader), client_of(cast.province_handler), reverse("portal:word-list")
    data = {"word": "摔断腿", "codes": "hp-0001", "terms": "", "reason": "热线常听到"}

    assert "请填事项编号或规范说法" in one.post(url, {**data, "codes": ""}).text
    assert one.post(url, data).status_code == 302
    proposal = AliasProposal.objects.get()
    decide = reverse("portal:word-decide", args=[proposal.public_id])
    assert expand("摔断腿了").codes == ()

    one.post(decide, {"publish": "1"})
    assert not Alias.objects.exists()
    assert decide in two.get(url).text
    two.post(decide, {"publish": "1"})

    assert expand("摔断腿了").codes == ("HP-0001",)
    assert [word.word for word in words_in_use("摔断")] == ["摔断腿"]
    assert "摔断腿" in two.get(url, {"q": "摔断"}).text


def test_a_word_is_declined_or_waits(client_of, cast):
    def propose_word(word="修车"):
        return words.propose_alias(word, codes=[], terms=["汽修"], is_active=True, reason="x", by=cast.leader)

    proposal = propose_word()
    with pytest.raises(WordWaits):
        propose_word()
    with pytest.raises(LeadsNowhere):
        words.propose_alias("空", codes=[], terms=[], is_active=True, reason="x", by=cast.leader)
    with pytest.raises(NeedsAnotherPublisher):
        words.publish_alias(proposal, by=cast.leader)

    client_of(cast.province_handler).post(reverse("portal:word-decide", args=[proposal.public_id]))

    assert AliasProposal.objects.get().state == "declined"
    assert JournalEntry.objects.filter(name="text.alias_declined").count() == 1
    words.decline_alias(propose_word("补胎"), by=cast.leader)
