"""Refusals: what the person may not do now, why, and what to do next."""

from typing import ClassVar


class DomainError(Exception):
    """A rule refused. ``code`` is stable for machines; ``str()`` is the sentence a person reads.

    ``fields`` maps form-field names to sentences where the refusal belongs to a field.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, message: object, *, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}

    def __str__(self) -> str:
        return str(self.args[0])
