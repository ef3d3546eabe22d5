"""Which rows of a batch somebody chose to write."""

from dataclasses import dataclass
from typing import Self

import polars as pl
from django.db.models import Q, QuerySet

from yiwang.register.imports.models import ImportBatch, StagedRow


@dataclass(frozen=True)
class Selection:
    """Kinds of rows and stretches of line numbers; empty means all."""

    verdicts: tuple[str, ...] = ()
    ranges: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, batch: ImportBatch) -> Self:
        said = batch.selection
        ranges = tuple((int(low), int(high)) for low, high in said.get("ranges", []))
        return cls(tuple(said.get("verdicts", [])), ranges)

    def takes(self, verdict: str) -> bool:
        return not self.verdicts or verdict in self.verdicts

    def narrow(self, rows: pl.DataFrame) -> pl.DataFrame:
        if not self.ranges:
            return rows
        return rows.filter(pl.any_horizontal(pl.col("number").is_between(low, high) for low, high in self.ranges))

    def narrow_rows(self, rows: "QuerySet[StagedRow]") -> "QuerySet[StagedRow]":
        chosen = Q()
        for low, high in self.ranges:
            chosen |= Q(number__gte=low, number__lte=high)
        return rows.filter(chosen, verdict__in=self.verdicts) if self.verdicts else rows.filter(chosen)
