import datetime as dt
import io
from decimal import Decimal

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db.models import F, Value
from django.test import RequestFactory
from django.utils import timezone
from python_calamine import load_workbook

from yiwang.kernel.states import move
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.ui.actions import add_part, start_export
from yiwang.platform.ui.clockface import ClockFace
from yiwang.platform.ui.parts import Badge
from yiwang.platform.ui.spreadsheets import neutral
from yiwang.platform.ui.tables import (
    BadgeColumn,
    BulkMove,
    ChoiceFilter,
    ClockColumn,
    Column,
    DayColumn,
    DayFilter,
    LinkColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    SearchFilter,
    SwitchFilter,
    Table,
    keys,
    table_page,
)
from yiwang.platform.ui.tables.filters import Filter
from yiwang.register.accounts.models import User

pytestmark = pytest.mark.django_db


class PeopleTable(Table):
    name = "people"
    label = "人员"
    order = "name"
    tie = "public_id"
    page_size = 2
    unit = "人"
    columns = [
        LinkColumn(
            "name",
            "姓名",
            sort="name",
            url=lambda u: f"/p/{u.public_id}/",
            caption=lambda u: u.phone,
            is_optional=False,
        ),
        MomentColumn("last_login", "上次登录", sort="-last_login"),
        Column("language", "语言", is_shown=False),
    ]
    filters = [
        SearchFilter(label="姓名", apply="name__contains"),
        ChoiceFilter("language", "语言", options=[("zh-hans", "中文"), ("en", "英文")]),
        SwitchFilter("elder", "长辈版", apply="elder_mode"),
        DayFilter("since", "注册不早于", apply="created_at__date__gte"),
    ]
    bulk = [BulkMove("stop", "停用", "/stop/"), BulkMove("call", "打电话", "/call/")]

    def moves_of(self, row):
        return {"call"} if row.name == "甲" else {"call", "stop"}


def people(*names, **fields):
    return [User.objects.create(name=name, **fields) for name in names]


def table(query="", cls=PeopleTable, rows=None):
    request = RequestFactory().get(f"/list/{query}")
    request.session = SessionStore()
    return cls(request, User.objects.all() if rows is None else rows)


def follow(url, cls=PeopleTable):
    return table(url.removeprefix("/list/"), cls)


def names(one):
    return [user.name for user in one.records]


def test_pages_walk_by_key_there_and_back_and_meet_every_row_once():
    people("c", "a", "e", "b", "d")

    first = table()
    second = follow(first.next_url)
    third = follow(second.next_url)
    back = follow(third.previous_url)
    home = follow(back.previous_url)

    assert [names(one) for one in (first, second, third)] == [["a", "b"], ["c", "d"], ["e"]]
    assert names(back) == ["c", "d"]
    assert names(home) == ["a", "b"]
    assert (first.previous_url, third.next_url) == ("", "")
    assert home.url() == "/list/"


def test_pages_say_which_rows_they_show():
    people("a", "b", "c", "d", "e")

    first = table()
    second = follow(first.next_url)
    third = follow(second.next_url)

    assert [first.range_text, second.range_text, third.range_text] == ["1–2，共5人", "3–4，共5人", "5–5，共5人"]
    assert follow(third.previous_url).range_text == "3–4，共5人"
    assert first.live_text == "已列出5人"


def test_equal_keys_are_parted_by_the_tie():
    people("a", "a", "a", "a", "a")

    seen = []
    one = table()
    while True:
        seen += [user.public_id for user in one.records]
        if not one.next_url:
            break
        one = follow(one.next_url)

    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("sort", ["last_login", "-last_login"])
def test_empty_values_come_last_in_both_orders_and_both_ways(sort):
    day = timezone.now()
    people("none1", "none2")
    people("old", last_login=day - dt.timedelta(days=9))
    people("new", last_login=day)
    wanted = {"last_login": ["old", "new"], "-last_login": ["new", "old"]}[sort]

    first = table(f"?sort={sort}")
    second = follow(first.next_url)

    assert names(first) == wanted
    assert sorted(names(second)) == ["none1", "none2"]
    assert second.next_url == ""
    third_back = follow(second._page_url(second.records[0], 3, backwards=True))
    assert names(third_back) == wanted


