import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from yiwang.kernel.clock import today
from yiwang.kernel.errors import DomainError
from yiwang.kernel.states import NotAllowedInState, move
from yiwang.platform.counters.actions import recount
from yiwang.platform.counters.queries import figure
from yiwang.platform.jobs.inline import run_queued
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.queries import staff_timeline
from yiwang.platform.text.queries import search
from yiwang.register.organisations import actions, queries
from yiwang.register.organisations.actions import tree
from yiwang.register.organisations.counting import BODIES, GRASSROOTS
from yiwang.register.organisations.errors import (
    BadDay,
    BadName,
    IsGone,
    MovesIntoItself,
    NameTaken,
    NotAllowedThere,
    StillHasBodies,
)
from yiwang.register.organisations.models import Organisation, OrganisationLink, OrganisationSpan
from yiwang.register.organisations.tests.factories import SINCE, body, line, province

pytestmark = pytest.mark.django_db


def names(bodies):
    return [found.name for found in bodies]


def test_a_body_gets_code_path_level_history_and_is_found():
    top, city, county, town, _village, unit = line()

    assert unit.path == f"{town.path}.n{unit.pk}"
    assert (unit.level, unit.kind, unit.division_code) == (7, "E1", "320583100")
    assert unit.code.startswith("320583E1")
    assert [span.name for span in queries.history(unit)] == ["恒达精密工会"]
    assert [hit.object_id for hit in search("恒达精密")] == [unit.public_id]
    assert figure(county.path, GRASSROOTS) == 1
    assert figure(top.path, BODIES) == 6
    assert [entry.name for entry in staff_timeline("organisation", unit.pk)] == ["organisations.organisation_created"]
    assert names(queries.ancestors(unit)) == names([top, city, county, town])


@pytest.mark.parametrize(
    ("kind", "error"),
    [("A3", NotAllowedThere), ("C3", NotAllowedThere), ("F1", NotAllowedThere), ("A2", NotAllowedThere)],
)
def test_a_body_stands_only_where_its_kind_may(kind, error):
    county = body(body(province(), "A3", "甲市总工会"), "A4", "乙县总工会")

    with pytest.raises(error):
        body(county, kind, "丙工会")


def test_a_town_union_needs_somebody_above():
    with pytest.raises(NotAllowedThere):
        body(None, "C1", "玉山镇总工会")


def test_a_name_is_unique_under_its_parent_but_free_elsewhere():
    top = province()
    one, other = body(top, "A3", "甲市总工会"), body(top, "A3", "乙市总工会")
    body(one, "A4", "鼓楼区总工会")

    with pytest.raises(NameTaken):
        body(one, "A4", "鼓楼区 总公会")
    assert body(other, "A4", "鼓楼区总工会")


@pytest.mark.parametrize("name", ["", "工", "工" * 121])
def test_a_name_has_a_sensible_length(name):
    with pytest.raises(BadName):
        actions.create_organisation(name=name, kind="A2", parent=None, by=None, division_code="320000")


def test_the_database_itself_refuses_a_wrong_path_level_or_kind():
    _top, city, county, town, _village, unit = line()

    for changes in ({"path": f"{city.path}.n{unit.pk}"}, {"level": 5}, {"kind": "C3"}, {"parent": county}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.filter(pk=unit.pk).update(**changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=town.pk).update(level=8)


def test_the_database_refuses_a_cycle_and_an_odd_name():
    _top, city, county, *_rest = line()

    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=city.pk).update(parent=county)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=city.pk).update(name="苏州市总公会")


def test_moving_a_subtree_keeps_everything_below_and_shifts_its_figures():
    top, suzhou, county, town, village, unit = line()
    nanjing = body(top, "A3", "南京市总工会", division="320100")

    moved = actions.move_subtree(county, nanjing, by=None, document_number="苏工〔2026〕1号")

    unit.refresh_from_db()
    assert moved == 4
    assert names(queries.ancestors(unit)) == names([top, nanjing, county, town])
    assert (figure(suzhou.path, BODIES), figure(nanjing.path, BODIES), figure(top.path, BODIES)) == (1, 5, 7)
    assert recount() == []
    assert [hit.title for hit in search("南京 五联")] == ["五联村工会"]
    assert [hit for hit in search("苏州 五联") if hit.place < 5] == []
    old, new = queries.history(county)
    assert (old.parent, old.days.upper, new.parent, new.document_number) == (
        suzhou,
        today(),
        nanjing,
        "苏工〔2026〕1号",
    )


