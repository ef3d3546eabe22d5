"""An election from codes to result, in memory."""

import pytest
from gmpy2 import mpz
from hypothesis import given
from hypothesis import strategies as st

from yiwang.platform.ballots import testing
from yiwang.platform.ballots.library import canonical, credentials, group, holding, pedersen, trustees, voting
from yiwang.platform.ballots.library.election import Election, Question
from yiwang.platform.ballots.library.errors import BallotProblem
from yiwang.platform.ballots.library.verifying import verify


def problem(work, *arguments) -> str:
    with pytest.raises(BallotProblem) as caught:
        work(*arguments)
    return caught.value.code


def test_the_last_ballot_of_a_code_counts(tallied):
    report = verify(tallied.raw)

    assert report.result == [[0, 2, 1], [1, 1, 2, 1]]
    assert (report.voters, report.ballots, report.counted, report.stage) == (5, 4, 3, "Result")


def test_the_tracking_numbers_on_the_board_are_those_of_the_last_ballots(held):
    before = verify(held.raw).tracking
    again = held.vote(0, [[0, 0, 1], [1, 0, 0, 0]])

    assert verify(held.raw).tracking == [before[1], canonical.fingerprint(again)]


def test_several_processes_find_the_same():
    held = testing.hold([Question("?", ("是", "否"), 0, 1)], voters=22)
    for voter in range(22):
        held.vote(voter, [[voter % 2, 0]])

    assert verify(held.raw, processes=2) == verify(held.raw)


def test_an_open_election_is_verified_without_result(held):
    report = verify(held.raw)

    assert (report.stage, report.result, report.counted) == ("Ballot", None, 2)


def test_an_election_without_a_ballot_is_counted():
    held = testing.hold([testing.TEN], voters=2)
    held.close()

    assert held.decrypt(1) == [[0] * 10] == verify(held.raw).result


def test_one_trustee_of_three_may_lose_the_key(held):
    held.close()

    assert held.decrypt(1, 3) == [[1, 1, 0], [1, 1, 0, 0]]


def test_one_share_of_a_threshold_of_two_opens_nothing(held):
    held.close()

    assert problem(held.decrypt, 2) == "too_few_shares"


def test_a_mandatory_trustee_cannot_be_replaced():
    held = testing.hold([testing.TEN], voters=1, singles=2)
    held.vote(0, [[1] + [0] * 9])
    held.close()

    assert problem(held.decrypt, 2) == "too_few_shares"


def test_a_trustee_who_lies_is_named(held):
    held.close()
    own = trustees.decrypt(held.election.hash, held.summed, held.keys[1] + 1)

    assert problem(holding.add_share, held.archive, held.setup, held.summed, 1, own) == "bad_decryption"
    assert problem(holding.add_share, held.archive, held.setup, held.summed, 9, own) == "unknown_trustee"
    assert held.decrypt(2, 3) == [[1, 1, 0], [1, 1, 0, 0]]


def test_choices_that_do_not_fit_are_refused(held):
    code = held.codes[0]
    for choices in (
        [[1, 1, 0], [0, 1, 0, 0]],
        [[0, 0, 0], [0, 1, 0, 0]],
        [[2, 0, 0], [0, 1, 0, 0]],
        [[1, 0, 0], [1, 1, 0, 0]],
        [[1, 0, 0], [0, 1, 1, 1]],
        [[1, 0, 0]],
    ):
        assert problem(voting.make_ballot, held.election, code, choices) == "bad_choices"


def test_a_mistyped_code_is_told(held):
    code = held.codes[0]
    other = "1" if code[0] != "1" else "2"

    assert problem(credentials.secret, other + code[1:], held.election.uuid) == "mistyped_code"
    assert problem(credentials.secret, code[:-1], held.election.uuid) == "mistyped_code"
    assert problem(credentials.secret, "", held.election.uuid) == "mistyped_code"
    assert credentials.public(code.replace("-", ""), held.election.uuid) == credentials.public(
        f" {code} ", held.election.uuid
    )


