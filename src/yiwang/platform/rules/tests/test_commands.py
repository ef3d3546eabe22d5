import json
import subprocess
import sys
from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from yiwang.platform.rules.library import commands
from yiwang.platform.rules.library.errors import BadFact, RuleProblem
from yiwang.platform.rules.library.screening import screen_file
from yiwang.platform.rules.tests.factories import DAY

AID = Path(__file__).resolve().parent / "aid"
SERVICES = AID.parents[3] / "net" / "catalogue" / "rules"


def test_check_counts_programmes_and_lists_problems(tmp_path):
    assert commands.check([AID]) == {"programmes": 1, "parameters": 22, "problems": []}

    (tmp_path / "p.toml").write_text("key = ", "utf-8")
    assert commands.check([tmp_path])["problems"][0]["line"] == 1


def test_explain_takes_facts_as_people_write_them():
    facts = {"membership_state": "active", "hardship_class": "none", "is_migrant": False, "city": "320500"}

    answer = commands.explain([SERVICES], "hp-0001", {**facts, "household_left_pc": "2,415.50"}, DAY)

    assert answer["verdict"] == "yes"
    assert json.loads(json.dumps(answer)) == {
        **answer,
        "reasons": json.loads(json.dumps(answer["reasons"])),
        "missing": [],
        "steps": [],
    }


@pytest.mark.parametrize(
    ("programme", "facts", "error"),
    [("zz", {}, RuleProblem), ("aid", {"nobody": 1}, BadFact), ("aid", {"persons": "x"}, BadFact)],
)
def test_explain_refuses_what_it_does_not_know(programme, facts, error):
    with pytest.raises(error):
        commands.explain([AID], programme, facts, DAY)


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_screen_counts_everyone(tmp_path, engine):
    out = tmp_path / "answers.parquet"

    found = commands.screen([AID], "aid", on=DAY, engine=engine, rows=500, out=out)

    assert found["rows"] == found["yes"] + found["no"] + found["missing"] == pq.read_metadata(out).num_rows == 500


def test_everyone_against_every_programme_is_what_each_alone_says(tmp_path):
    people = commands.write_made_up(
        list(commands.read_book([SERVICES]).rulesets.values()), 25_000, tmp_path / "p.parquet"
    )
    seen = []

    found = commands.screen_everyone(
        [SERVICES], on=DAY, table=people, out=tmp_path, watch=lambda *told: seen.append(told)
    )

    assert (found["rows"], found["programmes"]) == (25_000, len(found["answers"]))
    assert seen == [(n, found["programmes"]) for n in range(1, found["programmes"] + 1)]
    for told in found["answers"][::7]:
        alone = commands.screen([SERVICES], told["programme"], on=DAY, table=people)
        assert (told["yes"], told["missing"]) == (alone["yes"], alone["missing"])
        assert pq.read_metadata(tmp_path / f"{told['programme']}.parquet").num_rows == 25_000


def test_every_engine_finds_the_same_people_from_a_file(tmp_path):
    people = commands.made_up_people([commands._programme(commands.read_book([AID]), "aid")], 300)
    pq.write_table(people, tmp_path / "people.parquet")
    pa_csv.write_csv(people, tmp_path / "people.csv")

    tables = [tmp_path / "people.parquet", tmp_path / "people.csv"]
    found = [
        commands.screen([AID], "aid", on=DAY, engine=engine, table=table)
        for table in tables
        for engine in ("duckdb", "polars")
    ]

    assert len({(item["yes"], item["no"], item["missing"]) for item in found}) == 1


def test_parquet_to_parquet_keeps_the_wanted_columns(tmp_path):
    rules = commands._programme(commands.read_book([SERVICES]), "hp-0001")
    people = commands.made_up_people([rules], 200)
    numbered = people.append_column("person", [[f"p{n}" for n in range(200)]]).drop_columns(["city"])
    pq.write_table(numbered, tmp_path / "people.parquet")

    rows = screen_file(rules, tmp_path / "people.parquet", tmp_path / "out.parquet", on=DAY, keep=("person",))

    result = pq.read_table(tmp_path / "out.parquet")
    assert rows == 200
    assert result.column_names[:2] == ["person", "verdict"]
    assert result["poor"].null_count == 200


def test_an_engine_that_is_not_there_says_what_to_do():
    with pytest.raises(RuleProblem, match="duckdb、polars、spark"):
        commands.screen([AID], "aid", on=DAY, engine="abacus", rows=5)


def test_spark_is_asked_for_by_name_where_it_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)

    with pytest.raises(RuleProblem, match=r"yiwang\[spark\]"):
        commands.screen([AID], "aid", on=DAY, engine="spark", rows=5)


def test_a_choice_outside_the_vocabulary_is_refused_before_anything_is_decided(tmp_path):
    (tmp_path / "people.csv").write_text("region,persons\n999999,1\n", "utf-8")

    with pytest.raises(BadFact, match="999999"):
        commands.screen([AID], "aid", on=DAY, table=tmp_path / "people.csv")


def test_dates_in_a_table_are_days():
    facts = commands.made_up_people([], 0)

    assert facts.num_rows == 0
    assert commands.verify_receipt(b"nothing") == ["form"]


def test_answering_a_person_never_imports_an_engine():
    code = (
        "import sys\n"
        "from yiwang.platform.rules.library import explaining, facts, book, receipts\n"
        "print([name for name in ('ibis', 'polars', 'pyarrow', 'duckdb', 'numpy', 'django') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"
