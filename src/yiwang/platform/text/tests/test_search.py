import pytest
from django.db import IntegrityError, connection, transaction

from yiwang.kernel.ltree import is_within, prefixes_of
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.text.actions import drop, index, index_many, move_scope, save_alias
from yiwang.platform.text.library import Entry
from yiwang.platform.text.models import Alias, SearchPlace
from yiwang.platform.text.queries import Expansion, expand, search

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    index_many(
        [
            Entry(kind="organisation", object_id="o1", title="昆山市总工会", body="苏州市", public=True, weight=6),
            Entry(
                kind="organisation", object_id="o2", title="玉山镇总工会", body="苏州市 昆山市", public=True, weight=5
            ),
            Entry(kind="organisation", object_id="o3", title="山昆村工会", public=True, weight=4),
            Entry(
                kind="service",
                object_id="RT-0005",
                title="欠薪和劳动监督投诉",
                body="拖欠工资",
                public=True,
                weight=100,
            ),
            Entry(kind="person", object_id="p1", title="昆山子", scope_path="n1.n2", readings=(("kunshanzi", "ksz"),)),
            Entry(kind="case", object_id="c1", title="CP-1 𠮷野家投诉", scope_path="n1.n3"),
        ]
    )


def ids(hits):
    return [hit.object_id for hit in hits]


def test_the_title_itself_comes_before_titles_that_hold_it_and_texts_that_do(entries):
    assert ids(search("昆山市")) == ["o1", "o2"]
    assert [hit.place for hit in search("昆山市")] == [2, 4]
    assert search("昆山市总工会")[0].place == 1


def test_pairs_that_are_not_neighbours_are_not_the_word(entries):
    assert ids(search("山昆")) == ["o3"]
    index("organisation", "o4", "昆山山昆", public=True)
    assert "o4" not in [hit.object_id for hit in search("昆山昆") if hit.place < 5]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("崑", []),
        ("玉", ["o2"]),
        ("昆山 玉山", ["o2"]),
        ("yushan", ["o2"]),
        ("yszzgh", ["o2"]),
        ("ys", ["o2"]),
        ("kun shan shi", ["o1"]),
        ("昆山市總工會", ["o1"]),
        ("老板不发钱", ["RT-0005"]),
        ("taoxin", ["RT-0005"]),
        ("玉珊镇", ["o2"]),  # sounds the same
        ("我在昆山市那个总工会", ["o1", "o2"]),  # most of the pairs
    ],
)
def test_people_find_what_they_mean(entries, text, found):
    assert ids(search(text)) == found


@pytest.mark.parametrize(
    "text",
    ["", "  ", "'", "a:* & !b | (", "'; DROP TABLE x; --", "%", "_", "\\", "🎉", "\x00", "%s", "<->", "长" * 5000],
)
def test_nothing_typed_can_break_the_search(entries, text):
    assert search(text, limit=3) == []


def test_only_who_stands_above_finds_what_is_not_public(entries):
    assert ids(search("昆山子", kinds=["person"])) == []
    assert ids(search("昆山子", scope=["n1.n2"])) == ["p1"]
    assert ids(search("昆山子", scope=["n1"])) == ["p1"]
    assert ids(search("昆山子", kinds=["person"], scope=["n1.n3", "n9"])) == []
    assert ids(search("𠮷野", scope=["n1.n3"])) == ["c1"]
    assert ids(search("昆山", kinds=["person"], scope=["n1"])) == ["p1"]


def test_kinds_and_limit_narrow_the_finds(entries):
    assert ids(search("昆山", kinds=["organisation"], limit=1)) == ["o1"]
    assert ids(search("老板不发钱", kinds=["organisation"])) == []


def test_what_is_indexed_again_is_found_by_its_new_words_only(entries):
    index("organisation", "o1", "鹿城市总工会", public=True)
    assert ids(search("鹿城")) == ["o1"]
    assert index_many([Entry(kind="organisation", object_id="o1", title="鹿城市总工会", public=True)]) == 0
    drop("organisation", ["o1"])
    assert [hit for hit in search("鹿城") if hit.place < 5] == []


def test_a_subtree_that_moves_takes_its_records_along(entries):
    move_scope("n1.n2", "n1.n5.n2")

    assert ids(search("昆山子", scope=["n1.n5"])) == ["p1"]
    assert ids(search("昆山子", kinds=["person"], scope=["n1.n3"])) == []


def test_every_record_is_seen_by_somebody(entries):
    with pytest.raises(IntegrityError), transaction.atomic():
        index("case", "c2", "谁也看不见")


def test_an_editor_teaches_a_word_and_silences_another(entries, wenjuan):
    save_alias("包工头失踪", codes=["RT-0005"], by=wenjuan)
    save_alias("摸鱼", terms=["玉山镇"], by=wenjuan)
    save_alias("老板不发钱", codes=["XX-0001"], is_active=False, by=wenjuan)

    assert expand("包工头失踪了") == Expansion(("RT-0005",), ())
    assert ids(search("摸鱼")) == ["o2"]
    assert expand("老板不发钱") == Expansion((), ())
    assert expand(" ") == Expansion((), ())
    assert JournalEntry.objects.filter(name="text.alias_saved").count() == 3
    assert str(Alias.objects.get(word="摸鱼")) == "摸鱼"


def test_a_search_asks_at_most_three_queries(entries, django_assert_max_num_queries):
    for text in ("昆山", "没有这样的东西在这里", "xyzq"):
        with django_assert_max_num_queries(3):
            search(text)


@pytest.mark.parametrize(
    ("condition", "name"),
    [
        ("vector @@ '''昆山'''::tsquery", "search_by_words"),
        ("pinyin LIKE '%kunshan%'", "search_by_pinyin"),
        ("head LIKE '昆山%'", "search_by_beginning"),
    ],
)
def test_each_way_to_find_has_its_index(entries, condition, name):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT id FROM text_searchentry WHERE {condition}".replace("%", "%%"), {})
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert name in plan


def test_paths_know_what_is_below():
    assert is_within("n1.n2", "n1")
    assert is_within("n1", "n1")
    assert not is_within("n12", "n1")
    assert prefixes_of("n1.n2.n3") == ["n1", "n1.n2", "n1.n2.n3"]
    with pytest.raises(ValueError, match="dots"):
        SearchPlace.objects.filter(path__descendant="n1; drop").count()
    with pytest.raises(ValueError, match="dots"):
        index("case", "c3", "x", scope_path="n1..n2")