def test_the_tree_of_an_earlier_day_is_still_there():
    top, suzhou, county, *_rest = line()
    nanjing = body(top, "A3", "南京市总工会")
    actions.rename_organisation(county, "昆山县总工会", by=None, on=dt.date(2021, 5, 1))
    actions.move_subtree(county, nanjing, by=None, on=dt.date(2023, 5, 1))

    def stood(day):
        found = next(place for place in queries.tree_on(day) if place.organisation_id == county.pk)
        return found.name, found.parent_id

    assert stood(dt.date(2020, 5, 1)) == ("昆山市总工会", suzhou.pk)
    assert stood(dt.date(2022, 5, 1)) == ("昆山县总工会", suzhou.pk)
    assert stood(dt.date(2024, 5, 1)) == ("昆山县总工会", nanjing.pk)
    assert county.pk not in {place.organisation_id for place in queries.tree_on(dt.date(2024, 5, 1), suzhou)}


def test_moves_that_cannot_be_are_refused():
    top, city, county, town, village, unit = line()
    other = body(top, "A3", "南京市总工会")
    body(other, "A4", "昆山市总工会")

    for moved, target, error in (
        (city, county, MovesIntoItself),
        (county, county, MovesIntoItself),
        (village, county, NotAllowedThere),
        (county, other, NameTaken),
    ):
        with pytest.raises(error):
            actions.move_subtree(moved, target, by=None)
    assert actions.move_subtree(unit, town, by=None) == 0
    with pytest.raises(BadDay):
        actions.move_subtree(unit, village, by=None, on=SINCE - dt.timedelta(days=1))
    with pytest.raises(BadDay):
        actions.rename_organisation(unit, "新名工会", by=None, on=today() + dt.timedelta(days=2))


def test_two_changes_on_one_day_share_a_page_of_history():
    *_rest, town, _village, unit = line()

    actions.rename_organisation(unit, "恒达一厂工会", by=None)
    actions.rename_organisation(unit, "恒达二厂工会", by=None)
    actions.rename_organisation(unit, "恒达二厂工会", by=None)

    assert [span.name for span in queries.history(unit)] == ["恒达精密工会", "恒达二厂工会"]
    assert [hit.title for hit in search("恒达二厂")] == ["恒达二厂工会"]


def test_renaming_a_place_makes_all_below_found_by_the_new_name():
    _top, _city, county, *_rest = line()

    actions.rename_organisation(county, "鹿城市总工会", by=None)

    assert [hit.title for hit in search("鹿城 玉山")][:1] == ["玉山镇总工会"]
    assert [hit for hit in search("昆山 玉山") if hit.place < 5] == []
    other = body(county.parent, "A4", "太仓市总工会")
    with pytest.raises(NameTaken):
        actions.rename_organisation(other, "鹿城市总工会", by=None)


def test_closing_a_body_ends_it_and_everything_about_it():
    top, _city, county, town, village, unit = line()

    with pytest.raises(StillHasBodies):
        actions.close_organisation(town, by=None)
    with pytest.raises(BadDay):
        actions.close_organisation(unit, by=None, on=SINCE)
    actions.close_organisation(unit, by=None, document_number="昆工〔2026〕3号")

    unit.refresh_from_db()
    assert (unit.state, unit.valid_to) == ("dissolved", today())
    assert search("恒达精密") == []
    assert figure(county.path, GRASSROOTS) == 0
    assert recount() == []
    for deed in (
        lambda: actions.rename_organisation(unit, "再来工会", by=None),
        lambda: actions.update_organisation(unit, by=None, phone="1"),
        lambda: actions.move_subtree(unit, village, by=None),
    ):
        with pytest.raises(IsGone):
            deed()
    assert body(town, "E1", "恒达精密工会")  # the name is free again


def test_a_body_moves_only_as_the_handbook_says():
    unit = line()[-1]

    for was in Organisation.State:
        for to in Organisation.State:
            Organisation.objects.filter(pk=unit.pk).update(state=was, valid_to=today())
            unit.refresh_from_db(fields=["state"])
            if to in Organisation.MOVES.get(was, ()):
                move(unit, to)
                assert Organisation.objects.get(pk=unit.pk).state == to
            else:
                with pytest.raises(NotAllowedInState):
                    move(unit, to)


def test_contact_data_change_leaves_a_trace_only_where_something_changed():
    unit = line()[-1]

    changed = actions.update_organisation(unit, by=None, phone="0512-57300000", contact="", short_name="恒达")

    assert changed == ["phone", "short_name"]
    assert actions.update_organisation(unit, by=None, phone="0512-57300000") == []
    assert staff_timeline("organisation", unit.pk)[-1].data["changes"]["phone"] == ["", "0512-57300000"]
    with pytest.raises(TypeError):
        actions.update_organisation(unit, by=None, name="另一个")
    with pytest.raises(DomainError):
        actions.update_organisation(unit, by=None, uscc="81320000509100012A")
    assert actions.update_organisation(unit, by=None, uscc="81320000509100012b") == ["uscc"]


