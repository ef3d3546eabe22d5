"""`yiwang rules households`: two files in, one out, and a sentence where a figure cannot be."""

import json

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from bench.screening_data import people, write
from config.cli.rules import rules
from yiwang.rights.aid import screening_columns


@pytest.fixture(scope="module", autouse=True)
def _no_kernel_in_the_users_cache(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kernels")
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(screening_columns, "kernel_folder", lambda: folder)
        yield


def test_every_household_of_two_files_gets_its_class_and_its_amounts(tmp_path):
    write(tmp_path, *people(300), {})
    out = tmp_path / "answers.parquet"

    said = CliRunner().invoke(rules, ["households", str(tmp_path), "--out", str(out), "--on", "2026-11-22", "--json"])

    found = pq.read_table(out)
    assert said.exit_code == 0, said.output
    assert json.loads(said.output)["households"] == found.num_rows == 300
    assert {"deep", "none"} < set(found["file_class"].to_pylist())
    assert sum(found["total"].to_pylist()) > 0


def test_a_figure_that_cannot_be_is_named_with_its_row(tmp_path):
    persons, homes = people(300)
    persons["pension"][7] = -1
    write(tmp_path, persons, homes, {})

    said = CliRunner().invoke(rules, ["households", str(tmp_path), "--out", str(tmp_path / "answers.parquet")])

    assert said.exit_code == 1
    assert "“养老金”第8行是-1，超出范围" in said.output
    assert not (tmp_path / "answers.parquet").exists()
