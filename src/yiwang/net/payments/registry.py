"""Who asks for payments, and whether what they asked for may still be paid."""

from collections.abc import Callable, Sequence

# source -> (its record ids) -> {id: the sentence why it may not be paid now}
Doubts = Callable[[Sequence[int]], dict[int, str]]
DOUBTS: dict[str, Doubts] = {}


def register_source(source: str, doubts: Doubts) -> None:
    """Called from ``AppConfig.ready``: before a batch is locked and sent, the source looks at its records again."""
    DOUBTS[source] = doubts


def doubts_about(source: str, ids: Sequence[int]) -> dict[int, str]:
    doubts = DOUBTS.get(source)
    return doubts(ids) if doubts else {}
