"""Sheets by column, in portions, so that a file of a million rows needs no more memory than its bytes."""

from collections.abc import Iterator
from itertools import islice

import polars as pl

from yiwang.register.imports.library.sheets import NUMBER, Line, Sheet, Text, padded, pieces


def portions(sheet: Sheet, *, after: int, size: int) -> Iterator[pl.DataFrame]:
    """Lines below number ``after`` as text: a column ``number`` and one for each place of the header."""
    width, start, source = len(sheet.header), max(sheet.first, after + 1), sheet.source
    if isinstance(source, Text) and source.is_plain:
        frames = _cut(source, width=width, start=start, size=size)
    else:
        frames = _framed(islice(source.lines(), start - 1, None), width=width, start=start, size=size)
    for frame in frames:
        texts = pl.all().exclude(NUMBER)
        told = frame.with_columns(texts.fill_null("").str.strip_chars())
        yield told.filter(pl.any_horizontal(texts != ""))


def _cut(source: Text, *, width: int, start: int, size: int) -> Iterator[pl.DataFrame]:
    number = 1
    for piece in pieces(source.content):
        lines = piece.decode(source.encoding).split("\n")[:-1]
        wanted = lines[max(start - number, 0) :]
        at = number + len(lines) - len(wanted)
        for place in range(0, len(wanted), size):
            yield _split(wanted[place : place + size], source.delimiter, width=width, start=at + place)
        number += len(lines)


def _split(lines: list[str], delimiter: str, *, width: int, start: int) -> pl.DataFrame:
    cells = pl.Series(lines, dtype=pl.String).str.split_exact(delimiter, max(width - 1, 1)).struct.unnest()
    named = cells.rename({f"field_{place}": str(place) for place in range(len(cells.columns))})
    numbers = pl.int_range(start, start + len(lines), dtype=pl.Int64, eager=True).alias(NUMBER)
    return named.select(numbers, *(str(place) for place in range(width)))


def _framed(lines: Iterator[Line], *, width: int, start: int, size: int) -> Iterator[pl.DataFrame]:
    schema = {NUMBER: pl.Int64, **{str(place): pl.String for place in range(width)}}
    while portion := list(islice(lines, size)):
        data = [(number, *padded(line, width)[:width]) for number, line in enumerate(portion, start)]
        yield pl.DataFrame(data, schema=schema, orient="row")
        start += len(portion)
