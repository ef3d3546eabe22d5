import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from yiwang.platform.jobs.inline import run_queued
from yiwang.platform.jobs.models import JobRun
from yiwang.register.imports.library.columns import LANDMARKS
from yiwang.register.imports.library.sheets import read_sheet
from yiwang.register.imports.models import ImportBatch
from yiwang.register.imports.policies import visible_to
from yiwang.register.imports.tests.factories import as_xlsx
from yiwang.register.members.models import Membership

pytestmark = pytest.mark.django_db

LIST = reverse("imports:batch-list")


def url(name: str, batch: ImportBatch) -> str:
    return reverse(f"imports:batch-{name}", args=[batch.public_id])


@pytest.fixture
def browser(client_of, clerk):
    return client_of(clerk)


@pytest.fixture
def upload(browser):
    def send(rows, name="名册.xlsx", content=None):
        response = browser.post(LIST, {"file": SimpleUploadedFile(name, content or as_xlsx(rows))})
        assert response.status_code == 302
        return ImportBatch.objects.latest("pk")

    return send


def members() -> int:
    return Membership.objects.filter(person__name__startswith="王").count()


def test_the_whole_way_on_pages(browser, upload, rows_of):
    batch = upload([*rows_of(2), *rows_of(1, start=9, phone="12351")])
    page = browser.get(url("detail", batch)).text
    assert "检查名册：名册.xlsx" in page
    assert "写入名册" not in page
    run_queued()

    page = browser.get(url("detail", batch)).text
    assert "可以写入2行" in page
    assert "这不是手机号" in page  # the tab that needs eyes stands first
    assert "1391" not in page
    assert "只导入没有问题的行，另外1行先不导入" in page
    page = browser.get(url("detail", batch), {"tab": "new"}).text
    assert "320***********" in page

    page = browser.post(url("apply", batch), follow=True).text
    assert "有1行不能导入" in page
    browser.post(url("apply", batch), {"leave_out": "on"})
    run_queued()
    assert members() == 2
    assert "已写入" in browser.get(url("detail", batch)).text

    assert "请写明为什么撤回" in browser.post(url("undo", batch), follow=True).text
    browser.post(url("undo", batch), {"reason": "传错了"})
    run_queued()
    assert members() == 0
    assert "已撤回" in browser.get(url("detail", batch)).text


def test_the_same_file_again_says_when_it_was_written(browser, upload, rows_of):
    content = as_xlsx(rows_of(1))  # a workbook holds the second it was made in, so the bytes are made once
    batch = upload((), content=content)
    run_queued()
    browser.post(url("apply", batch))
    run_queued()

    again = upload((), content=content)
    run_queued()

    page = browser.get(url("detail", again)).text
    assert "写入过" in page
    assert "写入名册</button>" not in page


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "文件是空的"), (b"\x89PNG", "这不是表格文件"), ("姓名,部门\na,b\n".encode(), "没有找到表头")],
)
def test_a_file_that_is_no_roster_is_refused_on_the_same_page(browser, content, words):
    response = browser.post(LIST, {"file": SimpleUploadedFile("a.xlsx", content)})

    assert response.status_code == 200
    assert words in response.text
    assert ImportBatch.objects.count() == 0


def test_no_file_and_too_large_a_file_are_refused(browser, monkeypatch):
    assert "请选一个文件" in browser.post(LIST).text
    monkeypatch.setattr("yiwang.register.imports.forms.LARGEST_FILE", 3)
    assert "50MB" in browser.post(LIST, {"file": SimpleUploadedFile("a.csv", b"abcdef")}).text


def test_the_template_reads_as_our_layout(browser):
    content = browser.get(reverse("imports:template-download")).content

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["会员名册", "可以填的词"]
    assert book.get_sheet_by_index(0).to_python()[0][1:4] == ["姓名*", "证件类型*", "证件号码*"]
    assert "劳务派遣" in str(book.get_sheet_by_index(1).to_python())


