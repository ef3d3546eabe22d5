"""Long rows of multiplications modulo the group's prime, run by code made for this processor.

Between two multiplications of a row nothing comes back to Python: a page of LLVM text calls OpenSSL's Montgomery
multiplication. Needs llvmlite (the extra ``screening``) and the system's ``libcrypto``; without either, and in a web
process, ``engine()`` is None and ``modular`` does the same number by number. Nothing here is secret or random.
"""

import ctypes
import ctypes.util
import functools
import threading
from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gmpy2 import mpz, powmod

from yiwang.platform.ballots.library import modular

# Bits of an exponent, and of the windows it is cut into.
BITS, WINDOW = 256, 4
BUCKETS = 1 << (WINDOW - 1)
ROOM = 40  # bytes of an exponent, with nought above it for the last window

TEXT = """
define i64 @run(ptr %mul, ptr %mont, ptr %ctx, ptr %numbers, ptr %into, ptr %left, ptr %right, i64 %count) {
entry:
  br label %next
next:
  %i = phi i64 [ 0, %entry ], [ %after, %work ]
  %sound = phi i32 [ 1, %entry ], [ %still, %work ]
  %more = icmp ult i64 %i, %count
  br i1 %more, label %work, label %end
work:
  %intoat = getelementptr i32, ptr %into, i64 %i
  %leftat = getelementptr i32, ptr %left, i64 %i
  %rightat = getelementptr i32, ptr %right, i64 %i
  %intois = load i32, ptr %intoat
  %leftis = load i32, ptr %leftat
  %rightis = load i32, ptr %rightat
  %intoto = getelementptr ptr, ptr %numbers, i32 %intois
  %leftto = getelementptr ptr, ptr %numbers, i32 %leftis
  %rightto = getelementptr ptr, ptr %numbers, i32 %rightis
  %r = load ptr, ptr %intoto
  %a = load ptr, ptr %leftto
  %b = load ptr, ptr %rightto
  %done = call i32 %mul(ptr %r, ptr %a, ptr %b, ptr %mont, ptr %ctx)
  %still = and i32 %sound, %done
  %after = add i64 %i, 1
  br label %next
end:
  %told = zext i32 %sound to i64
  ret i64 %told
}

; x runs through x, x^2, x^4, ...; where a window of an exponent begins, what x is then goes into the window's bucket.
define i64 @gather(ptr %mul, ptr %copy, ptr %mont, ptr %ctx, ptr %x, ptr %buckets, ptr %filled, ptr %free,
                   ptr %exponents, i64 %count) {
entry:
  br label %bit
bit:
  %i = phi i64 [ 0, %entry ], [ %after, %squared ]
  %sound = phi i32 [ 1, %entry ], [ %kept, %squared ]
  br label %one
one:
  %e = phi i64 [ 0, %bit ], [ %enext, %onward ]
  %good = phi i32 [ %sound, %bit ], [ %still, %onward ]
  %some = icmp ult i64 %e, %count
  br i1 %some, label %look, label %square
look:
  %freeat = getelementptr i64, ptr %free, i64 %e
  %freefrom = load i64, ptr %freeat
  %isfree = icmp uge i64 %i, %freefrom
  %start = mul i64 %e, ROOM
  %byte = lshr i64 %i, 3
  %where = add i64 %start, %byte
  %bytesat = getelementptr i8, ptr %exponents, i64 %where
  %word = load i16, ptr %bytesat, align 1
  %bitof = and i64 %i, 7
  %shift = trunc i64 %bitof to i16
  %moved = lshr i16 %word, %shift
  %low = and i16 %moved, 1
  %isset = icmp eq i16 %low, 1
  %begins = and i1 %isfree, %isset
  br i1 %begins, label %window, label %onward
window:
  %digit = and i16 %moved, MASK
  %half = lshr i16 %digit, 1
  %place = zext i16 %half to i64
  %row = mul i64 %e, BUCKETS
  %slot = add i64 %row, %place
  %until = add i64 %i, WINDOW
  store i64 %until, ptr %freeat
  %bucketat = getelementptr ptr, ptr %buckets, i64 %slot
  %bucket = load ptr, ptr %bucketat
  %filledat = getelementptr i8, ptr %filled, i64 %slot
  %isfilled = load i8, ptr %filledat
  %first = icmp eq i8 %isfilled, 0
  br i1 %first, label %put, label %times
put:
  store i8 1, ptr %filledat
  %putin = call ptr %copy(ptr %bucket, ptr %x)
  %isput = icmp ne ptr %putin, null
  %putok = zext i1 %isput to i32
  br label %onward
times:
  %timesok = call i32 %mul(ptr %bucket, ptr %bucket, ptr %x, ptr %mont, ptr %ctx)
  br label %onward
onward:
  %ok = phi i32 [ 1, %look ], [ %putok, %put ], [ %timesok, %times ]
  %still = and i32 %good, %ok
  %enext = add i64 %e, 1
  br label %one
square:
  %after = add i64 %i, 1
  %last = icmp eq i64 %after, BITS
  br i1 %last, label %end, label %squared
squared:
  %sq = call i32 %mul(ptr %x, ptr %x, ptr %x, ptr %mont, ptr %ctx)
  %kept = and i32 %good, %sq
  br label %bit
end:
  %told = zext i32 %good to i64
  ret i64 %told
}
"""

