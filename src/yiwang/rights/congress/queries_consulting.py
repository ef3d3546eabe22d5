"""Reads about consultations on rules and algorithms."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yiwang.kernel.clock import add_months, today
from yiwang.rights.congress.models import Congress, Consultation, Session
from yiwang.rights.congress.queries import rule


def consultations_of(congress: Congress) -> QuerySet[Consultation]:
    rows = Consultation.objects.filter(congress=congress).select_related("congress", "item__session__congress")
    return rows.order_by("-begun_on", "-pk")


def consultation_called(congress: Congress, public_id: str) -> Consultation | None:
    rows = consultations_of(congress).prefetch_related("talks")
    return rows.filter(public_id=public_id).first()


def opinions_needed(consultation: Consultation) -> int:
    """So many people are heard before the talks; all of them where there are fewer."""
    return min(rule("consultation_opinions"), consultation.congress.headcount)


def voices_of(consultation: Consultation) -> int:
    return consultation.voices.count()


def opinions_of(consultation: Consultation) -> list[str]:
    """In no order of time; none while so few spoke that one could guess who."""
    if voices_of(consultation) < rule("small_group"):
        return []
    return list(consultation.opinions.order_by("pk").values_list("text", flat=True))


def voices_said(consultation: Consultation) -> str:
    few, heard = rule("small_group"), voices_of(consultation)
    return _("不到{n}人提了意见").format(n=few) if heard < few else _("{n}人提了意见").format(n=heard)


def planned_session(congress: Congress) -> Session | None:
    return congress.sessions.filter(state=Session.State.PLANNED).first()


def is_due(congress: Congress) -> bool:
    """A platform consults at least so often: the last one in force, or the term, began longer ago."""
    last = Consultation.objects.filter(congress=congress, published_on__isnull=False).order_by("-published_on").first()
    since = last.published_on if last else congress.starts_on
    return since is not None and add_months(since, rule("consultation_months")) < today()