def test_public_credentials_are_not_in_the_order_of_the_roll():
    batch = credentials.make("1" * 14, 20)

    assert list(batch.public) == sorted(batch.public)
    assert [credentials.public(code, "1" * 14) for code in batch.codes] != list(batch.public)


def test_a_trustee_who_sends_a_false_secret_is_found():
    seeds = [pedersen.new_seed() for _ in range(3)]
    certs = [pedersen.make_certificate(seed) for seed in seeds]
    polynomials = [pedersen.make_polynomial(seed, certs, 2) for seed in seeds]
    receiver = pedersen.read_certificate(certs[1]).encryption
    polynomials[0]["secrets"][1] = pedersen.send(seeds[0].signing, receiver, '{"secret":"5"}')
    vinputs = pedersen.make_vinputs(polynomials)

    assert problem(pedersen.make_voutput, seeds[1], certs, vinputs[1], 2) == "lying_trustee"
    assert problem(pedersen.make_voutput, seeds[0], certs, vinputs[1], 2) == "bad_channel"
    assert pedersen.make_voutput(seeds[2], certs, vinputs[2], 2)["public_key"]


def test_a_trustee_who_publishes_a_foreign_key_is_found():
    ceremony = testing.hold_ceremony(2, 3)
    foreign = {"public_key": pedersen.trustee_public_key(mpz(5))}
    outputs = [*ceremony.outputs[:2], foreign]

    assert problem(pedersen.make_threshold, 2, ceremony.certs, ceremony.polynomials, outputs) == "lying_trustee"


def test_a_ceremony_wants_its_own_certificate_and_a_threshold_that_fits():
    seed, other = pedersen.new_seed(), pedersen.new_seed()
    certs = [pedersen.make_certificate(other)]

    assert problem(pedersen.make_polynomial, seed, certs, 1) == "foreign_certificates"
    assert problem(pedersen.make_polynomial, other, certs, 2) == "bad_threshold"
    assert problem(pedersen.make_voutput, seed, certs, {}, 1) == "foreign_certificates"


@given(st.integers(min_value=0, max_value=int(group.Q) - 1))
def test_tables_give_the_same_powers(number):
    for width in (8, 11):
        assert group.table(group.G, width).power(mpz(number)) == group.power(group.G, mpz(number))


def test_a_foreign_number_in_a_batch_is_found():
    members = [group.generate(group.random_exponent()) for _ in range(11)]

    assert group.are_members(members)
    assert not group.are_members([*members, group.P - members[0]])
    assert not group.are_members([group.P - 1, *members])


def test_the_group_is_the_one_of_the_specification():
    assert canonical.sha256(str(group.P).encode() + str(group.G).encode() + str(group.Q).encode()) == (
        "a020b6275f37901d438794650c46a1f25c887a59d39aaebdd4b4496fd9952430"
    )
    assert (group.P - 1) % group.Q == 0
    assert group.power(group.G, group.Q) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "malformed"),
        ("01", "malformed"),
        ("-1", "malformed"),
        ("٣", "malformed"),
        ("1e3", "malformed"),
        (7, "malformed"),
        ("0", "not_in_group"),
        ("9" * 617, "not_in_group"),
        ("1" * 618, "overlong_number"),
    ],
)
def test_numbers_are_read_strictly(text, code):
    assert problem(group.element, text) == code


def test_questions_of_the_other_kind_and_bad_ones_are_refused(held):
    def read(change):
        document = canonical.load(held.election.raw)
        change(document)
        return problem(Election.read, canonical.dump(document).encode())

    assert read(lambda d: d["questions"].append({"type": "NonHomomorphic", "value": {}})) == "unsupported"
    assert read(lambda d: d["questions"][0].update(min=3, max=2)) == "bad_question"
    assert read(lambda d: d["questions"][0].update(blank="yes")) == "malformed"
    assert read(lambda d: d["questions"][0].update(min=-1)) == "malformed"
    assert read(lambda d: d.update(group="RFC-3526-2048")) == "unsupported"
    assert read(lambda d: d.update(uuid="x")) == "malformed"
    assert read(lambda d: d.update(public_key="3")) == "not_in_subgroup"
    assert read(lambda d: d.pop("name")) == "malformed"
