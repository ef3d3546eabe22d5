"""What ``migrate`` leaves out, Django's own way of doing it would not have changed."""

from django.db import migrations, models
from django.db.migrations.state import ProjectState

from config.management.commands.migrate import without_rendering

USUAL = ProjectState._append_option
OPERATIONS = [
    migrations.CreateModel("Body", [("id", models.BigAutoField(primary_key=True)), ("code", models.CharField())]),
    migrations.CreateModel(
        "Member",
        [("id", models.BigAutoField(primary_key=True)), ("body", models.ForeignKey("house.Body", models.PROTECT))],
    ),
    migrations.AddIndex("Body", models.Index(fields=["code"], name="body_by_code")),
    migrations.AddConstraint("Body", models.UniqueConstraint(fields=["code"], name="body_code_is_unique")),
    migrations.AddField("Member", "since", models.DateField(null=True)),
    migrations.AddConstraint("Member", models.CheckConstraint(condition=models.Q(since=None), name="member_is_new")),
]


def run_through() -> tuple[ProjectState, list[type[models.Model]]]:
    """The state after all operations, and the rendered model of the body before and after each."""
    state, seen = ProjectState(), []
    assert state.apps is not None  # rendered from the start, as the executor has it
    for operation in OPERATIONS:
        operation.state_forwards("house", state)
        seen.append(state.apps.get_model("house", "body"))
    return state, seen


def said(state: ProjectState) -> dict[str, object]:
    return {
        model: (
            [index.name for index in state.apps.get_model("house", model)._meta.indexes],
            [constraint.name for constraint in state.apps.get_model("house", model)._meta.constraints],
            [field.name for field in state.apps.get_model("house", model)._meta.get_fields()],
            state.models["house", model].options,
        )
        for model in ("body", "member")
    }


def test_indexes_and_constraints_stand_in_the_state_and_in_the_rendered_models():
    usual, drawn_anew = run_through()
    with without_rendering():
        ours, mended = run_through()

    assert said(ours) == said(usual)
    assert ours == usual
    assert drawn_anew[2] is not drawn_anew[1]
    assert mended[1] is mended[2] is mended[3]


def test_django_does_it_its_own_way_again_afterwards():
    with without_rendering():
        assert ProjectState._append_option is not USUAL

    assert ProjectState._append_option is USUAL
