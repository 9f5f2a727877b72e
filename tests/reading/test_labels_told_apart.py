"""Labels in one picture are bounded one by one; edges and pieces are not taken for labels."""

import cv2
import numpy as np
import pytest
from PIL import Image

from karez.reading.locating import Layout, locate
from reading.drawn_labels import LabelText, Laid, carton, draw_label, scene

ONE, OTHER = draw_label(LabelText(matrix=False)), draw_label(LabelText(waybill="SF1234567890123"))


def layout_of(*laid: Laid) -> Layout:
    return locate(cv2.imdecode(np.frombuffer(scene(*laid), np.uint8), cv2.IMREAD_GRAYSCALE))


def beside(gap_px: float, angle_deg: float) -> tuple[Laid, Laid]:
    """Lay two labels (500 pixels wide) side by side, turned together."""
    reach = 250 + gap_px / 2
    x, y = reach * np.cos(np.radians(angle_deg)), reach * np.sin(np.radians(angle_deg))
    return Laid(ONE, 1000 - x, 700 - y, angle_deg), Laid(OTHER, 1000 + x, 700 + y, angle_deg)


@pytest.mark.parametrize(("gap_px", "angle_deg"), [(40, 0), (40, 33), (80, 121), (300, 10)])
def test_two_labels_side_by_side_are_two(gap_px: int, angle_deg: int) -> None:
    laid = beside(gap_px, angle_deg)
    layout = layout_of(*laid)
    assert len(layout.labels) == 2
    places = [layout.label_of(each.x, each.y) for each in laid]
    assert sorted(place for place in places if place is not None) == [0, 1]
    assert layout.label_of(5, 5) is None


def test_a_label_with_wide_gaps_of_bare_paper_is_one() -> None:
    paper = np.array(draw_label(LabelText()))
    rows = np.vstack([paper[:600], np.full((190, paper.shape[1], *paper.shape[2:]), 255, np.uint8), paper[600:]])
    assert len(layout_of(Laid(Image.fromarray(rows), 1000, 700, 20, 4.0)).labels) == 1


def test_the_edges_of_a_parcel_are_no_label() -> None:
    picture = np.full((1400, 2000), 60, np.uint8)
    cv2.fillConvexPoly(picture, cv2.boxPoints(((1000, 700), (1500, 1000), 25)).astype(np.int32), 170)
    paper = cv2.resize(np.array(ONE.convert("L")), (400, 600), interpolation=cv2.INTER_AREA)
    picture[400:1000, 800:1200] = paper
    (label,) = locate(picture).labels
    assert label.holds(1000, 700)
    assert label.x == pytest.approx(1000, abs=40)
    assert max(label.width, label.height) < 650


def test_print_of_a_carton_stands_on_no_label_of_the_courier() -> None:
    layout = layout_of(Laid(ONE, 600, 700, 12), Laid(carton(), 1500, 600, 12, 6))
    own = layout.label_of(600, 700)
    assert own is not None
    assert layout.label_of(1500, 600) != own
