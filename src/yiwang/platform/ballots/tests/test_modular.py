"""Two ways to the same powers."""

import threading

import pytest
from gmpy2 import mpz
from hypothesis import given
from hypothesis import strategies as st

from yiwang.platform.ballots.library import group, modular
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
