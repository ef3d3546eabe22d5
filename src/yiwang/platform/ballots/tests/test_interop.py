"""Both directions with Debian's belenios-tool: it accepts our elections, we accept and continue its own."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from yiwang.platform.ballots import testing
from yiwang.platform.ballots.library import canonical, pedersen, trustees, voting
from yiwang.platform.ballots.library.archive import _records, read_archive, record
from yiwang.platform.ballots.library.tally import read_tally
from yiwang.platform.ballots.library.verifying import read_setup, verify

FIXTURES = Path(__file__).parent / "made_by_belenios_tool"


class Tool:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "BELENIOS_USE_URANDOM": "1"}
        command = ["belenios-tool", *arguments]
        return subprocess.run(
            command, cwd=self.folder, input=given, capture_output=True, text=True, env=environment, check=False
        )

    def __call__(self, *arguments: str, given: str = "") -> str:
        done = self.run(*arguments, given=given)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def put(self, uuid: str, raw: bytes) -> Path:
        file = self.folder / f"{uuid}.bel"
        file.write_bytes(raw)
        return file

    def accepts(self) -> bool:
        done = self.run("election", "verify")
        return done.returncode == 0 and "all checks passed" in done.stderr


@pytest.fixture
def tool(tmp_path) -> Tool:
    if shutil.which("belenios-tool") is None:
        pytest.fail("belenios-tool was not found: install it (Debian: apt-get install belenios-tool).")
    return Tool(tmp_path)


def test_a_recorded_election_with_a_threshold_is_accepted():
    report = verify((FIXTURES / "threshold.bel").read_bytes())

    assert report.result == [[2, 1], [1, 3, 2, 2]]
    assert (report.voters, report.ballots, report.counted) == (5, 7, 5)


def test_a_recorded_open_election_is_accepted():
    report = verify((FIXTURES / "open.bel").read_bytes())

    assert (report.stage, report.voters, report.ballots, report.result) == ("Ballot", 3, 1, None)


@pytest.mark.parametrize("name", ["threshold.bel", "open.bel"])
def test_we_write_a_recorded_archive_to_the_same_byte(name):
    raw = (FIXTURES / name).read_bytes()
    old = read_archive(raw)
    new = type(old)(old.timestamp)
    new.written += b"".join(record(*item) for item in _records(raw))
    assert bytes(new.written) == raw


def test_the_tool_accepts_our_election(tallied, tool):
    file = tool.put(tallied.election.uuid, tallied.raw)
    assert tool.accepts()

    altered = bytearray(tallied.raw)
    altered[len(altered) // 2] ^= 1
    file.write_bytes(altered)
    assert not tool.accepts()


def test_the_tool_votes_and_decrypts_in_our_election(tool):
    held = testing.hold([testing.TEN], voters=2, singles=1)
    tool.put(held.election.uuid, held.raw)
    (tool.folder / "code").write_text(held.codes[0])
    (tool.folder / "choices").write_text(json.dumps([[0] * 9 + [1]]))
    (tool.folder / "key").write_text(f'"{held.keys[1]}"')

    ballot = tool("election", "generate-ballot", "--privcred=code", "--ballot=choices").strip()
    held.put(ballot.encode())
    held.close()
    tool.put(held.election.uuid, held.raw)
    share = tool("election", "decrypt", "--privkey=key", "--trustee-id=1")

    owned = json.loads(share) if share.startswith('{"owner"') else None
    assert owned is None or owned["owner"] == 1
    assert held.decrypt(1) == [[0] * 9 + [1]]


def test_we_vote_and_decrypt_in_an_election_of_the_tool(tool):
    group_option, uuid = "--group=BELENIOS-2048", tool("setup", "generate-token").strip()
    tool("setup", "generate-credentials", f"--uuid={uuid}", group_option, "--count=3")
    (code_file,) = tool.folder.glob("*.privcreds")
    (public_file,) = tool.folder.glob("*.pubcreds")
    public_file.rename(tool.folder / "public_creds.json")
    tool("setup", "generate-trustee-key", group_option)
    (public_key,) = tool.folder.glob("*.pubkey")
    public_key.rename(tool.folder / "public_keys.jsons")
    tool("setup", "make-trustees")
    questions = [testing.TEN.document()]
    (tool.folder / "template.json").write_text(json.dumps({"description": "", "name": "届", "questions": questions}))
    tool("setup", "make-election", f"--uuid={uuid}", group_option, "--template=template.json")
    tool("archive", "init")
    file = tool.folder / f"{uuid}.bel"
    election = read_setup(read_archive(file.read_bytes())).election
    codes = [line.split()[1] for line in code_file.read_text().splitlines()]

    for code in codes:
        ballot = voting.make_ballot(election, code, [[0, 1] + [0] * 8]).decode()
        tool("archive", "add-event", "--type=Ballot", given=ballot)
    tool("archive", "add-event", "--type=EndBallots")
    tool("archive", "add-event", "--type=EncryptedTally", given=tool("election", "compute-encrypted-tally"))
    archive = read_archive(file.read_bytes())
    (private,) = tool.folder.glob("*.privkey")
    summed = tally_of(archive, election)
    share = trustees.decrypt(election.hash, summed, int(json.loads(private.read_text())))
    archive.add_owned("PartialDecryption", 1, share)
    file.write_bytes(bytes(archive.written))
    tool("archive", "add-event", "--type=Result", given=tool("election", "compute-result"))

    assert tool.accepts()
    assert verify(file.read_bytes()).result == [[0, 3] + [0] * 8]


def tally_of(archive, election):
    sized = canonical.load(archive.payload(archive.of("EncryptedTally")[0]))
    return read_tally(election, archive.get(sized["encrypted_tally"]))


def test_the_tool_and_we_make_one_threshold_key_together(tool):
    ours = pedersen.new_seed()
    option = "--group=BELENIOS-2048"
    tool("setup", "generate-trustee-key-threshold", option, "--step=1")
    (cert_file,), (key_file,) = tool.folder.glob("*.cert"), tool.folder.glob("*.key")
    certs = [json.loads(cert_file.read_text()), pedersen.make_certificate(ours)]
    (tool.folder / "certs").write_text("".join(canonical.dump(cert) + "\n" for cert in certs))
    tool("setup", "generate-trustee-key-threshold", option, "--step=2", "--certs=certs")
    command = ("setup", "generate-trustee-key-threshold", option, "--certs=certs", f"--key={key_file.name}")
    theirs = json.loads(tool(*command, "--step=3", "--threshold=2"))
    polynomials = [theirs, pedersen.make_polynomial(ours, certs, 2)]
    vinputs = pedersen.make_vinputs(polynomials)
    their_output = json.loads(tool(*command, "--step=5", given=canonical.dump(vinputs[0])))
    outputs = [their_output, pedersen.make_voutput(ours, certs, vinputs[1], 2)]

    published = pedersen.make_threshold(2, certs, polynomials, outputs)

    their_key = pedersen.open_key(pedersen.Seed(key_file.read_text().strip()), their_output["private_key"])
    assert [
        str(pedersen.group.generate(key)) for key in (their_key, pedersen.open_key(ours, outputs[1]["private_key"]))
    ] == [item["public_key"] for item in published["verification_keys"]]