def test_refused_rows_can_be_corrected_and_sent_again(browser, upload, rows_of):
    batch = upload([*rows_of(1), *rows_of(1, start=2, phone="12351", id_number="320102199001010011")])
    run_queued()

    content = browser.get(url("refused", batch)).content

    sheet = read_sheet(content, landmarks=LANDMARKS)
    (row,) = sheet.rows
    said = dict(zip(sheet.header, row.cells, strict=False))
    assert (said["手机号码"], said["证件号码"], said["原来的行"]) == ("12351", "320102199001010011", "3")
    assert "校验位对不上" in said["原因"]
    assert "这不是手机号" in said["原因"]


def test_a_waiting_file_can_be_thrown_away(browser, upload, rows_of):
    batch = upload(rows_of(1))
    run_queued()

    assert "已放弃" in browser.post(url("discard", batch), follow=True).text
    assert "不能变成" in browser.post(url("discard", batch), follow=True).text


def test_an_import_is_its_importers_alone(client_of, upload, rows_of, handler, clerk):
    batch = upload(rows_of(1))
    run_queued()
    other = client_of(handler)

    assert client_of(clerk).get(url("detail", batch)).status_code == 200
    for name in ("detail", "refused"):
        assert other.get(url(name, batch)).status_code == 404
    for name in ("apply", "undo", "discard"):
        assert other.post(url(name, batch), {"reason": "x", "leave_out": "on"}).status_code == 404
    assert batch.file_name not in other.get(LIST).text
    assert members() == 0


@pytest.mark.parametrize("who", ["wenjuan", "leader", "auditor", "hotline"])
def test_who_may_not_import_sees_nothing(client_of, upload, rows_of, who, request):
    batch = upload(rows_of(1))
    browser = client_of(request.getfixturevalue(who))

    for address in (LIST, url("detail", batch), url("refused", batch), reverse("imports:template-download")):
        assert browser.get(address).status_code in (403, 404)
    assert browser.post(LIST, {"file": SimpleUploadedFile("a.xlsx", as_xlsx(rows_of(1)))}).status_code in (403, 404)
    assert ImportBatch.objects.count() == 1


def test_nobody_imports_without_signing_in(client, upload, rows_of):
    batch = upload(rows_of(1))

    for address in (LIST, url("detail", batch)):
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("size", [1, 60])
def test_a_batch_page_costs_the_same_whatever_its_size(browser, upload, rows_of, size, django_assert_max_num_queries):
    batch = upload(rows_of(size))
    run_queued()

    with django_assert_max_num_queries(20):
        page = browser.get(url("detail", batch), {"tab": "new", "page": "1"}).text
    assert page.count("320***********") == min(size, 50)
    assert ("下一页" in page) == (size > 50)
    if size > 50:
        assert "上一页" in browser.get(url("detail", batch), {"tab": "new", "page": "2"}).text


def test_a_shared_telephone_is_pointed_out(browser, upload, rows_of):
    batch = upload(rows_of(6, phone="13900000000"))
    run_queued()

    assert "有6行用同一个手机号（从第2行起）" in browser.get(url("detail", batch)).text


def test_columns_that_are_not_ours_are_told(browser, rows_of, unit):
    content = as_xlsx(rows_of(1)).replace(b"", b"")
    assert content
    batch = ImportBatch.objects.create(file_name="a", sha256="x", strange_columns=["微信号"], state="staged", by=None)
    ImportBatch.objects.filter(pk=batch.pk).update(by=browser.session["_auth_user_id"])

    assert "没有读：微信号" in browser.get(url("detail", batch)).text


def test_a_stopped_import_offers_to_go_on(browser, upload, rows_of):
    batch = upload(rows_of(1))
    JobRun.objects.update(state="cancelled", finished_at=batch.created_at)

    assert "放弃这个文件" in browser.get(url("detail", batch)).text


def test_who_may_not_import_has_no_batches(wenjuan, clerk, upload, rows_of):
    batch = upload(rows_of(1))

    assert list(visible_to(clerk)) == [batch]
    assert list(visible_to(wenjuan)) == []
