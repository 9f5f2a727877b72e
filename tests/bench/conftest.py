"""Figures of tests are no results: they are written nowhere."""

import pytest


@pytest.fixture(autouse=True, scope="module")
def away_from_the_checkout(tmp_path_factory):
    """Run in a folder that has no benchmarks/ of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("elsewhere"))
        yield
