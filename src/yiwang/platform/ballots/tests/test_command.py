"""``yiwang ballots verify``."""

import json
import stat
from pathlib import Path

from click.testing import CliRunner

from config.cli.ballots import ballots
from yiwang.platform.ballots.library.verifying import read_credentials

FIXTURE = Path(__file__).parent / "made_by_belenios_tool" / "threshold.bel"


def test_a_sound_archive_is_told_with_its_counts():
    done = CliRunner().invoke(ballots, ["verify", str(FIXTURE)])

    assert done.exit_code == 0
    assert "5 voting codes, 7 ballots, 5 counted; last step Result" in done.output
    assert "Q2: blank 1, a 3, b 2, c 2" in done.output


def test_machines_get_one_document():
    done = CliRunner().invoke(ballots, ["verify", str(FIXTURE), "--json"])

    document = json.loads(done.output)
    assert (document["sound"], document["result"], document["counted"]) == (True, [[2, 1], [1, 3, 2, 2]], 5)


def test_an_altered_byte_is_named_and_exits_1(tmp_path):
    raw = bytearray(FIXTURE.read_bytes())
    raw[60_000] ^= 1
    file = tmp_path / "altered.bel"
    file.write_bytes(raw)

    for options in ([], ["--json"]):
        done = CliRunner().invoke(ballots, ["verify", str(file), *options])
        assert done.exit_code == 1
        assert "altered" in done.output


def test_the_authority_makes_codes_on_its_own_machine(tmp_path):
    done = CliRunner().invoke(ballots, ["codes", "1" * 14, "3", "--out", str(tmp_path / "authority")])

    assert done.exit_code == 0
    secret = tmp_path / "authority" / "codes.txt"
    assert len(secret.read_text().splitlines()) == 3
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(read_credentials((tmp_path / "authority" / "public.json").read_bytes())) == 3