NUMBER = ctypes.c_void_p
MORE: dict[str, tuple[object, list[object]]] = {
    "BN_to_montgomery": (ctypes.c_int, [NUMBER] * 4),
    "BN_from_montgomery": (ctypes.c_int, [NUMBER] * 4),
    "BN_mod_mul_montgomery": (ctypes.c_int, [NUMBER] * 5),
    "BN_copy": (NUMBER, [NUMBER, NUMBER]),
}


class Steps:
    """Products to be made one after the other: each names three places in the engine's row of numbers."""

    def __init__(self, steps: Iterable[tuple[int, int, int]] = ()) -> None:
        given = list(steps)
        self.into = array("I", [step[0] for step in given])
        self.left = array("I", [step[1] for step in given])
        self.right = array("I", [step[2] for step in given])

    def product(self, into: int, factors: Sequence[int]) -> None:
        """``into`` becomes the product of two numbers or more."""
        more = len(factors) - 1
        self.into.extend([into] * more)
        self.left.append(factors[0])
        self.left.extend([into] * (more - 1))
        self.right.extend(factors[1:])


class Engine:
    """A row of numbers, kept as Montgomery's arithmetic wants them. One thread at a time: hold ``lock``."""

    def __init__(self, library: ctypes.CDLL, modulus: mpz) -> None:
        self.lock = threading.RLock()
        self.library = library
        self.modulus = modulus
        self.size = (modulus.bit_length() + 7) // 8
        self.context = library.BN_CTX_new()
        self.montgomery = library.BN_MONT_CTX_new()
        self.plain = library.BN_new()
        prime = library.BN_bin2bn(int(modulus).to_bytes(self.size, "big"), self.size, None)
        if not library.BN_MONT_CTX_set(self.montgomery, prime, self.context):
            raise MemoryError
        self.buffer = ctypes.create_string_buffer(self.size)
        self.numbers: list[int] = []
        self.row: Any = None
        self._left: dict[int, list[int]] = {}
        self._code = _compiled()
        self._run, self._gather = _entries(self._code)
        self._mul, self._copy = (_address(library, name) for name in ("BN_mod_mul_montgomery", "BN_copy"))
        self.one = self.room(1)
        self.put(self.one, mpz(1))
        # For powers of one base: what is squared again and again, then for each exponent its buckets and two sums.
        self.base = self.room(1)
        self._buckets: list[int] = []

    def room(self, count: int) -> int:
        """The first of so many places."""
        if self._left.get(count):
            return self._left[count].pop()
        first = len(self.numbers)
        self.numbers += [self.library.BN_new() for _ in range(count)]
        self.row = (NUMBER * len(self.numbers))(*self.numbers)
        return first

    def give_back(self, first: int, count: int) -> None:
        self._left.setdefault(count, []).append(first)

    def put(self, place: int, number: mpz) -> None:
        library, at = self.library, self.numbers[place]
        library.BN_bin2bn(int(number).to_bytes(self.size, "big"), self.size, self.plain)
        self._require(library.BN_to_montgomery(at, self.plain, self.montgomery, self.context))

    def get(self, place: int) -> mpz:
        library = self.library
        self._require(library.BN_from_montgomery(self.plain, self.numbers[place], self.montgomery, self.context))
        self._require(library.BN_bn2binpad(self.plain, self.buffer, self.size) == self.size)
        return mpz(int.from_bytes(self.buffer.raw, "big"))

    def run(self, steps: Steps) -> None:
        rows = (part.buffer_info()[0] for part in (steps.into, steps.left, steps.right))
        self._require(self._run(self._mul, self.montgomery, self.context, self.row, *rows, len(steps.into)))

    def powers(self, base: mpz, exponents: Sequence[mpz]) -> list[int]:
        """One base to powers below 2^256; the places where they are until the next call.

        Yao's way: one run of squarings for all, and of each exponent one product for each of its windows. A bucket
        holds what is to be taken 1, 3, 5 ... times.
        """
        count = len(exponents)
        self.put(self.base, base)
        first = self._room_for(count)
        filled = ctypes.create_string_buffer(count * BUCKETS)
        free = (ctypes.c_int64 * count)()
        bits = b"".join(int(number).to_bytes(ROOM, "little") for number in exponents)
        buckets = ctypes.byref(self.row, first * ctypes.sizeof(NUMBER))
        places = self._mul, self._copy, self.montgomery, self.context, self.numbers[self.base], buckets
        self._require(self._gather(*places, filled, free, bits, count))
        for at, full in enumerate(filled.raw[: count * BUCKETS]):
            if not full:
                self.library.BN_copy(self.numbers[first + at], self.numbers[self.one])
        self.run(_sums(first, count))
        return [first + place * BUCKETS for place in range(count)]

    def _room_for(self, count: int) -> int:
        if len(self._buckets) < count * BUCKETS:
            start = self.room(count * BUCKETS)
            self._buckets = list(range(start, start + count * BUCKETS))
        return self._buckets[0]

    def _require(self, done: object) -> None:
        if not done:
            raise MemoryError


