import pytest

from yiwang.platform.files import contents
from yiwang.platform.files.contents import DOC, DOCX, PDF, XLS, XLSX, named_for, read_content, safe_name, wanted
from yiwang.platform.files.errors import FileRefused

from . import factories as f

ALL = ("image", "pdf", "office")


def told(tmp_path, content, name="x.jpg", accept=ALL):
    path = tmp_path / "x"
    path.write_bytes(content)
    return read_content(path, name, accept)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (f.picture("JPEG"), "image/jpeg"),
        (f.picture("PNG"), "image/png"),
        (f.picture("WEBP"), "image/webp"),
        (f.picture("GIF"), "image/gif"),
        (f.picture("BMP"), "image/bmp"),
        (f.picture("TIFF"), "image/tiff"),
        (f.picture("HEIF"), "image/heic"),
        (f.PDF, PDF),
        (b"\xef\xbb\xbf\r\n" + f.PDF, PDF),
        (f.PDF + f.archive(a=b"x"), PDF),  # a PDF that is a zip too
        (f.word_file(), DOCX),
        (f.sheet_file(), XLSX),
        (f.OLE + "WordDocument".encode("utf-16-le"), DOC),
        (f.OLE + "Workbook".encode("utf-16-le"), XLS),
    ],
)
def test_type_is_told_by_the_content(tmp_path, content, found):
    assert told(tmp_path, content, name="whatever.exe").content_type == found


@pytest.mark.parametrize(
    ("content", "reason", "sentence"),
    [
        (b"", "empty", "“x.jpg”是空的"),
        (
            f.EXE,
            "program",
            "“x.jpg”其实是Windows程序，不是照片或文件，没有收。请上传照片（JPG、PNG、HEIC）或PDF或Word或Excel文件。",
        ),
        (b"\x7fELF" + b"\0" * 50, "program", "其实是程序"),
        (b"#!/bin/sh\n", "program", "其实是脚本"),
        (b"<script>alert(1)</script>", "markup", "其实是网页代码"),
        (b"\xef\xbb\xbf <!DOCTYPE html>", "markup", "其实是网页代码"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "markup", "其实是网页代码"),
        (b"MZ" + f.PDF, "program", "其实是Windows程序"),
        (b"just words", "unknown", "看不出是什么文件"),
        (f.archive(a=b"x"), "unknown", "看不出是什么文件"),
        (b"PK\x03\x04broken", "unknown", "看不出是什么文件"),
        (f.word_file("word/vbaProject.bin"), "unknown", "看不出是什么文件"),
        (f.archive(**{"[Content_Types].xml": b"x"}), "unknown", "看不出是什么文件"),
        (f.OLE, "unknown", "看不出是什么文件"),
        (f.OLE + "WordDocument_VBA_PROJECT".encode("utf-16-le"), "unknown", "看不出是什么文件"),
    ],
)
def test_what_is_not_a_photo_or_paper_is_refused_with_a_sentence(tmp_path, content, reason, sentence):
    with pytest.raises(FileRefused, match=sentence) as refusal:
        told(tmp_path, content)

    assert refusal.value.reason == reason


def test_a_good_file_of_another_kind_says_what_is_wanted(tmp_path):
    with pytest.raises(FileRefused, match="是PDF文件，这里收不了。请上传照片（JPG、PNG、HEIC）。"):
        told(tmp_path, f.PDF, accept=("image",))


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "ZIP_UNPACKED", 3)

    with pytest.raises(FileRefused):
        told(tmp_path, f.word_file())


def test_macros_on_the_edge_of_two_blocks_are_found(tmp_path):
    gap = b"\0" * (1024 * 1024 - len(f.OLE) - 8)

    with pytest.raises(FileRefused):
        told(tmp_path, f.OLE + gap + "WordDocument_VBA_PROJECT".encode("utf-16-le"))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("单据.jpg", "单据.jpg"),
        ("C:\\Users\\我\\单据.jpg", "单据.jpg"),
        ("../../etc/passwd", "passwd"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ('a"<b>.pdf', "a__b_.pdf"),
        ("𠮷㐂·😀.png", "𠮷㐂·😀.png"),
        ("", "文件"),
        ("...", "文件"),
        ("长" * 200 + ".jpeg", "长" * 95 + ".jpeg"),
        ("no.thisisnotanending", "no.thisisnotanending"),
    ],
)
def test_names_are_kept_as_far_as_they_are_safe(name, safe):
    assert safe_name(name) == safe


def test_name_takes_the_ending_of_its_content():
    assert named_for("IMG_1.heic", "image/jpeg") == "IMG_1.jpg"
    assert named_for("单据", PDF) == "单据.pdf"
    assert wanted(["pdf"]) == "PDF"
