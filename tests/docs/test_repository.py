"""What holds for the repository as a whole."""

import ast
import re

from docs.shelf import ROOT, SOURCE


def test_every_room_says_in_one_sentence_what_it_is_for() -> None:
    for room in sorted(SOURCE.glob("*/__init__.py")):
        said = ast.get_docstring(ast.parse(room.read_text("utf-8"))) or ""
        assert re.fullmatch(r"[A-Z].{20,}\.", said), f"{room.parent.name}: {said!r}"


_HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "registry." + "npmjs", "deb.debian" + ".org", "index-" + "url")
_MADE_HERE = {
    ".git",
    ".venv",
    "var",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
}
_PLACES = ("/wo" + "rk/", "/ro" + "ot/")


def test_no_file_names_a_registry_host_or_a_path_of_the_machine_it_was_written_on() -> None:
    tops = [path for path in ROOT.iterdir() if path.name not in _MADE_HERE]
    files = [file for top in tops for file in (top.rglob("*") if top.is_dir() else [top]) if file.is_file()]
    assert len(files) > 300
    found = []
    for file in files:
        if not {"__pycache__", "screenshots"} & set(file.parts):
            data = file.read_bytes()
            found += [f"{file.relative_to(ROOT)}: {word}" for word in (*_HOSTS, *_PLACES) if word.encode() in data]
    assert found == []
