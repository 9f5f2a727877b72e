"""GS1 element strings (GS1-128, GS1 DataMatrix, GS1 DataBar): which application identifier has which value.

Goods and logistic units carry them beside a waybill: (00) serial shipping container, (01) trade item, (10) batch,
(3103) weight. The codes of the trade's own numbers are no element strings and give none.
"""

from biip import ParseError
from biip.gs1_messages import GS1Message

Elements = tuple[tuple[str, str], ...]
"""Pairs of application identifier and value, in the order they are printed."""


def elements(text: str) -> Elements:
    """Parse the content of a code that says of itself that it is GS1 (FNC1 in the first place).

    Parameters
    ----------
    text
        Plain content, group separators (0x1D) kept; a leading one is passed over.

    Returns
    -------
    Nothing where the content breaks the GS1 General Specifications (unknown identifier, wrong check digit or date): a
    misprint is normal in the trade, and the text itself is still there.
    """
    try:
        message = GS1Message.parse(text.lstrip("\x1d"))
    except ParseError:
        return ()
    parts = message.element_strings
    if any(part.gtin_error or part.sscc_error or part.gln_error for part in parts):
        return ()
    return tuple((part.ai.ai, part.value) for part in parts)
