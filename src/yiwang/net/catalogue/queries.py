"""Reads of the catalogue. Published versions never change, so a web process keeps their parsed definitions."""

from yiwang.net.catalogue.errors import ServiceUnavailable
from yiwang.net.catalogue.models import Service, ServiceVersion, ServiceVersionQuerySet


def published(*, paths: list[str] | None = None) -> ServiceVersionQuerySet:
    """What can be asked for now: federation-wide items, and local items of the bodies on ``paths``."""
    offered = Service.objects.offered_at(paths or [])
    return (
        ServiceVersion.objects.published()
        .filter(service__in=offered)
        .select_related("service", "service__owner")
        .order_by("service__position", "service__code")
    )


def current_version(code: str) -> ServiceVersion:
    """The published version of a service, local or not. Raises ``ServiceUnavailable``."""
    found = ServiceVersion.objects.published().filter(service__code=code).select_related("service", "service__owner").first()
    if found is None:
        raise ServiceUnavailable(code)
    return found
