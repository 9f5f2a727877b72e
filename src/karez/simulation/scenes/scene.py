"""One scene: a parcel's label under one of the bench's conditions, and the truth about it."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from karez.domain.errors import BadInput
from karez.simulation.conditions import Conditions
from karez.simulation.damage import damaged
from karez.simulation.label_layout import PrintedLine
from karez.simulation.projection import label_centre_px, view_of
from karez.simulation.scenes.bag import lay_bag
from karez.simulation.scenes.bent import lay_bent
from karez.simulation.scenes.carton import lay_carton
from karez.simulation.scenes.conditions import CONDITIONS, Trouble, drawn
from karez.simulation.scenes.pairs import lay_pair
from karez.simulation.scenes.parcels import Labelled, labelled
from karez.simulation.scenes.stage import Stage, face_mm, lay_flat
from karez.simulation.scenes.tape import lay_tape
from karez.simulation.scenes.thermal import faded

_SHOT = 2  # purpose of random numbers


@dataclass(frozen=True, slots=True)
class LabelTruth:
    """What stands on one of a picture's labels, and where it is.

    Attributes
    ----------
    waybill, lines
        As of a `Scene`.
    centre_px
        The label's centre in the picture, x and y.
    """

    waybill: str
    lines: tuple[PrintedLine, ...]
    centre_px: tuple[float, float]


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
    labels
        Every label by itself.
    """

    picture: bytes
    waybills: tuple[str, ...]
    lines: tuple[PrintedLine, ...]
    company: str
    sort_code: str | None
    script: str
    conditions: Conditions
    labels: tuple[LabelTruth, ...]


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
    stage = Stage.empty(drawn(CONDITIONS[name], rng), rng)
    if CONDITIONS[name].trouble is Trouble.TWO_LABELS:
        return _taken(stage, lay_pair(stage, index, seed))
    return _taken(stage, [_lay(stage, CONDITIONS[name].trouble, labelled(index, seed, confirmed=name == "3px-mm"))])


def _taken(stage: Stage, laid: Sequence[Labelled]) -> Scene:
    """Take the picture, and note what lies there."""
    first = laid[0].parcel
    return Scene(
        picture=stage.developed(),
        waybills=tuple(dict.fromkeys(each.parcel.waybill for each in laid)),
        lines=tuple(line for each in laid for line in each.label.lines),
        company=first.company,
        sort_code=first.sort_code,
        script=first.script,
        conditions=stage.shot,
        labels=tuple(LabelTruth(each.parcel.waybill, each.label.lines, each.centre_px) for each in laid),
    )


def _lay(stage: Stage, trouble: Trouble, laid: Labelled) -> Labelled:
    """Lay the parcel into the scene, its label on it, and let the trouble befall it; returns it with its place."""
    parcel, label, shot = laid.parcel, laid.label, stage.shot
    centre_px = label_centre_px(label, shot, stage.rng)
    view = view_of(shot, centre_px)
    print_px = damaged(label.pixels[:, :, ::-1], label, "", shot.creases, stage.rng)
    if trouble is Trouble.CURVED:
        lay_bent(stage, label, print_px, view)
    elif trouble is Trouble.PRINTED_CARTON:
        lay_carton(stage, label, print_px, face_mm(parcel, label), view)
    elif trouble is Trouble.POLY_BAG:
        lay_bag(stage, label, print_px, face_mm(parcel, label), view)
    else:
        worn = faded(print_px, label, stage.rng) if trouble is Trouble.FADED else print_px
        face = lay_flat(stage, label, worn, face_mm(parcel, label), view)
        if trouble is Trouble.TAPE:
            lay_tape(stage, label, face, view)
    return replace(laid, centre_px=centre_px)
