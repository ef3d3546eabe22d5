"""``yiwang bench`` says what is missing instead of falling over."""

import ast

import pytest
from click.testing import CliRunner

from config.cli.base import installation
from config.cli.bench import ON_THE_DEMO, bench, names
from yiwang.portal.personas import PERSONAS
from yiwang.register.accounts.models import User

pytestmark = pytest.mark.django_db


def test_every_benchmark_can_be_run():
    for name in names():
        module = ast.parse((installation() / "bench" / f"{name}.py").read_text(encoding="utf-8"))
        assert any(isinstance(node, ast.FunctionDef) and node.name == "run" for node in module.body), name
    assert set(names()) >= ON_THE_DEMO


@pytest.mark.parametrize("name", ["routing", "import", "all"])
def test_what_measures_the_demo_says_that_there_is_none(name):
    answer = CliRunner().invoke(bench, [name])

    assert answer.exit_code == 1
    assert "run `yiwang demo` first" in answer.output


def test_a_benchmark_of_another_name_is_refused_with_the_list_also_where_the_demo_is():
    User.objects.create_user(PERSONAS[0].phone)
    answer = CliRunner().invoke(bench, ["rooting"])

    assert answer.exit_code == 1
    assert "routing" in answer.output
    assert "yiwang demo" not in answer.output
