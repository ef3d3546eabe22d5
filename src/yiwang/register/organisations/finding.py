"""How bodies are found by the search: name, place names above, code, pinyin."""

from collections.abc import Iterable, Iterator, Mapping

from yiwang.platform.text.library import Entry, pinyin_keys
from yiwang.register.organisations.formulas import place_of

KIND = "organisation"


def trail(names: Iterable[str]) -> str:
    """“苏州市 · 昆山市”: the places above a body, without the root, which stands above all and so says nothing."""
    return " · ".join(place_of(name) for name in list(names)[1:])


def entry(
    *,
    public_id: str,
    name: str,
    short_name: str,
    code: str,
    path: str,
    level: int,
    above: Iterable[str],
    keys: tuple[str, str],
    division_code: str = "",
) -> Entry:
    """What the search knows of one body; ``above`` are the names of its ancestors from the root down."""
    places = trail(above)
    return Entry(
        kind=KIND,
        object_id=public_id,
        title=name,
        body=" ".join(filter(None, (short_name, places, code, division_code))),
        detail=places,
        scope_path=path,
        public=True,
        weight=10 - level,
        readings=(keys if keys[0] else pinyin_keys(name),),
    )


def names_above(path: str, names: Mapping[str, str]) -> Iterator[str]:
    """The names of the ancestors of a node, from the root down, given names by label."""
    return (names[label] for label in path.split(".")[:-1])
