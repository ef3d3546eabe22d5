"""Two ways to the same powers."""

import threading

import pytest
from gmpy2 import mpz, powmod
from hypothesis import given
from hypothesis import strategies as st

from yiwang.platform.ballots.library import commitments, group, machine, modular
from yiwang.platform.ballots.library.commitments import Ciphertext
from yiwang.platform.ballots.library.group import G, P, Q

fields = st.integers(1, int(P) - 1).map(mpz)
exponents = st.integers(0, 2**256 - 1).map(mpz)


@pytest.fixture(scope="module")
def ways():
    """GMP always; OpenSSL where this machine has it."""
    return [way for way in (modular.by_gmp(P), modular.by_openssl(P)) if way is not None]


@given(base=fields, numbers=st.lists(exponents, min_size=1, max_size=3))
def test_every_way_gives_what_python_gives(ways, base, numbers):
    wanted = [pow(int(base), int(number), int(P)) for number in numbers]

    for way in ways:
        assert way.powers(base, numbers) == wanted, way.name
        assert [way.power(base, number) for number in numbers] == wanted, way.name


@pytest.mark.parametrize("number", [0, 1, 2**128 - 1, 2**128, 2**256 - 1, int(Q)])
def test_edges_come_out(ways, number):
    for way in ways:
        assert way.powers(G, [mpz(number)]) == [way.power(G, mpz(number))] == [pow(int(G), number, int(P))]
        assert way.power(P - 1, mpz(number)) == (1 if number % 2 == 0 else P - 1)


def test_threads_do_not_disturb_each_other():
    bases, found = [G + n for n in range(8)], {}

    def work(base):
        found[base] = [group.power(base, Q + n) for n in range(20)]

    threads = [threading.Thread(target=work, args=(base,)) for base in bases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {base: [pow(int(base), int(Q + n), int(P)) for n in range(20)] for base in bases}


def test_without_the_library_gmp_does_it():
    assert modular.by_openssl(P, name="no-such-library") is None
    assert modular.fastest(P, G).power(G, Q) == 1


cases = st.lists(st.tuples(st.sampled_from([2, 3, 5]), st.integers(0, 3), exponents, exponents), min_size=1, max_size=4)


@given(cases)
def test_commitments_are_what_the_protocol_says_in_long_rows_and_number_by_number(drawn):
    key = group.power(G, mpz(7))
    asked = [(Ciphertext(mpz(base), P - base), held) for base, held, _, _ in drawn]
    proofs = [(challenge % Q, response % Q) for _, _, challenge, response in drawn]
    wanted = [
        (
            powmod(G, response, P) * powmod(cipher.alpha, challenge, P) % P,
            powmod(key, response, P) * powmod(cipher.beta * group.inverse(powmod(G, held, P)), challenge, P) % P,
        )
        for (cipher, held), (challenge, response) in zip(asked, proofs, strict=True)
    ]

    assert commitments.Tables.of(key).commitments(asked, proofs) == wanted
    assert commitments.for_many(key, 1).commitments(asked, proofs) == wanted
    assert commitments.for_many(key, commitments.MANY).commitments(asked, proofs) == wanted


def test_tables_that_nobody_uses_any_more_leave_their_room_to_the_next():
    engine = machine.engine(P, G)
    assert engine is not None, "the lock files hold llvmlite"
    machine.Powers(engine, G, 4)
    before = len(engine.numbers)
    for base in (2, 3):
        table = machine.Powers(engine, mpz(base), 4)
        place = engine.room(1)
        steps = machine.Steps()
        steps.product(place, table.factors(Q - 2))
        engine.run(steps)
        assert engine.get(place) == powmod(mpz(base), Q - 2, P)
        engine.give_back(place, 1)
        del table

    assert len(engine.numbers) - before == 1


def test_without_a_compiler_or_the_library_there_is_no_engine(monkeypatch):
    def missing():
        raise ImportError

    monkeypatch.setattr(machine, "_compiled", missing)
    assert machine._engine.__wrapped__(P, G) is None
    monkeypatch.setattr(machine.modular, "libcrypto", lambda more: None)
    assert machine._engine.__wrapped__(P, G) is None


def test_a_web_process_has_no_engine(monkeypatch):
    monkeypatch.setattr(machine, "_left_out", False)
    machine.leave_out()

    assert machine.engine(P, G) is None
