"""``yiwang draws verify``."""

import json

from click.testing import CliRunner

from config.cli.draws import draws
from yiwang.platform.draws.library import protocol
from yiwang.platform.draws.tests.test_protocol import announced, drawn

TICKETS = ["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"]


def run(tmp_path, text, *more):
    file = tmp_path / "draw.json"
    file.write_text(text)
    return CliRunner().invoke(draws, ["verify", str(file), *more])


def test_a_sound_draw_is_told_with_its_winners(tmp_path):
    commitment = protocol.sha256(announced(TICKETS))
    done = run(tmp_path, drawn(TICKETS), "--commitment", commitment, "--json")

    told = json.loads(done.output)
    assert (done.exit_code, told["sound"], told["is_announced"], told["places"]) == (0, True, True, 2)
    assert sorted(told["winners"] + told["waiting"]) == TICKETS
    assert "Compare the commitment" in run(tmp_path, drawn(TICKETS)).output


def test_an_altered_draw_exits_1_and_names_what_was_altered(tmp_path):
    done = run(tmp_path, drawn(TICKETS).replace("疗休养", "疗养"))
    machine = run(tmp_path, drawn(TICKETS), "--commitment", "00" * 32, "--json")

    assert (done.exit_code, machine.exit_code) == (1, 1)
    assert "NOT sound: the announcement was changed" in done.output
    assert json.loads(machine.output)["code"] == "other_draw"
