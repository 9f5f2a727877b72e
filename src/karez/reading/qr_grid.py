"""Read QR codes that the decoder cannot lay a grid over: damaged, glared, of dots, tilted, bent.

Binarising is not what fails on them: a hole in a finder, or a bend, puts the decoder's grid a module off. Here the grid
is fitted to all that is known of the code (`qr_corners`, `qr_fit`), its modules are sampled and drawn clean, and the
decoder reads the drawing. What it reads is guarded by the code's own error correction (Reed-Solomon).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import cv2
import numpy as np
import zxingcpp

from karez.domain.reading import Code
from karez.reading import qr_corners, qr_fit, qr_patterns
from karez.reading.pictures import Grey
from karez.reading.qr_corners import Corners
from karez.reading.qr_fit import Grid
from karez.reading.qr_patterns import Soft
from karez.reading.qr_sheet import Sheet, softened
from karez.reading.qr_third_finder import completed
from karez.reading.scans import scan
from karez.reading.views import Region, View, as_box, cut

_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_VIEW_PX, _MOST_SCALE = 160_000, 3.0  # of a place
_MARGIN_SHARE, _MARGIN_PX = 0.2, 14.0
_DRAWN_PX = 4  # pixels of a drawn module
_LEAST_AGREEMENT = 0.45
_SURE = 0.8  # agreement that needs no other finders to be looked for
_DECODED, _BENT = 3, 2  # grids that are tried as they are laid, and that are bent
_SPREADS = 0.25, 0.4  # modules (standard deviation) over which one is averaged
_SEARCHES = (2.4, 0.4), (0.3, 0.15)
"""Modules to either side, and steps, in which the far corner is searched."""


def decode(picture: Grey, place: Region, late: Callable[[], bool]) -> list[Code]:
    """Read a QR code that fills much of a place of the picture: at most one; give up when it is ``late``."""
    laid = _laid(picture, _view(picture, place))
    for grids in (laid[:_DECODED], (bent for grid in _best_of_versions(laid) for bent in _bent(grid))):
        for grid in grids:
            for soft in _modules(grid):
                codes = _decoded(soft, grid)
                if codes or late():
                    return codes
    return []


def _view(picture: Grey, place: Region) -> View:
    """Show a place with much of what is around it: a stained or bent code may reach beyond what was found of it."""
    margin = _MARGIN_SHARE * max(place.width, place.height) + _MARGIN_PX
    wide = place.padded(margin, margin)
    scale = min(_MOST_SCALE, (_VIEW_PX / wide.area) ** 0.5)
    return cut(picture, wide, scale, cubic=scale > 1)


def _laid(picture: Grey, view: View) -> list[Grid]:
    """Lay grids by three finders, or by two and the place of the third, and the timing between them: best first."""
    finders = qr_corners.laid_finders(picture, view)
    laid = [grid for corners in qr_corners.corners(finders) for grid in _of_versions(picture, corners)]
    if not any(grid.agreement > _SURE for grid in laid):
        laid += [grid for corners in completed(picture, finders) for grid in _of_versions(picture, corners)]
    return sorted((one for one in laid if one.agreement > _LEAST_AGREEMENT), key=lambda grid: -grid.agreement)


def _of_versions(picture: Grey, corners: Corners) -> Iterator[Grid]:
    """Lay a grid of each version that corners may belong to."""
    for version in corners.versions:
        sheet = Sheet(picture, corners.to_stored(version), qr_patterns.side(version), corners.inverted)
        yield qr_fit.fitted(qr_fit.flat(sheet), qr_fit.near_finders(version), degree=2)


def _best_of_versions(laid: list[Grid]) -> list[Grid]:
    """Choose what is worth more time: the best grid of each of the likeliest versions."""
    best: dict[int, Grid] = {}
    for grid in laid:
        best.setdefault(grid.sheet.count, grid)
    return list(best.values())[:_BENT]


def _bent(grid: Grid) -> Iterator[Grid]:
    """Bend a grid further and further to what else is seen of the code."""
    for reach, step in _SEARCHES:
        grid = _far_corner_found(grid, reach, step)
    yield grid
    yield qr_fit.grown(qr_fit.fitted(grid, qr_fit.prescribed(qr_patterns.version_of(grid.sheet.count))))


def _far_corner_found(grid: Grid, reach: float, step: float) -> Grid:
    """Move the far corner to where modules look most like modules, up to ``reach`` modules away."""
    steps = np.arange(-reach, reach + step / 2, step)
    x, y = np.meshgrid(steps, steps)
    offs = np.column_stack([x.ravel(), y.ravel()])
    moved = [replace(grid, bend=grid.bend + qr_fit.corner_pulled(off)) for off in offs]
    return max(moved, key=qr_fit.clearness)


def _modules(grid: Grid) -> Iterator[Soft]:
    """Sample the modules in several ways: freed of their neighbours' blur, and against its neighbours."""
    for spread in _SPREADS:
        soft = grid.read(softened(grid.sheet.levelled, spread))
        sharp = soft + 0.35 * (soft - cv2.blur(soft, (3, 3)))
        near = np.asarray(sharp - cv2.blur(sharp, (5, 5)), np.float32)
        yield _equalised(soft, _equalised(soft, near))
        yield near


def _equalised(soft: Soft, decided: Soft) -> Soft:
    """Take from each module what its neighbours blur into it, by the filter that best gives what was decided."""
    count = len(soft)
    padded = np.pad(soft, 1, mode="edge")
    shifts = [padded[i : i + count, j : j + count] for i in range(3) for j in range(3)]
    around = [cv2.blur(soft, (width, width)) for width in (5, 9)]
    seen = np.stack([*shifts, *around, np.ones_like(soft)], axis=-1).reshape(-1, 12)
    wanted = qr_patterns.with_format(decided).ravel()
    weight = np.where(qr_patterns.fixed(qr_patterns.version_of(count)).ravel() != 0, 1.0, 0.6)
    normal = (seen * weight[:, np.newaxis]).T @ seen
    filtered = np.linalg.solve(normal + 1e-3 * np.trace(normal) / 12 * np.eye(12), seen.T @ (weight * wanted))
    return np.asarray(seen @ filtered, np.float32).reshape(count, count)


def _decoded(soft: Soft, grid: Grid) -> list[Code]:
    drawing = qr_patterns.drawn(qr_patterns.with_format(soft), _DRAWN_PX)
    codes = scan(View(drawing, np.eye(3)), _FORMATS, rotate=False)
    return [replace(code, box=as_box(grid.outline)) for code in codes]
