"""Services whose cases are worked on in a wing's own file: the wing says which, and where its pages are."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Wing:
    """``desk`` and ``own`` give the address of the file of a case, for staff and for the applicant; or nothing."""

    desk: Callable[[int], str]
    own: Callable[[int], str]


WINGS: dict[str, Wing] = {}


def register_wing(codes: tuple[str, ...], wing: Wing) -> None:
    """Called from ``AppConfig.ready``: cases of these services are also recorded as ``FileWanted``."""
    WINGS.update(dict.fromkeys(codes, wing))


def desk_url(service: str, case_id: int) -> str:
    wing = WINGS.get(service)
    return wing.desk(case_id) if wing else ""


def own_url(service: str, case_id: int) -> str:
    wing = WINGS.get(service)
    return wing.own(case_id) if wing else ""
