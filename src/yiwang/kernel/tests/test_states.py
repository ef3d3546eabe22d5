import pytest
from django.db import connection, models

from yiwang.kernel.states import ChangedMeanwhile, NotAllowedInState, Stateful, move


class Door(Stateful):
    """One door of the test."""

    class State(models.TextChoices):
        OPEN = "open", "开着"
        SHUT = "shut", "关着"
        GONE = "gone", "拆了"

    MOVES = {State.OPEN: frozenset({State.SHUT}), State.SHUT: frozenset({State.OPEN, State.GONE})}

    state = models.CharField(max_length=4, choices=State, default=State.OPEN)
    by = models.CharField(max_length=10, default="")

    class Meta:
        app_label = "journal"
        managed = False
        db_table = "kernel_test_door"

    def __str__(self):
        return "大门"


@pytest.fixture
def doors(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE kernel_test_door (id bigserial PRIMARY KEY, state text, by text) ON COMMIT DROP"
        )
    return Door.objects


@pytest.mark.parametrize("was", Door.State)
@pytest.mark.parametrize("to", Door.State)
def test_a_record_moves_only_as_its_table_says(doors, was, to):
    door = doors.create(state=was)

    if (was, to) in {("open", "shut"), ("shut", "open"), ("shut", "gone")}:
        move(door, to, by="陈工")
        assert (door.state, door.by) == (to, "陈工")
        assert doors.get().state == to
    else:
        with pytest.raises(NotAllowedInState, match=was.label):
            move(door, to)
        assert doors.get().state == was


def test_of_two_who_move_at_once_one_wins(doors):
    mine = doors.create()
    theirs = doors.get()
    move(theirs, Door.State.SHUT)

    with pytest.raises(ChangedMeanwhile, match="大门"):
        move(mine, Door.State.SHUT)


def test_a_state_without_label_is_named_by_its_code(doors):
    with pytest.raises(NotAllowedInState, match="flying"):
        move(doors.create(), "flying")
