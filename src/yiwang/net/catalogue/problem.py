"""What keeps a definition from being published, as one sentence with a link to its place in the editor."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """``field`` is the anchor in the editor, ``section`` the page of the editor that has it."""

    code: str
    text: str
    section: str
    field: str
