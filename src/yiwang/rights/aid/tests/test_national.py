"""The national file: its other columns on one page, the way out with a purpose, and the numbers that come back."""

import io

import pytest
from django.urls import reverse
from django.utils.translation import override
from docx import Document as WordDocument

from yiwang.platform.journal.models import JournalEntry
from yiwang.rights.aid import actions, errors, policies
from yiwang.rights.aid.models import AidFile
from yiwang.rights.aid.queries_national import missing_columns, national_of
from yiwang.rights.aid.tests.factories import applicant, filed, fill, make_file

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"aid:{name}", args=args)


def test_the_other_columns_are_written_on_one_page_and_printed_with_the_sheet(client_of, cast):
    file = fill(make_file(cast), cast.clerk)
    version = file.facts_version
    assert len(missing_columns(file)) == 9
    desk, me = client_of(cast.clerk), applicant(file).public_id
    with override("zh-hans"):
        assert "还缺" in desk.get(url("file-national", file.public_id)).text
        refused = desk.post(url("file-national", file.public_id), {"file-postcode": "2153000"})
        assert refused.status_code == 200
        sent = {
            "file-housing": "own",
            "file-address": "玉山镇青阳路",
            f"{me}-health": "kidney",
            f"{me}-ethnic": " 汉族 ",
        }
        desk.post(url("file-national", file.public_id), sent)
        file.refresh_from_db()
        household, members = national_of(file)
        paper = desk.get(url("file-paper", file.public_id))
    assert household == {"housing": "own", "address": "玉山镇青阳路"}
    assert members[me] == {"health": "kidney", "ethnic": "汉族"}
    assert len(missing_columns(file)) == 6
    assert file.facts_version == version
    cells = [c.text for t in WordDocument(io.BytesIO(paper.content)).tables for r in t.rows for c in r.cells]
    assert {"终末期肾病", "自购房", "汉族"} <= set(cells)
    assert client_of(cast.sibling_handler).get(url("file-national", file.public_id)).status_code == 404


def test_files_leave_with_full_numbers_a_purpose_and_a_trace(client_of, cast):
    file = filed(cast)
    desk = client_of(cast.handler)
    with override("en"):
        assert desk.post(url("national-export"), {"purpose": ""}).status_code == 200
        sheet = desk.post(url("national-export"), {"purpose": "季度上报"}).content.decode()
    lines = sheet.splitlines()
    assert lines[0].startswith("\ufeff档案编号,全国系统编号,困难类别,姓名")
    assert len(lines) == 1 + file.members.count()
    assert cast.wenjuan_person.id_number in lines[1]
    entry = JournalEntry.objects.get(name="aid.national_exported")
    assert (entry.data["purpose"], entry.data["rows"]) == ("季度上报", 3)
    with pytest.raises(errors.WordsNeeded):
        actions.export_national(AidFile.objects.all(), body=cast.county, purpose=" ", by=cast.handler)


def test_numbers_come_back_all_or_none(client_of, cast):
    file = filed(cast)
    desk = client_of(cast.handler)
    with override("zh-hans"):
        said = desk.post(url("national-numbers"), {"numbers": f"{file.number} QG-1\n999 QG-2\n{file.number}"}).text
        assert "999 QG-2" in said
        file.refresh_from_db()
        assert file.national_number == ""
        assert desk.post(url("national-numbers"), {"numbers": ""}).status_code == 200
        desk.post(url("national-numbers"), {"numbers": f"{file.number}，QG-1\n\n"})
        page = desk.get(url("national")).text
    file.refresh_from_db()
    assert file.national_number == "QG-1"
    assert "季度" not in page


def test_only_the_county_and_above_exchange_with_the_national_system(client_of, cast):
    assert policies.exchanging_body(cast.handler) == cast.county
    assert policies.exchanging_body(cast.town_officer) is None
    assert client_of(cast.town_officer).get(url("national")).status_code == 403
    assert client_of(cast.clerk).post(url("national-export"), {"purpose": "x"}).status_code == 403
