"""Which commit was measured, and whether files differ from it."""

import subprocess

import pytest

from karez.bench.checkout import code_of


def git(folder, *words):
    who = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.invalid"]
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def package(tmp_path):
    """A package with one file, committed."""
    package = tmp_path / "src" / "trade"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    return package


def test_the_commit_is_named_and_what_lies_outside_the_package_changes_nothing(package):
    (package.parent.parent / "results.txt").write_text("figures of an earlier run")
    code = code_of(package)
    assert (code.commit, code.changed) == (git(package, "rev-parse", "HEAD"), False)


@pytest.mark.parametrize("file", ["__init__.py", "new.py"])
def test_a_changed_or_new_file_of_the_package_is_told(package, file):
    (package / file).write_text("changed = True")
    assert code_of(package).changed


def test_a_package_that_lies_untracked_in_a_checkout_is_of_no_commit(package):
    other = package.parent / "installed"
    other.mkdir()
    (other / "__init__.py").write_text("")
    assert code_of(other) is None


def test_without_a_checkout_or_without_git_there_is_no_commit(package, tmp_path_factory, monkeypatch):
    assert code_of(tmp_path_factory.mktemp("elsewhere")) is None
    monkeypatch.setenv("PATH", "")
    assert code_of(package) is None
