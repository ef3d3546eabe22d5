"""What is held about somebody as a cadre, readable without us: for the person alone."""

from typing import Any

from yiwang.grassroots.cadres.models import Cadre
from yiwang.register.members.models import Person

POST = (
    "other_post", "payer", "is_full_time", "starts_on", "planned_to", "ended_on", "end_reason", "document_number",
    "major", "works_since", "has_no_kin", "experience_years", "checked_note", "office_phone", "hours", "place",
    "photo_consented_at",
)  # fmt: skip
# What hangs on a post: the name of the list, the relation and its columns.
LISTS: dict[str, tuple[str, ...]] = {
    "contracts": ("kind", "number", "starts_on", "ends_on", "probation_to", "dispatcher", "home_body", "pay_grade",
                  "has_insurance", "assessment"),
    "certificates": ("name", "number", "expires_on"),
    "areas": ("organisation__name", "employer__name", "since", "until"),
    "tasks": ("kind", "title", "organisation__name", "due_on", "state", "result", "returned_note", "done_at"),
    "logs": ("kind", "day", "organisation__name", "place", "met", "content", "result", "minutes", "longitude",
             "latitude", "recorded_at", "is_late", "verified_at"),
    "ledger": ("employer__name", "year", "kind", "offered_on", "rounds", "signed_on", "filed_on", "effective_on",
               "covered", "raise_percent", "difficulty", "next_step", "quality"),
    "trainings": ("title", "field", "mode", "starts_on", "ends_on", "hours", "provider", "evidence", "state",
                  "refusal"),
    "evaluations": ("period", "items", "total", "grade", "outcome", "words", "state", "appeal", "answer"),
}  # fmt: skip


def own_data(person: Person) -> list[dict[str, Any]]:
    """Every post of theirs, ended ones too, with all that was written down about it."""
    rows = Cadre.objects.filter(person=person).select_related("organisation").order_by("pk")
    return [_post(cadre) for cadre in rows]


def _post(cadre: Cadre) -> dict[str, Any]:
    told: dict[str, Any] = {
        "team": cadre.get_team_display(),
        "post": cadre.get_post_display(),
        "organisation": cadre.organisation.name,
        "state": cadre.get_state_display(),
        **{name: getattr(cadre, name) for name in POST},
    }
    return told | {name: list(getattr(cadre, name).order_by("pk").values(*names)) for name, names in LISTS.items()}
