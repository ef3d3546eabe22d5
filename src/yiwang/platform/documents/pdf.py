"""PDF by typst: our page templates, data as plain values. No network, no system fonts, archival PDF/A-2u."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from yiwang.platform.documents.fonts import fonts, printable
from yiwang.platform.documents.words import clean_words

TEMPLATES = Path(__file__).parent / "typst"


def render_pdf(template: str, data: Mapping[str, Any], *, at: dt.datetime | None = None) -> bytes:
    """The PDF of ``typst/<template>.typ`` for ``data``, which the template reads as JSON.

    Values reach typst as strings and are set as text: nothing a person typed is ever read as markup.
    ``at`` is the time written into the file; the same data and time give the same bytes.
    """
    return _compile(template, data, "pdf", at)[0]


def render_pages(template: str, data: Mapping[str, Any], *, ppi: float = 96) -> list[bytes]:
    """The same pages as PNG, for a preview."""
    return _compile(template, data, "png", None, ppi=ppi)


def _compile(
    template: str, data: Mapping[str, Any], format: str, at: dt.datetime | None, ppi: float | None = None
) -> list[bytes]:
    source = TEMPLATES / f"{template}.typ"
    if source.parent != TEMPLATES or not source.exists():
        raise LookupError(f"documents/typst has no “{template}.typ”")
    plain = json.dumps(clean_words(data, printable), ensure_ascii=False)
    compiler = typst.Compiler(str(source), root=str(TEMPLATES), font_paths=fonts(), sys_inputs={"data": plain})
    if format == "pdf":
        made = compiler.compile(format="pdf", pdf_standards="a-2u", timestamp=at.replace(microsecond=0) if at else None)
    else:
        made = compiler.compile(format="png", ppi=ppi)
    return made if isinstance(made, list) else [made or b""]
