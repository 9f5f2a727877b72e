"""One scene: a parcel's label under one of the bench's conditions, and the truth about it."""

import zlib
from dataclasses import dataclass

import cv2
import numpy as np

from karez.domain.errors import BadInput
from karez.simulation.conditions import Conditions
from karez.simulation.damage import damaged
from karez.simulation.label_layout import Label, PrintedLine
from karez.simulation.labels import draw_label
from karez.simulation.optics import expose
from karez.simulation.parcel_face import lay_face, shaded
from karez.simulation.planned import PlannedParcel
from karez.simulation.projection import HEIGHT_PX, WIDTH_PX, label_centre_px, stick, view_of
from karez.simulation.scenes.conditions import CONDITIONS, drawn
from karez.simulation.scenes.parcels import bench_parcel, bench_style
from karez.simulation.textures import Picture, belt, cut

_JPEG_QUALITY = 92
_LABEL, _SHOT = 1, 2  # purposes of random numbers


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture and all that truly stands on it.

    Attributes
    ----------
    picture
        JPEG, 1600 × 1200, in colour.
    waybills
        Every waybill in the picture once, the first label's first.
    lines
        The address lines of the recipients, label by label from the top, as printed after wrapping.
    company
        Short name of the first label's courier company.
    sort_code
        The first label's three-segment code, ``None`` where it has none.
    script
        Of the first label's address: ``"zh"``, ``"ug"``, ``"zh+ug"`` or ``"en"``.
    conditions
        What was drawn for the shot.
    """

    picture: bytes
    waybills: tuple[str, ...]
    lines: tuple[PrintedLine, ...]
    company: str
    sort_code: str | None
    script: str
    conditions: Conditions


def scene(name: str, index: int, seed: int) -> Scene:
    """Draw one scene of the bench.

    Parameters
    ----------
    name
        One of `CONDITIONS`.
    index
        From 0; the parcel of one index is the same under every condition of a seed.
    seed
        Of all random choices; the same three arguments give the same bytes.

    Raises
    ------
    BadInput
        No condition has that name.
    MissingPart
        A typeface is not installed.
    """
    if name not in CONDITIONS:
        raise BadInput(f"no condition of the bench is named {name}", name, f"one of: {', '.join(CONDITIONS)}")
    rng = np.random.default_rng([seed, index, zlib.crc32(name.encode()), _SHOT])
    shot = drawn(CONDITIONS[name], rng)
    parcel = bench_parcel(index, seed)
    style = bench_style(parcel, seed, confirmed=name == "3px-mm")
    label = draw_label(parcel, np.random.default_rng([seed, index, _LABEL]), style)
    canvas = np.ascontiguousarray(cut(belt(), HEIGHT_PX, WIDTH_PX, rng))
    _lay(canvas, parcel, label, shot, rng)
    return Scene(
        _developed(canvas, shot, rng),
        (parcel.waybill,),
        label.lines,
        parcel.company,
        parcel.sort_code,
        parcel.script,
        shot,
    )


def _lay(canvas: Picture, parcel: PlannedParcel, label: Label, shot: Conditions, rng: np.random.Generator) -> None:
    """Lay the parcel into the scene, its label on it."""
    view = view_of(shot, label_centre_px(label, shot, rng))
    size_mm = (max(parcel.length_mm, label.width_mm + 12), max(parcel.width_mm, label.height_mm + 12))
    corner_mm, shading = lay_face(canvas, size_mm, label, shot.surface, view, rng)
    print_px = damaged(label.pixels[:, :, ::-1], label, "", shot.creases, rng)
    stick(canvas, shaded(print_px, label, shading, corner_mm, shot.surface), label, view)


def _developed(canvas: Picture, shot: Conditions, rng: np.random.Generator) -> bytes:
    done, data = cv2.imencode(".jpg", expose(canvas, shot, rng), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    assert done, "a picture of this size always encodes"
    return bytes(data.tobytes())