def test_a_page_starting_from_an_empty_value_goes_on_and_back():
    people("n1", "n2", "n3", "n4")
    people("seen", last_login=timezone.now())

    first = table("?sort=last_login")
    second = follow(first.next_url)
    third = follow(second.next_url)
    back = follow(third._page_url(third.records[0], 5, backwards=True))

    assert names(first)[0] == "seen"
    assert len({*names(first), *names(second), *names(third)}) == 5
    assert names(back) == names(second)


def test_an_annotation_can_be_sorted_and_paged():
    people("a", "b", "c")
    rows = User.objects.annotate(twice=F("name"))

    class Twice(PeopleTable):
        order = "-twice"
        columns = [Column("name", "姓名", sort="twice")]

    first = table(cls=Twice, rows=rows)
    second = table(first.next_url.removeprefix("/list/"), Twice, rows)

    assert [names(first), names(second)] == [["c", "b"], ["a"]]


def test_a_place_in_the_url_is_sealed_and_nonsense_starts_at_the_head():
    people("a", "b", "c")
    first = table()

    assert first.next_url != table().next_url
    assert names(follow(first.next_url[:-4])) == ["a", "b"]
    assert names(table("?at=%00")) == ["a", "b"]
    assert names(table(f"?at={'x' * 3000}")) == ["a", "b"]
    assert names(table(f"?at={keys.seal(keys.Place(['a'], 1))}")) == ["a", "b"]


@pytest.mark.parametrize(
    "value",
    [None, 3, "甲", True, dt.date(2026, 1, 2), dt.datetime(2026, 1, 2, 3, tzinfo=dt.UTC), Decimal("1.50")],
)
def test_a_sealed_place_gives_back_its_values(value):
    assert keys.unseal(keys.seal(keys.Place([value], 4, True)), 1) == keys.Place([value], 4, True)


def test_a_value_of_an_unknown_kind_is_sealed_as_text():
    assert keys.unseal(keys.seal(keys.Place([Badge("x")], 1)), 1).values == [str(Badge("x"))]


def test_filters_narrow_and_show_as_chips_that_can_be_cleared():
    people("甲", "乙", language="en")
    people("丙")

    one = table("?language=en&elder=&q=")
    chip = one.chips[0]

    assert sorted(names(one)) == ["乙", "甲"]
    assert (chip.text, chip.clear_url) == ("英文", "/list/")
    assert one.clear_url == "/list/"
    assert table("?q=丙").url(language="en") == "/list/?q=%E4%B8%99&language=en"


def test_filters_that_mean_nothing_are_not_applied():
    people("甲", language="en")

    one = table("?language=fr&elder=maybe&since=yesterday&sort=password&q=%20")

    assert (one.given, one.sort, one.clear_url) == ({}, "name", "")
    assert names(one) == ["甲"]


def test_switches_and_days_narrow():
    people("甲", elder_mode=True)
    people("乙")

    assert names(table("?elder=1")) == ["甲"]
    assert names(table("?since=2999-01-01")) == []
    assert sorted(names(table("?since=2020-01-01"))) == ["乙", "甲"]
    assert [chip.text for chip in table("?elder=1&since=2020-01-01").chips] == ["", "是", "2020-01-01"]


def test_a_filter_may_be_a_function_and_options_may_be_late():
    people("甲", "乙")

    class Late(PeopleTable):
        filters = [
            ChoiceFilter(
                "who", "谁", options=lambda: [("x", "是甲")], apply=lambda rows, _value: rows.filter(name="甲")
            ),
            SwitchFilter("last", "末位", apply=lambda rows, _value: rows.filter(name="乙")),
            Filter("name", "名"),
        ]

    assert names(table("?who=x", Late)) == ["甲"]
    assert names(table("?last=1", Late)) == ["乙"]
    assert names(table("?name=乙", Late)) == ["乙"]
    assert Late.filters[2].text_of("乙") == "乙"


