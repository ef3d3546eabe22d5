"""Which event causes what: every cause and effect across apps is on this page."""

from collections.abc import Callable

from yiwang.platform.journal.events import Event

REACTIONS: dict[type[Event], tuple[Callable[..., None], ...]] = {}
