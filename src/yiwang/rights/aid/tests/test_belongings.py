"""Belongings count for the rules with their origin and consent; who left is called every quarter; auditors only read."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from yiwang.rights.aid import actions, policies, queries
from yiwang.rights.aid.errors import BadFact, CalledToday, FactsFixed, NotAuthorised, NotWatched, WordsNeeded
from yiwang.rights.aid.formulas_belongings import Thing, Told, excluded_by, relapse_signs, savings
from yiwang.rights.aid.models import AidFile
from yiwang.rights.aid.signals import signs_at_hand
from yiwang.rights.aid.tests.factories import NOW, applicant, at_county, filed, fill, make_file

pytestmark = pytest.mark.django_db
ON = NOW.date()


def excluded(*things, people=3):
    return list(excluded_by(things, people=people, homes=2, area_each=60))


def test_homes_exclude_by_number_and_area_a_vehicle_unless_it_replaces_a_leg_and_a_company_only_if_controlled():
    small, large = Thing("home", area=Decimal(90)), Thing("home", area=Decimal("90.01"))

    assert excluded(small, small) == []
    assert excluded(small, large) == ["homes"]
    assert excluded(small, Thing("home")) == ["homes"]  # nobody wrote down how large it is
    assert excluded(large, Thing("home", holding="used")) == []
    assert excluded(Thing("vehicle", use="aid")) == []
    assert excluded(Thing("vehicle", use="trade")) == ["vehicle"]
    assert excluded(Thing("company")) == []
    assert excluded(Thing("company", controls=True)) == ["controls_company"]
    assert savings([Thing("money", value=Decimal(7)), Thing("money"), Thing("shop", value=Decimal(9))]) == 7


def test_each_sign_of_a_relapse_is_strict_and_stands_alone():
    calm = {"is_worse": False, "net": None, "bill": None, "lost_job": False, "had_accident": False}

    def signs(**told):
        known = Told(**{**calm, **told})
        return relapse_signs(known, line=Decimal(1000), multiple=Decimal("1.5"), bill=Decimal(5000))

    assert signs() == signs(net=Decimal(1500), bill=Decimal(5000)) == []
    assert signs(net=Decimal("1499.99")) == ["income"]
    assert signs(bill=Decimal("5000.01")) == ["bill"]
    assert signs(lost_job=True, had_accident=True, is_worse=True) == ["job", "accident", "worse"]


def test_a_belonging_counts_for_the_rules_until_it_is_struck_out(cast):
    file = fill(make_file(cast), cast.clerk)
    before = file.facts_version
    car = actions.add_asset(file, kind="vehicle", vehicle_use="private", by=cast.clerk, now=NOW)
    assert queries.household_of(file, on=ON).soft_exclusion == ("vehicle",)
    assert file.facts_version == before + 1

    actions.void_asset(car, by=cast.clerk)

    assert queries.household_of(file, on=ON).soft_exclusion == ()
    AidFile.objects.filter(pk=file.pk).update(state="closed", closed_on=ON, close_reason="测试")
    with pytest.raises(FactsFixed):
        actions.add_asset(file, kind="shop", by=cast.clerk, now=NOW)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "vehicle"}, "vehicle_use"),
        ({"kind": "home", "area": Decimal(0)}, "area"),
        ({"kind": "money"}, "value"),
        ({"kind": "shop", "value": Decimal(-1)}, "value"),
    ],
)
def test_a_belonging_that_cannot_be_is_refused_beside_its_field(cast, facts, field):
    file = make_file(cast)

    with pytest.raises(BadFact) as refusal:
        actions.add_asset(file, by=cast.clerk, now=NOW, **facts)

    assert list(refusal.value.fields) == [field]
    assert not file.assets.exists()


def test_what_a_checking_platform_told_needs_the_owners_signature(cast):
    file = fill(make_file(cast), cast.clerk)
    wife, child = file.members.get(relation="spouse"), file.members.get(relation="child")
    file.members.filter(pk=child.pk).update(birth_date=dt.date(2015, 1, 1))
    child.refresh_from_db()
    told = {"kind": "money", "value": Decimal(900), "origin": "check", "by": cast.clerk, "now": NOW}
    for owner in (wife, child, None):
        with pytest.raises(NotAuthorised):
            actions.add_asset(file, owner=owner, **told)
    actions.authorise(applicant(file), by=cast.clerk, now=NOW)

    actions.add_asset(file, owner=child, **told)  # their parent signed for them
    actions.add_asset(file, **told)
    with pytest.raises(NotAuthorised):
        actions.add_asset(file, owner=wife, **told)


def test_what_does_not_belong_to_a_kind_is_not_kept(cast):
    shares = actions.add_asset(
        make_file(cast), kind="company", area=Decimal(9), housing="own", vehicle_use="aid", controls=True, by=cast.clerk
    )

    assert (shares.area, shares.housing, shares.vehicle_use, shares.controls) == (None, "", "", True)


def test_belongings_are_signs_for_a_person(cast):
    file = make_file(cast)
    for facts in (
        {"kind": "home"}, {"kind": "home"}, {"kind": "vehicle", "vehicle_use": "trade"}, {"kind": "shop"},
        {"kind": "company", "controls": True}, {"kind": "spending", "value": Decimal(90_000)},
        {"kind": "money", "value": Decimal(50_000)},
    ):  # fmt: skip
        actions.add_asset(file, by=cast.clerk, now=NOW, **facts)

    found = [str(signal) for signal, _text in signs_at_hand(file, list(file.members.all()), ON)]
    assert found == ["homes", "vehicle", "business", "business", "warning"]
    actions.add_asset(file, kind="money", value=Decimal(10_000), by=cast.clerk, now=NOW)  # above 2 x 24 x 1,208
    assert "balances" in [str(signal) for signal, _text in signs_at_hand(file, list(file.members.all()), ON)]


def test_an_officer_writes_a_belonging_down_and_strikes_it_out(cast, client_of):
    file = make_file(cast)
    browser = client_of(cast.clerk)
    url = reverse("aid:file-facts", args=[file.public_id, "asset"])
    given = {"kind": "home", "holding": "own", "housing": "own", "area": "88.5", "origin": "seen", "words": "玉山镇"}

    assert "车要写明做什么用" in browser.post(url, {**given, "kind": "vehicle"}).content.decode()
    browser.post(url, {**given, "member": applicant(file).public_id})

    shown = browser.get(reverse("aid:file-detail", args=[file.public_id])).content.decode()
    assert "自己的，自购房，88.5平方米，玉山镇" in shown
    asset = file.assets.get()
    assert (asset.value, asset.owner) == (None, applicant(file))
    void = reverse("aid:asset-void", args=[file.public_id, asset.public_id])
    assert client_of(cast.audit).post(void).status_code == 403
    assert browser.post(void).status_code == 302
    assert browser.post(void).status_code == 404  # struck out already
    AidFile.objects.update(state="frozen")
    assert browser.post(void).status_code == 403


def left(cast):
    """A household that left its file today."""
    file = filed(cast)
    actions.start_review(file, reason="yearly", by=cast.handler)
    for month in range(1, 7):
        actions.write_month(file, month=dt.date(2026, month, 1), net=Decimal(9000), by=cast.handler)
    actions.finish_review(file, outcome="exited", reason="六个月高于标准", by=cast.approver, now=NOW)
    return file


def later(months):
    return NOW + dt.timedelta(days=31 * months)


def test_who_left_is_called_every_quarter_until_the_watch_ends(cast):
    file = left(cast)
    said = {"outcome": "well", "words": "都好", "by": cast.handler}
    assert (file.call_due, file.watch_until) == (dt.date(2027, 2, 5), dt.date(2027, 11, 5))
    assert not queries.due_calls(AidFile.objects.all(), dt.date(2027, 2, 4)).exists()
    assert queries.due_calls(AidFile.objects.all(), dt.date(2027, 2, 5)).get() == file

    actions.record_call(file, **{**said, "outcome": "unreached"}, now=later(3))
    assert file.call_due == dt.date(2027, 2, 5)  # nobody there: still due
    actions.record_call(file, **said, net=Decimal(5000), now=later(3))
    assert file.call_due == dt.date(2027, 5, 6)
    assert file.months.filter(month=dt.date(2027, 2, 1)).exists()
    with pytest.raises(CalledToday):  # pressed twice
        actions.record_call(AidFile.objects.get(pk=file.pk), **said, now=later(3))
    assert AidFile.objects.get(pk=file.pk).call_due == dt.date(2027, 5, 6)
    actions.record_call(file, **said, now=later(11))

    assert (file.state, file.call_due) == ("exited", None)
    with pytest.raises(NotWatched):
        actions.record_call(file, **said, now=later(12))


def test_a_call_needs_words_and_no_negative_bill(cast):
    file = left(cast)
    with pytest.raises(WordsNeeded):
        actions.record_call(file, outcome="well", words=" ", by=cast.handler)
    with pytest.raises(BadFact):
        actions.record_call(file, outcome="well", words="好", bill=Decimal(-1), by=cast.handler)

    assert not file.calls.exists()


def test_a_shock_told_on_the_telephone_has_somebody_look_at_once(cast, client_of):
    file = left(cast)
    browser = client_of(cast.handler)
    AidFile.objects.filter(pk=file.pk).update(call_due=dt.date(2026, 11, 1))
    listed = browser.get(reverse("aid:file-list"), {"call": "1"}).content.decode()
    assert "该回访的：1户" in listed
    assert file.number in listed
    assert "退档后该回访的：1户" in browser.get(reverse("portal:today")).content.decode()
    assert "该回访的" not in client_of(cast.sibling_handler).get(reverse("portal:today")).content.decode()

    url = reverse("aid:file-act", args=[file.public_id, "call"])
    browser.post(url, {"outcome": "well", "words": "爱人又住院了", "bill": "8000"})

    file.refresh_from_db()
    assert file.state == "relapse_check"
    call = file.calls.get()
    assert (call.net, call.bill) == (None, Decimal(8000))  # an empty field is not nothing
    assert not file.months.filter(net=0).exists()
    shown = browser.get(reverse("aid:file-detail", args=[file.public_id])).content.decode()
    assert "爱人又住院了" in shown
    actions.settle_relapse(file, confirmed=True, reason="住院属实", by=cast.approver, now=NOW)
    assert (file.state, file.call_due) == ("filed", None)


def test_the_states_safety_net_needs_no_calls_of_ours(cast):
    file = filed(cast)
    actions.start_review(file, reason="yearly", by=cast.handler)
    actions.finish_review(file, outcome="netted", reason="民政已纳入低保", by=cast.approver, now=NOW)

    assert file.call_due is None
    assert file.watch_until is not None


def test_auditors_read_file_review_figures_and_journal(cast, client_of):
    file = at_county(cast, fill(make_file(cast), cast.clerk))
    actions.prepare_decision(file, by=cast.handler, now=NOW)
    browser = client_of(cast.audit)
    pages = [
        reverse("aid:file-list"),
        reverse("aid:figures"),
        *(reverse(f"aid:{name}", args=[file.public_id]) for name in ("file-detail", "review", "file-paper")),
        reverse("aid:file-form", args=[file.public_id, "approval"]),
        reverse("payments:batch-list"),
    ]

    assert [browser.get(page).status_code for page in pages] == [200] * len(pages)

    shown = browser.get(pages[2]).content.decode()
    assert "aid.decision_prepared" in shown
    assert reverse("aid:file-facts", args=[file.public_id, "income"]) not in shown
    assert reverse("aid:file-new") not in browser.get(pages[0]).content.decode()
    assert "aid.decision_prepared" not in client_of(cast.handler).get(pages[2]).content.decode()
    assert not policies.audits(cast.handler, file)


def test_auditors_of_another_county_see_no_file(cast, client_of):
    file = make_file(cast)
    AidFile.objects.update(organisation=cast.sibling_county, county=cast.sibling_county)

    assert client_of(cast.audit).get(reverse("aid:file-detail", args=[file.public_id])).status_code == 404
