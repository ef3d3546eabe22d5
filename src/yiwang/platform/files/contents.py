"""What a file is, told by its content; its name is only how people call it."""

import re
import unicodedata
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePath

import filetype
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from yiwang.platform.files.errors import FileRefused

HEAD = 8192
NAME_LENGTH = 100
IMAGES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/heic": "heic",
    "image/heif": "heif",
    "image/avif": "avif",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/tiff": "tif",
}
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC, XLS = "application/msword", "application/vnd.ms-excel"
OFFICE = {DOCX: "docx", XLSX: "xlsx", DOC: "doc", XLS: "xls"}
EXTENSIONS = {**IMAGES, PDF: "pdf", **OFFICE}
KINDS = {"image": frozenset(IMAGES), "pdf": frozenset({PDF}), "office": frozenset(OFFICE)}
KIND_NAMES = {
    "image": gettext_noop("照片（JPG、PNG、HEIC）"),
    "pdf": gettext_noop("PDF"),
    "office": gettext_noop("Word或Excel文件"),
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_MACROS = "_VBA_PROJECT".encode("utf-16-le")
# How programs and pages begin. These are refused whatever their name says.
DANGEROUS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", gettext_noop("Windows程序")),
    (b"\x7fELF", gettext_noop("程序")),
    (b"\xca\xfe\xba\xbe", gettext_noop("程序")),
    (b"\xcf\xfa\xed\xfe", gettext_noop("程序")),
    (b"\xce\xfa\xed\xfe", gettext_noop("程序")),
    (b"#!", gettext_noop("脚本")),
    (b"L\x00\x00\x00\x01\x14\x02\x00", gettext_noop("快捷方式")),
    (b"dex\n", gettext_noop("手机程序")),
    (b"\x00asm", gettext_noop("程序")),
)
MARKUP = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|script|svg|\?xml|body|iframe)", re.IGNORECASE)
ZIP_ENTRIES, ZIP_UNPACKED = 5_000, 200 * 1024 * 1024


@dataclass(frozen=True)
class Content:
    """What was found: the type by which the file is stored and served."""

    content_type: str

    @property
    def is_image(self) -> bool:
        return self.content_type in IMAGES

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.content_type]


def safe_name(name: str) -> str:
    """The name a person gave, without folders, controls and marks that make an ending read backwards (“gpj.exe”)."""
    base = PurePath(str(name).replace("\\", "/")).name
    plain = "".join(char for char in base if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    plain = " ".join(re.sub(r'[<>:"|?*/]', "_", plain).split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = plain, "", ""
    return f"{stem[: NAME_LENGTH - len(ending) - 1]}{dot}{ending}" or pgettext("a file without a name", "文件")


def named_for(name: str, content_type: str) -> str:
    """The name with the ending that the content has: “photo.heic” re-encoded is “photo.jpg”."""
    stem = name.rpartition(".")[0] if "." in name else name
    return f"{stem or name}.{EXTENSIONS[content_type]}"


def read_content(path: Path, name: str, accept: Collection[str]) -> Content:
    """The content, when it is of an accepted kind (``image``, ``pdf``, ``office``); else raises ``FileRefused``."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if not head:
        raise FileRefused(_("“{name}”是空的，里面什么也没有。请重新选一个。").format(name=name), reason="empty")
    found = _type_of(path, head)
    if found is None:
        _refuse_stranger(head, name, accept)
    assert found is not None
    allowed = frozenset().union(*(KINDS[kind] for kind in accept))
    if found not in allowed:
        message = _("“{name}”是{ending}文件，这里收不了。请上传{wanted}。")
        raise FileRefused(
            message.format(name=name, ending=EXTENSIONS[found].upper(), wanted=wanted(accept)), reason="type"
        )
    return Content(found)


def wanted(accept: Collection[str]) -> str:
    return pgettext("between kinds of files", "或").join(
        _(KIND_NAMES[kind]) for kind in ("image", "pdf", "office") if kind in accept
    )


def _type_of(path: Path, head: bytes) -> str | None:
    """None for what is dangerous or unknown."""
    if any(head.startswith(magic) for magic, _word in DANGEROUS) or MARKUP.match(head):
        return None
    # A PDF that is also something else is a PDF: it is stored, named and served as one, with sniffing forbidden.
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return PDF
    if head.startswith(OLE):
        return _old_office(path)
    if head.startswith(b"PK\x03\x04"):
        return _new_office(path)
    guessed = filetype.guess(head)
    mime = str(guessed.mime) if guessed is not None else ""
    return mime if mime in IMAGES else None


def _refuse_stranger(head: bytes, name: str, accept: Collection[str]) -> None:
    words = wanted(accept)
    for magic, word in DANGEROUS:
        if head.startswith(magic):
            message = _("“{name}”其实是{what}，不是照片或文件，没有收。请上传{wanted}。")
            raise FileRefused(message.format(name=name, what=_(word), wanted=words), reason="program")
    if MARKUP.match(head):
        message = _("“{name}”其实是网页代码，没有收。请上传{wanted}。")
        raise FileRefused(message.format(name=name, wanted=words), reason="markup")
    message = _("“{name}”打不开，看不出是什么文件。请上传{wanted}。")
    raise FileRefused(message.format(name=name, wanted=words), reason="unknown")


def _new_office(path: Path) -> str | None:
    """docx or xlsx without macros and of a sane size; None for any other archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError):
        return None
    names = {entry.filename for entry in entries}
    if len(entries) > ZIP_ENTRIES or sum(entry.file_size for entry in entries) > ZIP_UNPACKED:
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _old_office(path: Path) -> str | None:
    """doc or xls, told by the stream names in the file; None with macros or for other compound files."""
    has_word = has_sheet = False
    tail = b""
    with path.open("rb") as stream:
        while block := stream.read(1024 * 1024):
            window = tail + block
            if OLE_MACROS in window:
                return None
            has_word = has_word or "WordDocument".encode("utf-16-le") in window
            has_sheet = has_sheet or "Workbook".encode("utf-16-le") in window
            tail = block[-64:]
    if has_word:
        return DOC
    return XLS if has_sheet else None
