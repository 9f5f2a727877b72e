"""How the kernels of the planning model are compiled, and when a compiled one is out of date."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile a function that only other kernels call; it becomes part of theirs."""
    return cast(F, numba.njit(error_model="numpy")(function))


def entry(function: F) -> F:
    """Compile a function that Python calls, and keep the machine code beside the source for the next process.

    numba asks only whether the function's own file has changed, not those of the kernels that it calls. An entry must
    therefore use `SOURCES` as a variable of an enclosing function: what a closure holds is part of the cache's key.
    """
    return cast(F, numba.njit(error_model="numpy", cache=True)(function))


def _sources() -> int:
    files = sorted(Path(__file__).parent.glob("*.py"))
    return int(sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12], 16)


SOURCES = _sources()
"""Number made of the text of every module here; another text gives another number."""
