import json
import zlib
from collections.abc import Iterator
from typing import Any

from django.db import models

from yiwang.platform.jobs.models import JobRun
from yiwang.platform.ui.packing import pack, unpack


class ExportPart(models.Model):
    """Some thousand rows of a long list on its way to a file, until the file is made."""

    run = models.ForeignKey(JobRun, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    rows = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="export_part_is_once", fields=["run", "number"])]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"

    @staticmethod
    def packed(records: list[list[Any]]) -> bytes:
        text = json.dumps([[pack(value) for value in record] for record in records], ensure_ascii=False)
        return zlib.compress(text.encode())

    def records(self) -> Iterator[list[Any]]:
        for record in json.loads(zlib.decompress(bytes(self.rows))):
            yield [unpack(value) for value in record]
