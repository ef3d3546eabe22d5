import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from yiwang.platform.counters import actions, queries, registry
from yiwang.platform.counters.actions import add, add_many, fold, move_subtree, recount_figure
from yiwang.platform.counters.models import Daily, Delta, Node, Total
from yiwang.platform.counters.queries import children_figures, figure, figures, series
from yiwang.platform.journal.models import JournalEntry

MONDAY, TUESDAY = dt.date(2026, 11, 16), dt.date(2026, 11, 17)
ROOT, LEFT, RIGHT, LEAF = "n1", "n1.n2", "n1.n3", "n1.n2.n4"


@pytest.fixture
def deltas(db):
    add("members", path=LEAF, amount=3, day=MONDAY)
    add("members", path=RIGHT, day=TUESDAY)
    add("cases", path=LEFT, amount=2, day=TUESDAY)


def numbers():
    return {path: found["members"] for path, found in figures([ROOT, LEFT, RIGHT, LEAF], ["members"]).items()}


@pytest.mark.parametrize("is_folded", [False, True])
def test_a_figure_counts_everything_below_folded_or_not(deltas, is_folded):
    if is_folded:
        assert fold() == 3
        assert Delta.objects.count() == 0

    assert numbers() == {ROOT: 4, LEFT: 3, RIGHT: 1, LEAF: 3}
    assert figure(ROOT, "cases") == 2
    assert figure(ROOT, "members", since=TUESDAY) == 1
    assert figure(ROOT, "members", until=MONDAY) == 3
    assert children_figures(ROOT, ["members", "cases"]) == {
        "n2": {"members": 3, "cases": 2},
        "n3": {"members": 1, "cases": 0},
    }
    assert children_figures(ROOT, ["members"], since=TUESDAY, until=TUESDAY) == {"n3": {"members": 1}}
    assert series(ROOT, "members", since=MONDAY, until=TUESDAY + dt.timedelta(days=1)) == {
        MONDAY: 3, TUESDAY: 1, dt.date(2026, 11, 18): 0,
    }  # fmt: skip


def test_half_folded_is_as_right_as_folded(deltas):
    fold()
    add("members", path=LEAF, amount=-1)

    assert numbers() == {ROOT: 3, LEFT: 2, RIGHT: 1, LEAF: 2}


def test_folding_twice_counts_once(deltas):
    assert (fold(), fold()) == (3, 0)
    assert numbers()[ROOT] == 4


def test_a_fold_that_is_rolled_back_has_done_nothing(deltas):
    with transaction.atomic():
        fold()
        transaction.set_rollback(True)

    assert Delta.objects.count() == 3
    assert Node.objects.count() == 0
    assert numbers()[ROOT] == 4


def test_figures_cost_one_query_whatever_is_asked(deltas, django_assert_num_queries):
    fold()
    with django_assert_num_queries(1):
        children_figures(ROOT, ["members", "cases"])
    with django_assert_num_queries(1):
        figures([ROOT, LEFT, RIGHT], ["members", "cases"])


@pytest.mark.parametrize("is_folded", [False, True])
def test_a_subtree_that_moves_takes_its_figures_along(deltas, is_folded):
    if is_folded:
        fold()

    move_subtree(LEAF, f"{RIGHT}.n4")

    moved = figures([ROOT, LEFT, RIGHT, f"{RIGHT}.n4"], ["members"])
    assert {path: found["members"] for path, found in moved.items()} == {ROOT: 4, LEFT: 0, RIGHT: 4, f"{RIGHT}.n4": 3}
    fold()
    assert children_figures(RIGHT, ["members"]) == {"n4": {"members": 3}}
    assert figure(RIGHT, "members", until=MONDAY) == 3


def test_a_delta_written_with_the_old_path_counts_at_the_new_place(deltas):
    fold()
    move_subtree(LEAF, f"{RIGHT}.n4")
    add("members", path=LEAF)  # its writer had read the path before the move
    fold()

    assert figure(RIGHT, "members") == 5
    assert figure(LEFT, "members") == 0


@pytest.fixture
def truth(monkeypatch):
    rows = [(LEAF, MONDAY, 3), (RIGHT, TUESDAY, 1)]
    monkeypatch.setattr(registry, "_SOURCES", {"members": lambda: rows})
    return rows


def test_a_right_figure_passes_the_recount(deltas, truth):
    assert actions.recount() == []
    fold()
    assert actions.recount() == []


def test_a_wrong_figure_is_repaired_and_journalled(deltas, truth, wenjuan):
    fold()
    Total.objects.filter(node__label="n2", name="members").update(amount=99)
    Daily.objects.filter(node__label="n2", name="members").update(amount=99)

    found = actions.recount(by=wenjuan)

    assert [row.as_dict() for row in found] == [
        {"name": "members", "path": LEFT, "day": "2026-11-16", "was": 99, "now": 3}
    ]
    assert str(found[0]) == "members n1.n2 2026-11-16: 99 → 3"
    assert figure(LEFT, "members") == 3
    assert actions.recount() == []
    assert JournalEntry.objects.get(name="counters.counter_repaired").data["now"] == 3


def test_a_recount_finds_what_was_never_counted(db, truth):
    assert len(actions.recount()) == 5
    assert numbers() == {ROOT: 4, LEFT: 3, RIGHT: 1, LEAF: 3}


def test_a_source_may_be_a_query(db, monkeypatch):
    monkeypatch.setattr(registry, "_SOURCES", {"members": "SELECT 'n1.n2', DATE '2026-11-16', 7"})

    assert [row.path for row in recount_figure("members")] == ["n1", "n1.n2"]
    assert figure("n1", "members") == 7


def test_every_registered_source_can_be_asked(db):
    registered = registry.recount_sources()
    assert {"organisations.bodies", "members.current"} <= set(registered)
    assert actions.recount() == []


def test_many_deltas_are_appended_at_once(db):
    add_many([("members", LEAF, MONDAY, 1)] * 50)

    assert figure(ROOT, "members") == 50


@pytest.mark.django_db(transaction=True)
def test_writers_and_folders_side_by_side_lose_nothing(db):
    def write():
        try:
            for _ in range(20):
                with transaction.atomic():
                    queries_path = LEAF if threading.get_ident() % 2 else RIGHT
                    add("members", path=queries_path)
        finally:
            connection.close()

    def fold_often():
        try:
            for _ in range(15):
                fold()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for work in (write, write, write, fold_often, fold_often)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fold()

    assert figure(ROOT, "members") == 60
    assert Delta.objects.count() == 0
    assert queries.figure(LEFT, "members") + queries.figure(RIGHT, "members") == 60


def test_names_of_rows_say_what_they_are(deltas):
    fold()
    add("members", path=LEAF, amount=-1, day=MONDAY)

    assert str(Delta.objects.get()) == "members n1.n2.n4 -1"
    assert str(Node.objects.get(label="n2")) == LEFT
    assert str(Total.objects.get(node__label="n3", name="members")) == "members 1"
    assert str(Daily.objects.get(node__label="n3", name="members")) == "members 2026-11-17 +1"
