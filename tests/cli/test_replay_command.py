"""`karez replay`: which store its argument names."""

from pathlib import Path

import pytest

from karez.cli.replay import _address
from karez.domain.errors import BadInput


def test_the_store_of_a_demo_s_folder_is_found_where_the_demo_lays_it(tmp_path: Path) -> None:
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "karez.db").touch()
    assert _address(str(tmp_path)) == f"sqlite:///{tmp_path / 'hub' / 'karez.db'}"
    with pytest.raises(BadInput, match="there is no store"):
        _address(str(tmp_path / "hub" / "nothing"))