def test_other_parameters_of_the_page_are_kept():
    one = table("?tab=open&language=en&at=old")

    assert one.url(language=None) == "/list/?tab=open"
    assert ("tab", "open") in one.hidden
    assert ("language", "en") in one.hidden


def test_heads_turn_the_order():
    one = table("?sort=-name")

    assert [(column.key, url, sorted_) for column, url, sorted_ in one.heads] == [
        ("name", "/list/?sort=name", "descending"),
        ("last_login", "/list/?sort=-last_login", "none"),
    ]
    assert table().heads[0][1:] == ("/list/?sort=-name", "ascending")


def test_the_order_is_carried_by_forms_only_when_it_is_not_the_usual():
    assert ("sort", "-name") in table("?sort=-name").hidden
    assert table().hidden == []


def test_a_reader_chooses_columns_but_keeps_those_that_must_stay():
    request = RequestFactory().get("/list/")
    request.session = SessionStore()
    request.session["ui_columns"] = {"people": ["language"]}

    one = PeopleTable(request, User.objects.all())

    assert [column.key for column in one.shown_columns] == ["name", "language"]
    assert [(column.key, shown) for column, shown in one.column_choices] == [("last_login", False), ("language", True)]


def test_rows_carry_the_moves_they_allow_and_never_a_database_id():
    user, _other = people("甲", "乙")

    first, second = table().rows

    assert (first.ident, first.moves, first.label) in [
        (user.public_id, "call", "选甲"),
        (_other.public_id, "call stop", "选乙"),
    ]
    assert {first.moves, second.moves} == {"call", "call stop"}


def test_a_table_without_bulk_moves_has_no_box_to_tick():
    people("甲")

    class Plain(PeopleTable):
        bulk = []

    one = table(cls=Plain)

    assert (one.rows[0].ident, one.width) == ("", 2)
    assert table().width == 3


def test_counting_stops_where_the_number_helps_nobody(monkeypatch):
    people("a", "b", "c")
    monkeypatch.setattr("yiwang.platform.ui.tables.table.COUNT_UP_TO", 2)

    assert table().total_text == "2人以上"


def test_no_page_is_longer_than_fifty_rows():
    people(*[f"{n:03}" for n in range(60)])

    class Long(PeopleTable):
        page_size = 500

    assert len(table(cls=Long).records) == 50


def test_a_long_list_costs_the_same_queries_as_a_short_one(django_assert_num_queries):
    people("a")
    with django_assert_num_queries(2):
        one = table()
        assert len(one.rows) == 1
        assert one.range_text
    people("b", "c")
    with django_assert_num_queries(2):
        one = table()
        assert len(one.rows) == 2
        assert one.range_text


def test_export_writes_what_is_filtered_sorted_and_shown():
    people("乙", "甲", "=SUM(A1)")
    people("外", language="en")

    csv = table("?export=csv&language=zh-hans&sort=-name").exported()
    book = load_workbook(io.BytesIO(table("?export=xlsx").exported().content))

    lines = csv.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "姓名,上次登录"
    assert set(lines[1:]) == {"甲,", "乙,", "'=SUM(A1),"}
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0] == ["姓名", "上次登录"]
    assert "=SUM(A1)" in [row[0] for row in rows]
    assert csv["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E4%BA%BA%E5%91%98-")


