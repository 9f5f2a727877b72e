"""The published mailbox page is that of the layout's tables."""

from pathlib import Path

from karez.sorter.plc.mailbox.page import PAGE_FILE, page

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def test_the_published_page_is_current() -> None:
    how = "python -m karez.sorter.plc.mailbox.page docs/reference"
    assert (REFERENCE / PAGE_FILE).read_text("utf-8") == page(), f"run: {how}"


def test_the_page_names_the_places_that_a_plc_programmer_needs() -> None:
    rows = page().splitlines()
    for row in (
        "| 0 | 0 | `magic` | UINT (1 word) | 0x4B5A |",
        "| 30 | 60 | `check` | UDINT (2 words) | Adler-32 of all bytes before it in the header or slot |",
        "| 58 | 116 | `number_again` | UINT (1 word) | low word of the running number |",
        "| 28 | 56 | `chute` | 8 characters (4 words) | where to; empty: go round once more |",
    ):
        assert row in rows