def test_a_second_line_is_drawn_once():
    top, city, county, *_rest, unit = line()
    industry = body(top, "B1", "江苏省机械冶金工会")

    actions.link_line(unit, industry, OrganisationLink.Kind.LINE, by=None)

    assert [link.leader for link in queries.lines(unit)] == [industry]
    with pytest.raises(Exception, match="关系"):
        actions.link_line(unit, industry, OrganisationLink.Kind.LINE, by=None)
    with pytest.raises(Exception, match="自己"):
        actions.link_line(unit, unit, OrganisationLink.Kind.LINE, by=None)


def test_places_in_the_tree_are_found():
    top, city, county, town, village, unit = line()
    other = body(city, "A4", "太仓市总工会", division="320585")

    assert queries.lowest_common(unit, village) == town
    assert queries.lowest_common(unit, other) == city
    assert queries.nearest_of_level(unit, 4) == county
    assert queries.organisation_of_division("320583100201") == village
    assert queries.organisation_of_division("320583999999") == county
    assert queries.organisation_of_division("320599") == city
    assert queries.organisation_of_division("999999") is None
    assert set(queries.under(county)) == {county, town, village, unit}
    assert list(queries.roots()) == [top]
    assert queries.trail(unit) == "苏州市 · 昆山市 · 玉山镇"


@pytest.mark.parametrize("size", [1, 3])
def test_a_level_of_the_tree_costs_three_queries_whatever_its_size(size, django_assert_num_queries):
    city = line()[1]
    for number in range(size):
        body(body(city, "A4", f"第{number}县总工会"), "C1", f"第{number}镇总工会")

    with django_assert_num_queries(3):
        found = queries.branches(city, [BODIES, GRASSROOTS])

    assert [(branch.has_children, branch.figures[BODIES]) for branch in found] == [(True, 2)] * size + [(True, 4)]


def test_the_subtree_is_read_by_the_path_index():
    county = line()[2]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM organisations_organisation WHERE path <@ %s::ltree", [county.path])
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "organisation_path_gist" in plan


class RandomTreeTest(TestCase):
    """Whatever is moved where, the tree stays a tree and the figures stay right."""

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8))
    def test_moves_keep_a_tree(self, moves):
        top = province()
        cities = [body(top, "A3", f"{i}市总工会") for i in range(2)]
        counties = [body(cities[i % 2], "A4", f"{i}县总工会") for i in range(3)]
        towns = [body(counties[i % 3], "C1", f"{i}镇总工会") for i in range(4)]
        units = [body(towns[i % 4], "E1", f"{i}厂工会") for i in range(5)]
        bodies = [*cities, *counties, *towns, *units]

        for source, target in moves:
            try:
                actions.move_subtree(bodies[source % len(bodies)], bodies[target % len(bodies)], by=None)
            except DomainError:
                continue

        found = {row.pk: row for row in Organisation.objects.all()}
        for row in found.values():
            above = found[row.parent_id].path + "." if row.parent_id else ""
            assert row.path == f"{above}n{row.pk}"
            assert not row.parent_id or found[row.parent_id].level < row.level
        assert figure(top.path, BODIES) == len(found)
        assert recount() == []
        assert OrganisationSpan.objects.filter(days__upper_inf=True).count() == len(found)


def test_words_of_a_whole_county_follow_by_a_job_and_its_officers_find_it_at_once(monkeypatch):
    top, city, county, _town, _village, unit = line()
    other = body(top, "A3", "无锡市总工会", division="320200")
    monkeypatch.setattr(tree, "AT_ONCE", 2)

    actions.move_subtree(county, other, by=None)
    assert "恒达精密工会" in [hit.title for hit in search("恒达", scope=[other.path])]
    assert "恒达精密工会" not in [hit.title for hit in search("无锡恒达")]
    run_queued()
    assert "恒达精密工会" in [hit.title for hit in search("无锡恒达")]
    assert "恒达精密工会" not in [hit.title for hit in search("苏州恒达")]

    run = JobRun.objects.get(name="organisations.words")
    assert (run.state, run.done) == ("done", 4)
    tree.index_words(run)
    actions.rename(county, "昆山新市总工会", by=None)
    Organisation.objects.filter(pk=county.pk).update(state="merged", valid_to=today())
    run_queued()
    assert JobRun.objects.filter(name="organisations.words", state="done").count() == 2
    tree.index_words(JobRun(params={"organisation": 0}))
