"""Whatever is done to an archive is found and named (3.9)."""

import json

import pytest

from yiwang.platform.ballots.library import archive as bel
from yiwang.platform.ballots.library import canonical, credentials, group, voting
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.verifying import verify


def refusal(raw: bytes) -> BallotProblem:
    with pytest.raises(BallotProblem) as caught:
        verify(raw)
    return caught.value


def members(raw: bytes) -> list[tuple[str, bytes]]:
    return [(name, content) for name, content, _ in bel._records(raw)]


def written(records: list[tuple[str, bytes]], timestamp: int) -> bytes:
    return b"".join(bel.record(name, content, timestamp) for name, content in records)


def rebuilt(held, ballots: list[bytes]) -> bytes:
    """An archive that someone wrote anew, with every hash and parent right, around other ballots."""
    old = bel.read_archive(held.raw)
    setup = canonical.load(old.payload(old.events[0]))
    new = bel.Archive.begin(
        old.timestamp,
        election=old.get(setup["election"]),
        trustees=old.get(setup["trustees"]),
        credentials=old.get(setup["credentials"]),
    )
    for ballot in ballots:
        new.add("Ballot", ballot)
    return bytes(new.written)


def ballots_of(held) -> list[bytes]:
    found = bel.read_archive(held.raw)
    return [found.payload(event) for event in found.of("Ballot")]


def test_one_bit_of_any_record_is_found(tallied):
    raw = tallied.raw
    assert verify(raw).result
    place = 0
    for name, content in members(raw):
        for position in (place, place + 150, place + 512, place + 512 + len(content) // 2):
            altered = bytearray(raw)
            altered[position] ^= 1
            assert refusal(bytes(altered)).code in ("altered", "malformed", "truncated"), name
        place += 512 + len(content) + -len(content) % 512


def test_a_bit_behind_a_record_is_found(tallied):
    altered = bytearray(tallied.raw)
    altered[1023] ^= 1

    assert refusal(bytes(altered)).code == "altered"


def test_a_cut_archive_is_found(tallied):
    assert refusal(tallied.raw[:-1]).code == "truncated"
    assert refusal(tallied.raw[:-700]).code in ("truncated", "altered")
    assert refusal(tallied.raw[:512]).code == "truncated"
    assert refusal(tallied.raw[:1024]).code == "malformed"
    assert refusal(b"").code == "malformed"


def test_a_dropped_ballot_breaks_the_chain(tallied):
    records = members(tallied.raw)
    place = next(n for n, (name, _) in enumerate(records) if name == tallied.archive.of("Ballot")[1].hash + bel.EVENT)
    del records[place - 1 : place + 1]

    assert refusal(written(records, tallied.archive.timestamp)).code == "broken_chain"


def test_a_dropped_record_without_its_event_is_missing(tallied):
    payload = tallied.archive.of("Ballot")[1].payload
    records = [item for item in members(tallied.raw) if not item[0].startswith(payload)]

    assert refusal(written(records, tallied.archive.timestamp)).code == "missing_record"


def test_swapped_ballots_break_the_chain(tallied):
    records = members(tallied.raw)
    events = [n for n, (name, content) in enumerate(records) if b'"Ballot"' in content and name.endswith(bel.EVENT)]
    first, second = events[:2]
    records[first], records[second] = records[second], records[first]

    assert refusal(written(records, tallied.archive.timestamp)).code == "broken_chain"


def test_events_in_another_order_are_found_even_with_a_right_chain(held):
    held.archive.add_event("EndBallots")
    held.archive.add("Ballot", held.archive.payload(held.archive.of("Ballot")[0])[:-1] + b" }")

    assert refusal(held.raw).code == "wrong_order"


def test_ballots_of_a_rewritten_archive_are_judged_one_by_one(held):
    one, two = ballots_of(held)

    assert verify(rebuilt(held, [two, one])).counted == 2  # nothing proves an order that nobody has seen
    with pytest.raises(BallotProblem, match="replayed"):
        rebuilt(held, [one, two, one])


def test_a_ballot_appended_again_by_its_event_is_found(held):
    held.archive.add_event("Ballot", held.archive.of("Ballot")[0].payload)

    assert refusal(held.raw).code == "replayed"


def test_a_vote_copied_under_another_code_is_found(held):
    one, two = (json.loads(ballot) for ballot in ballots_of(held))
    stolen = canonical.dump({**one, "answers": two["answers"]})

    assert refusal(rebuilt(held, [stolen.encode()])).code == "bad_signature"


def altered_ballot(held, change) -> str:
    """A voter's own program signs something else: the code is right, the content is not."""
    document = json.loads(ballots_of(held)[0])
    change(document)
    signature = document.pop("signature")
    hashed = canonical.fingerprint(canonical.dump(document))
    key = credentials.secret(held.codes[0], held.election.uuid)
    proof = voting.prove_knowledge(key, voting._signing(hashed))
    document["signature"] = {**signature, "hash": hashed, "proof": voting.write_proof(proof)}
    found = refusal(rebuilt(held, [canonical.dump(document).encode()]))
    assert found.where
    return found.code


def test_a_signed_ballot_with_other_content_is_found(held):
    def choices(document):
        return document["answers"][0]["choices"]

    def negative(document):
        choices(document)[0]["alpha"] = str(group.P - int(choices(document)[0]["alpha"]))

    assert altered_ballot(held, lambda d: choices(d).reverse()) == "bad_proof"
    assert altered_ballot(held, lambda d: d["answers"][1]["blank_proof"].reverse()) == "bad_proof"
    assert altered_ballot(held, lambda d: d["answers"][1]["overall_proof"].reverse()) == "bad_proof"
    assert altered_ballot(held, lambda d: d["answers"][0]["overall_proof"][0].update(response="1")) == "bad_proof"
    assert altered_ballot(held, negative) in ("bad_proof", "not_in_subgroup")
    assert altered_ballot(held, lambda d: choices(d)[0].update(alpha="0")) == "not_in_group"
    assert altered_ballot(held, lambda d: choices(d)[0].update(alpha="1" * 5000)) == "overlong_number"
    assert altered_ballot(held, lambda d: choices(d)[0].update(alpha="0" + choices(d)[0]["alpha"][:-1])) == "malformed"
    assert altered_ballot(held, lambda d: choices(d)[0].update(alpha=7)) == "malformed"
    assert altered_ballot(held, lambda d: choices(d).pop()) == "malformed"
    assert altered_ballot(held, lambda d: d["answers"].pop()) == "malformed"
    assert altered_ballot(held, lambda d: d.update(more=1)) == "malformed"
    assert altered_ballot(held, lambda d: d["answers"][0].update(blank_proof=[])) == "malformed"
    assert altered_ballot(held, lambda d: d.update(election_hash="x")) == "other_election"
    assert altered_ballot(held, lambda d: d.update(election_uuid="1" * 14)) == "other_election"


def test_a_number_outside_the_subgroup_is_named_among_many(held):
    """−1 to an even power is 1: the proof may hold, the number is still foreign."""
    for _ in range(40):
        document = json.loads(ballots_of(held)[0])
        cipher = document["answers"][0]["choices"][0]
        cipher["alpha"] = str(group.P - int(cipher["alpha"]))
        raw = canonical.dump(document).encode()
        ballot = voting.read_ballot(held.election, raw)
        assert not group.are_members(ballot.elements())
    with pytest.raises(BallotProblem, match="not_in_subgroup"):
        voting.check_ballot(held.election, raw)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"a":1,"a":1}', b'{"a":NaN}', b'{"a":1.5}', b"[" * 100_000, b"null", b'"x"'],
)
def test_malformed_json_is_refused(held, raw):
    with pytest.raises(BallotProblem, match="malformed"):
        voting.read_ballot(held.election, raw)
    assert refusal(rebuilt(held, [raw])).code == "malformed"