@functools.cache
def _sums(first: int, count: int) -> Steps:
    """Each exponent's buckets to its power, left in the first of them.

    From the top down the running product of the buckets is multiplied up; squared, and once more the product of all:
    what is in bucket k is in there 2k + 1 times.
    """
    steps = []
    for start in range(first, first + count * BUCKETS, BUCKETS):
        top = start + BUCKETS - 1
        second = top - 1
        # The highest place holds what is multiplied up, the next the running product.
        steps += [(second, top, second), (top, top, second)]
        for place in range(second - 1, start, -1):
            steps += [(second, second, place), (top, top, second)]
        steps += [(start, second, start), (top, top, top), (start, start, top)]
    return Steps(steps)


class Powers:
    """Powers of one base by tables in the engine: places whose product is the power."""

    def __init__(self, engine: Engine, base: mpz, width: int) -> None:
        self.width = width
        self.mask = (1 << width) - 1
        self.engine, self.count = engine, -(-BITS // width) * self.mask
        self.first = engine.room(self.count)
        with engine.lock:
            engine.put(self.first, base)
            for start in range(self.first, self.first + self.count, self.mask):
                steps = Steps((place, place - 1, start) for place in range(start + 1, start + self.mask))
                last = start + self.mask - 1
                if last + 1 < self.first + self.count:
                    steps.product(last + 1, [last, start])
                engine.run(steps)

    def __del__(self) -> None:
        self.engine.give_back(self.first, self.count)

    def factors(self, number: mpz) -> list[int]:
        rest, mask, width, before, found = int(number), self.mask, self.width, self.first - 1, []
        while rest:
            if digit := rest & mask:
                found.append(before + digit)
            rest >>= width
            before += mask
        return found


def _address(library: ctypes.CDLL, name: str) -> int | None:
    return ctypes.cast(getattr(library, name), NUMBER).value


@functools.cache
def _compiled() -> Any:
    import llvmlite.binding as llvm  # noqa: PLC0415 -- optional dependency

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    text = TEXT
    for name, value in (("ROOM", ROOM), ("MASK", (1 << WINDOW) - 1), ("BUCKETS", BUCKETS), ("BITS", BITS)):
        text = text.replace(name, str(value))
    builder = llvm.JITLibraryBuilder().add_ir(text.replace("WINDOW", str(WINDOW)))
    for name in ("run", "gather"):
        builder = builder.export_symbol(name)
    return builder.link(llvm.create_lljit_compiler(), "ballots")


def _entries(code: Any) -> tuple[Callable[..., int], Callable[..., int]]:
    run = ctypes.CFUNCTYPE(ctypes.c_int64, *[NUMBER] * 7, ctypes.c_int64)
    gather = ctypes.CFUNCTYPE(ctypes.c_int64, *[NUMBER] * 9, ctypes.c_int64)
    return run(code["run"]), gather(code["gather"])


_left_out = False


def leave_out() -> None:
    """For a web process: it answers people, and has no use for a compiler in its memory."""
    global _left_out
    _left_out = True


def engine(modulus: mpz, base: mpz) -> Engine | None:
    """This process's engine, if it can have one and what it reckons is what GMP reckons."""
    return None if _left_out else _engine(modulus, base)


@functools.cache
def _engine(modulus: mpz, base: mpz) -> Engine | None:
    library = modular.libcrypto(MORE)
    if library is None:
        return None
    try:
        made = Engine(library, modulus)
    except (ImportError, OSError, RuntimeError):
        return None
    top = mpz(1) << BITS
    tried = [mpz(0), mpz(1), mpz(2), base % top, top - 1]
    wanted = [powmod(base, number, modulus) for number in tried]
    found = [made.get(place) for place in made.powers(base, tried)]
    return made if found == wanted else None