def test_an_empty_export_still_has_its_heads():
    assert table("?export=csv").exported().content.decode("utf-8-sig").splitlines()[0] == "姓名,上次登录"
    assert load_workbook(io.BytesIO(table("?export=xlsx").exported().content)).get_sheet_by_index(0).to_python()[0] == [
        "姓名",
        "上次登录",
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_texts_that_would_run_as_formulas_are_made_texts(start):
    assert neutral(f"{start}cmd") == f"'{start}cmd"
    assert neutral("a=b") == "a=b"
    assert neutral(-5) == -5


def test_a_table_page_answers_with_the_file_and_tells_of_it():
    people("甲")
    told = []
    request = RequestFactory().get("/list/?export=csv")
    request.session = SessionStore()

    answer = table_page(request, "none.html", PeopleTable(request, User.objects.all()), on_export=told.append)

    assert answer["Content-Type"].startswith("text/csv")
    assert len(told) == 1
    request.user = User.objects.get()
    assert table_page(request, "none.html", PeopleTable(request, User.objects.all())).status_code == 200


def test_a_table_that_may_not_be_exported_is_not():
    class Shut(PeopleTable):
        can_export = False

    assert not table("?export=csv", Shut).wants_export
    assert not table("?export=exe").wants_export
    assert table("?export=csv").wants_export


def test_columns_draw_and_export_their_kinds():
    moment = dt.datetime(2026, 11, 25, 1, 30, tzinfo=dt.UTC)
    row = type("Row", (), {})()
    row.n, row.money, row.day, row.at, row.none = 12480, Decimal("1.5"), dt.date(2020, 1, 2), moment, None
    row.face, row.badge = ClockFace("run", 1, 4, "还剩3天", "11-25"), Badge("已受理", "info", "file-check")
    row.boss, row.call = type("Boss", (), {"name": "刘芳"})(), lambda: "来了"

    assert NumberColumn("n", "").html(row) == "12,480"
    assert (MoneyColumn("money", "").html(row), MoneyColumn("money", "").plain(row)) == ("1.50", 1.5)
    assert MoneyColumn("none", "").plain(row) is None
    assert (DayColumn("day", "").html(row), DayColumn("day", "").plain(row)) == ("2020-01-02", dt.date(2020, 1, 2))
    assert DayColumn("none", "").plain(row) is None
    assert MomentColumn("at", "").plain(row) == dt.datetime(2026, 11, 25, 9, 30)
    assert MomentColumn("none", "").plain(row) is None
    assert (ClockColumn("face", "").plain(row), ClockColumn("none", "").plain(row)) == ("还剩3天 11-25", "")
    assert "还剩3天" in ClockColumn("face", "").html(row)
    assert ClockColumn("none", "").html(row) == ""
    assert BadgeColumn("badge", "").plain(row) == "已受理"
    assert BadgeColumn("none", "").plain(row) == ""
    assert "已受理" in BadgeColumn("badge", "").html(row)
    assert Column("x", "", read="boss.name").html(row) == "刘芳"
    assert Column("x", "", read="boss.nobody.name").html(row) == "—"
    assert Column("x", "", read="call").plain(row) == "来了"
    assert Column("x", "", read="boss").plain(row) == str(row.boss)
    assert LinkColumn("n", "").html(row) == '<span class="ttl">12480</span>'


def test_a_link_that_opens_beside_the_list_is_still_a_link():
    row = type("Row", (), {"title": "<b>"})()

    html = LinkColumn("title", "", url=lambda _row: "/c/1/", aside=True).html(row)

    assert 'href="/c/1/"' in html
    assert 'hx-target="#aside"' in html
    assert "&lt;b&gt;" in html


def test_keys_know_which_fields_may_be_empty():
    assert keys.key_of(User, "-last_login") == keys.Key("last_login", True, True)
    assert keys.key_of(User, "name") == keys.Key("name", False, False)
    assert keys.key_of(User, "notice_acceptances__version").may_be_null
    assert keys.key_of(User, "annotated").may_be_null
    assert keys.key_of(User, "pk") == keys.Key("pk", False, False)


def test_a_total_may_be_annotated_without_disturbing_the_list():
    people("甲")

    assert table(rows=User.objects.annotate(one=Value(1))).total == 1


def test_an_export_that_finds_more_than_was_counted_counts_again():
    user = User.objects.create_user(phone="13900000093", name="丙")
    run = start_export("/people/", title="名单", columns=None, kind="csv", by=user)
    move(run, JobRun.State.RUNNING)

    add_part(run, 0, [["甲"], ["乙"]], cursor={"after": 2})
    add_part(run, 1, [["丁"]], cursor={"after": 3})

    run.refresh_from_db()
    assert (run.total, run.processed, run.cursor) == (3, 3, {"after": 3})