def test_a_ballot_has_one_spelling(held):
    ballot = ballots_of(held)[0]

    for other in (
        ballot + b" ",
        ballot.replace(b",", b", ", 1),
        json.dumps(json.loads(ballot), sort_keys=True).encode(),
    ):
        with pytest.raises(BallotProblem, match="not_canonical"):
            voting.read_ballot(held.election, other)
    with pytest.raises(BallotProblem, match="too_large"):
        voting.read_ballot(held.election, b" " * (voting.MOST_BYTES + 1))


def test_a_code_that_is_not_on_the_roll_is_refused(held):
    foreign = voting.make_ballot(held.election, credentials.new_code(), [[1, 0, 0], [0, 1, 0, 0]])

    assert voting.check_ballot(held.election, foreign)
    assert refusal(rebuilt(held, [foreign])).code == "foreign_credential"


def test_a_tally_result_or_share_that_does_not_fit_is_named(held):
    held.close()
    counted = held.raw
    assert verify(counted).result is None

    wrong = bel.read_archive(counted)
    wrong.add("Result", b'{"result":[[9,9,9],[9,9,9,9]]}')
    assert refusal(bytes(wrong.written)).code == "wrong_order"

    share = canonical.dump({"decryption_factors": [], "decryption_proofs": []}).encode()
    wrong = bel.read_archive(counted)
    wrong.add_owned("PartialDecryption", 1, share)
    found = refusal(bytes(wrong.written))
    assert (found.code, found.where) == ("malformed", "share of trustee 1")

    held.decrypt(1, 2)
    wrong = bel.read_archive(held.raw)
    wrong.add("Result", b'{"result":[[9,9,9],[9,9,9,9]]}')
    assert refusal(bytes(wrong.written)).code == "wrong_order"


def test_a_false_result_and_a_false_tally_are_named(held):
    half = bel.read_archive(held.raw)
    half.add_event("EndBallots")
    half.add_tally(b"[]", ballots=2, weight=2)
    assert refusal(bytes(half.written)).code == "malformed"

    half = bel.read_archive(held.raw)
    half.add_event("EndBallots")
    half.add_tally(b"[]", ballots=1, weight=1)
    assert refusal(bytes(half.written)).code == "wrong_tally"


def test_a_record_that_no_event_knows_is_named(held):
    held.archive.add_data(b'"a letter"')

    assert refusal(held.raw).code == "stray_record"
