"""Letters on paper, printed from what was frozen when they were issued."""

from yiwang.net.cases.models import Letter
from yiwang.platform.documents.actions import make_letter

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def printed(letter: Letter, form: str) -> bytes:
    paper = make_letter(letter.kind, letter.context, at=letter.issued_at)
    return paper.pdf if form == "pdf" else paper.docx
