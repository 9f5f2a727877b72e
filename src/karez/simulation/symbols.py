"""Bar codes as patterns of dark and light modules; how large they are printed is the label's business."""

import numpy as np
import segno
import zxingcpp
from barcode.codex import Code128
from numpy.typing import NDArray

Modules = NDArray[np.bool_]
"""Dark modules are true: a row for a linear code, a square for a QR code."""

QUIET_MODULES = 10
"""Blank modules a Code 128 needs on each side (ISO/IEC 15417)."""


def code128(text: str) -> Modules:
    """Encode a text as Code 128; without quiet zones."""
    (pattern,) = Code128(text).build()
    return np.asarray(np.frombuffer(pattern.encode("ascii"), dtype=np.uint8) == ord("1"), dtype=np.bool_)


def qr(text: str) -> Modules:
    """Encode a text as a QR code at error level M (as express labels print it); without quiet zone."""
    symbol = segno.make(text, error="m", micro=False, boost_error=False)
    return np.array([list(row) for row in symbol.matrix], dtype=np.bool_)


def datamatrix(text: str) -> Modules:
    """Encode a text as a Data Matrix (ECC 200), square as labels show it; without quiet zone."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    return np.asarray(np.asarray(code.to_image(scale=1, add_quiet_zones=False)) == 0, dtype=np.bool_)
