"""Powers modulo the group's prime: by the system's OpenSSL where Python can reach it, else by GMP. The same numbers.

OpenSSL's Montgomery arithmetic takes about two thirds of GMP's time for numbers of this size. Nothing here is secret or
random; what OpenSSL answers is held against GMP once before it is trusted.
"""

import ctypes
import ctypes.util
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gmpy2 import mpz, powmod

HALF = 128


class _Numbers:
    """A context and the numbers that one thread works with: calls release the lock of the interpreter."""

    def __init__(self, library: ctypes.CDLL, modulus: int) -> None:
        self.size = (modulus.bit_length() + 7) // 8
        self.library = library
        self.context = library.BN_CTX_new()
        self.base, self.raised, self.low, self.high, self.result = (library.BN_new() for _ in range(5))
        self.modulus = library.BN_bin2bn(modulus.to_bytes(self.size, "big"), self.size, None)
        self.montgomery = library.BN_MONT_CTX_new()
        self.buffer = ctypes.create_string_buffer(self.size)
        if not library.BN_MONT_CTX_set(self.montgomery, self.modulus, self.context):
            raise MemoryError

    def __del__(self) -> None:
        library = self.library
        library.BN_MONT_CTX_free(self.montgomery)
        for number in (self.base, self.raised, self.low, self.high, self.result, self.modulus):
            library.BN_free(number)
        library.BN_CTX_free(self.context)

    def power(self, base: mpz, number: mpz) -> mpz:
        self._set(self.base, base)
        self._set(self.low, number)
        return self._told(
            self.library.BN_mod_exp_mont(self.result, self.base, self.low, self.modulus, self.context, self.montgomery)
        )

    def powers(self, base: mpz, numbers: Sequence[mpz]) -> list[mpz]:
        """Several powers of one base: the upper halves of the exponents share one run of squarings."""
        library, told = self.library, []
        self._set(self.base, base)
        self._set(self.low, mpz(1) << HALF)
        library.BN_mod_exp_mont(self.raised, self.base, self.low, self.modulus, self.context, self.montgomery)
        for number in numbers:
            self._set(self.low, number % (mpz(1) << HALF))
            self._set(self.high, number >> HALF)
            parts = self.base, self.low, self.raised, self.high
            done = library.BN_mod_exp2_mont(self.result, *parts, self.modulus, self.context, self.montgomery)
            told.append(self._told(done))
        return told

    def _set(self, place: int, number: mpz) -> None:
        self.library.BN_bin2bn(int(number).to_bytes(self.size, "big"), self.size, place)

    def _told(self, done: int) -> mpz:
        if not done or self.library.BN_bn2binpad(self.result, self.buffer, self.size) != self.size:
            raise MemoryError
        return mpz(int.from_bytes(self.buffer.raw, "big"))


NUMBER = ctypes.c_void_p
SIGNATURES: dict[str, tuple[object, list[object]]] = {
    "BN_new": (NUMBER, []),
    "BN_free": (None, [NUMBER]),
    "BN_CTX_new": (NUMBER, []),
    "BN_CTX_free": (None, [NUMBER]),
    "BN_MONT_CTX_new": (NUMBER, []),
    "BN_MONT_CTX_free": (None, [NUMBER]),
    "BN_MONT_CTX_set": (ctypes.c_int, [NUMBER, NUMBER, NUMBER]),
    "BN_bin2bn": (NUMBER, [ctypes.c_char_p, ctypes.c_int, NUMBER]),
    "BN_bn2binpad": (ctypes.c_int, [NUMBER, ctypes.c_char_p, ctypes.c_int]),
    "BN_mod_exp_mont": (ctypes.c_int, [NUMBER] * 6),
    "BN_mod_exp2_mont": (ctypes.c_int, [NUMBER] * 8),
}


@dataclass(frozen=True)
class Arithmetic:
    """Powers modulo one odd number, exponents from nought on."""

    name: str
    power: Callable[[mpz, mpz], mpz]
    powers: Callable[[mpz, Sequence[mpz]], list[mpz]]


def by_gmp(modulus: mpz) -> Arithmetic:
    return Arithmetic(
        "GMP",
        lambda base, number: powmod(base, number, modulus),
        lambda base, numbers: [powmod(base, number, modulus) for number in numbers],
    )


def libcrypto(more: Mapping[str, tuple[object, list[object]]], name: str | None = None) -> ctypes.CDLL | None:
    """The system's OpenSSL, with these functions besides ours; None where there is none, or not with all of them."""
    try:
        library = ctypes.CDLL(name or ctypes.util.find_library("crypto") or "no library")
        for symbol, (result, arguments) in {**SIGNATURES, **more}.items():
            function = getattr(library, symbol)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError):
        return None
    return library


def by_openssl(modulus: mpz, name: str | None = None) -> Arithmetic | None:
    """None where there is no such library, or not with these functions."""
    library = libcrypto({}, name)
    if library is None:
        return None
    threads = threading.local()

    def mine() -> _Numbers:
        if not hasattr(threads, "numbers"):
            threads.numbers = _Numbers(library, int(modulus))
        numbers: _Numbers = threads.numbers
        return numbers

    return Arithmetic(
        "OpenSSL",
        lambda base, number: mine().power(base, number),
        lambda base, numbers: mine().powers(base, numbers),
    )


def fastest(modulus: mpz, base: mpz) -> Arithmetic:
    """The quicker of both, if it gives what the other gives."""
    sure, quick = by_gmp(modulus), by_openssl(modulus)
    tried = [mpz(0), mpz(1), base % (mpz(1) << 2 * HALF), (mpz(1) << 2 * HALF) - 1]
    if quick is None or quick.powers(base, tried) != sure.powers(base, tried):
        return sure
    return quick if [quick.power(base, number) for number in tried] == sure.powers(base, tried) else sure
