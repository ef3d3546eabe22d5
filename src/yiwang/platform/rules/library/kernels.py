"""Text of LLVM to machine code of this processor, kept in a folder so that it is made once.

Needs the extra ``screening`` (llvmlite); without it ``READY`` is False and the columns are worked out by numpy. Never
imported by a web process.
"""

import ctypes
import functools
import hashlib
import itertools
import json
import mmap
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

try:
    import llvmlite
    import llvmlite.binding as llvm

    READY = True
except (ImportError, OSError):
    READY = False

MAGIC = b"yiwang-kernel-1\n"
ENTRY = "screen"
POPULATE_WRITE = 23  # of madvise, Linux 5.14
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
WRITERS = ("kernels", "machine", "columns", "graph", "kinds", "groups")
_lock = threading.Lock()
_number = itertools.count()
_made: dict[tuple[str, Path | None], "Kernel"] = {}


@dataclass(frozen=True)
class Kernel:
    """``call(start, stop, row0, first, addresses)``; ``about`` is what the writer of its text told."""

    call: Callable[[int, int, int, int, int], int]
    about: dict[str, Any]
    fresh: bool  # made now, not found
    library: Any  # kept: the code lives as long as this


def fetch(arrays: Iterable[Any]) -> None:
    """Ask the system at once for the memory of new arrays: page by page it takes as long as the reckoning.

    Where the system does not know the call, the pages come one by one as ever.
    """
    page = mmap.PAGESIZE
    for array in arrays:
        start = -(-array.ctypes.data // page) * page
        size = (array.ctypes.data + array.nbytes) // page * page - start
        if size > 0 and _libc is not None:
            _libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), POPULATE_WRITE)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def kernel(key: Any, folder: Path | None, write: Callable[[], tuple[str, dict[str, Any]]]) -> Kernel:
    """The kernel of ``key`` (plain data) from ``folder``; made with ``write`` if it is not there or not whole."""
    name = digest(json.dumps([key, _machine(), _writers()], sort_keys=True).encode())
    with _lock:
        if (name, folder) in _made:
            return _made[name, folder]
        path = None if folder is None else folder / f"{name}.kernel"
        found = None if path is None else _read(path)
        if found is None:
            text, about = write()
            code = _compiled(text)
            if path is not None:
                _keep(path, code, about)
            made = _loaded(code, about, fresh=True)
        else:
            made = _loaded(*found, fresh=False)
        _made[name, folder] = replace(made, fresh=False)
        return made


def kernel_folder() -> Path | None:
    """Where this user's kernels are kept: below ``YIWANG_VAR`` where that is set, else in the user's own cache."""
    var = os.environ.get("YIWANG_VAR")
    if var:
        return Path(var) / "kernels"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    return cache / "yiwang" / "kernels" if cache.is_absolute() else None


@functools.cache
def _machine() -> list[str]:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features().flatten()
    return [llvmlite.__version__, llvm.get_process_triple(), llvm.get_host_cpu_name(), features]


@functools.cache
def _writers() -> str:
    """A kernel written by another release of these modules is not ours."""
    here = Path(__file__).parent
    told = (hashlib.sha256((here / f"{name}.py").read_bytes()).digest() for name in WRITERS)
    return hashlib.sha256(b"".join(told)).hexdigest()


def _compiled(text: str) -> bytes:
    _, _, cpu, features = _machine()
    target = llvm.Target.from_default_triple().create_target_machine(cpu=cpu, features=features, opt=3, jit=True)
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = target.triple, str(target.target_data)
    module.verify()
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = options.slp_vectorization = True
    passes = llvm.create_pass_builder(target, options)
    passes.getModulePassManager().run(module, passes)
    code: bytes = target.emit_object(module)
    return code


@functools.cache
def _jit() -> Any:
    return llvm.create_lljit_compiler()


def _loaded(code: bytes, about: dict[str, Any], *, fresh: bool) -> Kernel:
    library = (
        llvm.JITLibraryBuilder().add_object_img(code).export_symbol(ENTRY).link(_jit(), f"{ENTRY}-{next(_number)}")
    )
    kind = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * 4, ctypes.c_void_p)
    return Kernel(kind(library[ENTRY]), about, fresh, library)


def _read(path: Path) -> tuple[bytes, dict[str, Any]] | None:
    """Nothing if it is not whole, or if somebody else could have put it there: it would run as ours."""
    try:
        folder, content = path.parent.stat(), path.read_bytes()
    except OSError:
        return None
    if folder.st_uid != os.getuid() or folder.st_mode & 0o022:
        return None
    rest = content[len(MAGIC) + 32 :]
    if content[: len(MAGIC)] != MAGIC or content[len(MAGIC) : len(MAGIC) + 32] != hashlib.sha256(rest).digest():
        return None
    about, _, code = rest.partition(b"\n")
    return code, json.loads(about)


def _keep(path: Path, code: bytes, about: dict[str, Any]) -> None:
    """A folder that cannot be written only costs the next process its own kernel."""
    rest = json.dumps(about).encode() + b"\n" + code
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            part.write(MAGIC + hashlib.sha256(rest).digest() + rest)
        Path(part.name).replace(path)
    except OSError:
        return
