"""How the kernels of the planning model are compiled, and when a compiled one is out of date."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])

_OPTIONS: dict[str, Any] = {"error_model": "numpy", "_nrt": False}
"""Kernels work on arrays that their caller holds and make none, so that no references need be counted (``_nrt``): that
counting took nine tenths of the time. numba refuses to compile a kernel without it that would make an array."""

_INNER: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Neither Python nor C calls them: nothing need be compiled for that."""


def kernel(function: F) -> F:
    """Compile a function that only other kernels call; it becomes part of theirs.

    At a call it would be handed every array of the model anew, which took three quarters of the time.
    """
    return cast(F, numba.njit(forceinline=True, **_INNER, **_OPTIONS)(function))


def rare_kernel(function: F) -> F:
    """Compile a function that other kernels seldom call, as a call: that compiles in two thirds of the time."""
    return cast(F, numba.njit(**_INNER, **_OPTIONS)(function))


def entry(function: F) -> F:
    """Compile a function that Python calls, and keep the machine code beside the source for the next process.

    numba asks only whether the function's own file has changed, not those of the kernels that it calls. An entry must
    therefore use `SOURCES` as a variable of an enclosing function: what a closure holds is part of the cache's key.
    """
    return cast(F, numba.njit(cache=True, **_OPTIONS)(function))


def _sources() -> int:
    files = sorted(Path(__file__).parent.glob("*.py"))
    return int(sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12], 16)


SOURCES = _sources()
"""Number made of the text of every module here; another text gives another number."""
