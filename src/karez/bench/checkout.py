"""The state of the code that was measured, where it runs from a git checkout."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Code:
    """A commit, and whether files of the package differ from it."""

    commit: str
    changed: bool


def code_of(package: Path) -> Code | None:
    """Tell which commit a package's files are of.

    Returns
    -------
    ``None`` where they are of none: installed without a checkout, lying untracked in another project's, or without git.
    """
    tracked = _git(package, "ls-files", "--error-unmatch", "__init__.py")
    commit = _git(package, "rev-parse", "HEAD")
    differing = _git(package, "status", "--porcelain", "--", ".")
    if tracked is None or commit is None or differing is None:
        return None
    return Code(commit, bool(differing))


def _git(folder: Path, *words: str) -> str | None:
    """Ask git about a folder; ``None`` where it has no answer."""
    try:
        answer = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()
