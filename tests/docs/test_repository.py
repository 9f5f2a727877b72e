"""What holds for the repository as a whole."""

import ast
import re
import subprocess

import pytest

from docs.shelf import ROOT, SOURCE


def test_every_room_says_in_one_sentence_what_it_is_for() -> None:
    for room in sorted(SOURCE.glob("*/__init__.py")):
        said = ast.get_docstring(ast.parse(room.read_text("utf-8"))) or ""
        assert re.fullmatch(r"[A-Z].{20,}\.", said), f"{room.parent.name}: {said!r}"


_HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "registry." + "npmjs", "deb.debian" + ".org", "index-" + "url")
_PLACES = ("/wo" + "rk/", "/ro" + "ot/")


def test_no_file_names_a_registry_host_or_a_path_of_the_machine_it_was_written_on() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    found = []
    for name in filter(None, listed.stdout.decode().split("\0")):
        file = ROOT / name
        if file.is_file():
            data = file.read_bytes()
            found += [f"{name}: {word}" for word in (*_HOSTS, *_PLACES) if word.encode() in data]
    assert found == []
