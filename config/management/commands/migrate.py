"""Django's ``migrate``, without drawing up most of the models anew for each index and constraint.

Every ``AddIndex`` and ``AddConstraint`` has Django render the model it stands on and all that hang on that one. Here
nearly everything hangs on people and bodies: two hundred times a hundred models took a third of the time in which a
fresh installation, or the database of a test run, comes into being. Neither changes a field or a relation, so the
rendered model only needs its list extended. (PostgreSQL alters a table in place; nothing else reads that list.)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db.migrations.state import ProjectState


def append_option(state: ProjectState, app_label: str, model_name: str, option_name: str, option: Any) -> None:
    """What ``ProjectState._append_option`` leaves behind, with the one rendered model mended in place."""
    options = state.models[app_label, model_name].options
    options[option_name] = [*options[option_name], option]
    if "apps" in state.__dict__:  # rendered already
        meta = state.apps.get_model(app_label, model_name)._meta
        setattr(meta, option_name, [*getattr(meta, option_name), option])


@contextmanager
def without_rendering() -> Iterator[None]:
    usual = ProjectState._append_option  # type: ignore[attr-defined]  # private, and the stubs leave it out
    ProjectState._append_option = append_option  # type: ignore[attr-defined]  # private
    try:
        yield
    finally:
        ProjectState._append_option = usual  # type: ignore[attr-defined]  # private


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with without_rendering():
            super().handle(*args, **options)
