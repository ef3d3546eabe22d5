"""The lists of households of RI 1.15 as spreadsheets."""

import io

import pytest
from django.urls import reverse
from python_calamine import load_workbook

from yiwang.rights.aid.models import AidFile
from yiwang.rights.aid.tests.factories import DAY, filed

pytestmark = pytest.mark.django_db


def test_the_two_rolls_hold_the_figures_of_the_last_decision_with_masked_numbers(client_of, cast):
    file = filed(cast)
    browser = client_of(cast.handler)

    def sheet(kind):
        answer = browser.get(reverse("aid:roll", args=[kind]))
        return load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()

    heads, row = sheet("file")
    told = dict(zip(heads, row, strict=True))
    assert told["姓名"] == "周文娟"
    assert "*" in told["身份证号"]
    assert (told["家庭人口"], told["上学的人数"]) == ("3", "1")
    assert (told["每人每月剩（元）"], told["看病自己付的（元）"], told["救助金额（元）"]) == (
        "388.22",
        "11,000.00",
        "35,160.00",
    )
    assert len(sheet("edge")) == 1
    next_county = client_of(cast.sibling_handler).get(reverse("aid:roll", args=["file"]))
    assert len(load_workbook(io.BytesIO(next_county.content)).get_sheet_by_index(0).to_python()) == 1
    AidFile.objects.filter(pk=file.pk).update(
        state="refused", file_class="edge", closed_on=DAY, close_reason="高于标准"
    )
    assert [len(sheet("file")), len(sheet("edge"))] == [1, 2]
    assert browser.get(reverse("aid:roll", args=["other"])).status_code == 404
