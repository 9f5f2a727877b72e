"""The hall's camera: looks down on the belt and delivers a JPEG of the parcel that passes."""

import cv2
import numpy as np
from numpy.typing import NDArray

from karez.simulation.conditions import Conditions, conditions, generator
from karez.simulation.damage import damaged
from karez.simulation.labels import Label, draw_label
from karez.simulation.optics import expose
from karez.simulation.planned import PlannedParcel
from karez.simulation.surfaces import FACE_PX_PER_MM, face_shading, outline, paint_face
from karez.simulation.textures import Field, Picture, belt, cut

__all__ = ["Conditions", "conditions", "photograph"]

WIDTH_PX, HEIGHT_PX = 1600, 1200
_DISTANCE_MM = 900.0  # from lens to parcel: how strong the perspective of a tilted face is
_JPEG_QUALITY = 92
_FACE_MM = ((150.0, 520.0), (150.0, 400.0))  # what of a parcel's face is painted: at least a label, at most the view
_LABEL, _FACE, _SHOT = 3, 4, 5  # purposes of random numbers

Homography = NDArray[np.float64]


def photograph(parcel: PlannedParcel, lap: int, seed: int) -> bytes:
    """Take the picture of a parcel on one lap.

    Parameters
    ----------
    parcel
        The parcel; its ``picture`` says under which conditions.
    lap
        From 1; label, surface and damage stay from lap to lap, the shot changes.
    seed
        Of the day.

    Returns
    -------
    bytes
        JPEG, 1600 × 1200, in colour; the same arguments give the same bytes.

    Raises
    ------
    MissingPart
        A typeface is not installed.
    """
    shot = conditions(parcel, lap, seed)
    rng = generator(parcel, seed, _SHOT, lap)
    scene = np.ascontiguousarray(cut(belt(), HEIGHT_PX, WIDTH_PX, rng))
    _lay_parcel(scene, parcel, shot, seed, rng)
    done, data = cv2.imencode(".jpg", expose(scene, shot, rng), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    assert done, "a picture of this size always encodes"
    return bytes(data.tobytes())


def _lay_parcel(scene: Picture, parcel: PlannedParcel, shot: Conditions, seed: int, rng: np.random.Generator) -> None:
    """Put the parcel's face, and the label on it, into the scene."""
    of_label, of_face = generator(parcel, seed, _LABEL), generator(parcel, seed, _FACE)
    label = draw_label(parcel, of_label)
    view = _view(shot, _label_centre_px(label, shot, rng))
    offset_mm, shading = _face(scene, parcel, label, shot, view, of_face)
    if shot.damage != "face down":
        print_px = damaged(label.pixels[:, :, ::-1], label, shot.damage, shot.creases, of_label)
        _stick(scene, _shaded(print_px, label, shading, offset_mm, shot), label, view)


def _view(shot: Conditions, centre_px: tuple[float, float]) -> Homography:
    """Map the face's plane, in mm about the label's centre, to pixels: turned, tilted, seen through a pinhole."""
    turn, tilt, axis = np.radians([shot.angle_deg, shot.tilt_deg, shot.tilt_axis_deg])
    spin = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    lean, _ = cv2.Rodrigues(np.array([np.cos(axis), np.sin(axis), 0.0]) * tilt)
    plane = (lean @ spin)[:, [0, 1, 2]].copy()
    plane[:, 2] = (0, 0, _DISTANCE_MM)  # the label's centre stands at the lens's working distance
    focal_px = shot.px_per_mm * _DISTANCE_MM
    lens = np.array([[focal_px, 0, centre_px[0]], [0, focal_px, centre_px[1]], [0, 0, 1]])
    return np.asarray(lens @ plane, dtype=np.float64)


def _label_centre_px(label: Label, shot: Conditions, rng: np.random.Generator) -> tuple[float, float]:
    """Choose where the label's centre stands, so that the whole label is in the picture."""
    turn = np.radians(shot.angle_deg)
    half = np.abs([[np.cos(turn), np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ (label.width_mm, label.height_mm) / 2
    room = (np.array([WIDTH_PX, HEIGHT_PX]) / 2 - half * shot.px_per_mm * 1.04).clip(0)
    at = np.array([WIDTH_PX, HEIGHT_PX]) / 2 + rng.uniform(-0.8, 0.8, 2) * room
    return float(at[0]), float(at[1])


def _face(
    scene: Picture, parcel: PlannedParcel, label: Label, shot: Conditions, view: Homography, rng: np.random.Generator
) -> tuple[NDArray[np.float64], Field]:
    """Paint the face; returns where its top left corner lies from the label's centre (mm), and its shading."""
    size_mm = np.array(
        [
            np.clip(max(parcel.length_mm, label.width_mm + 12), *_FACE_MM[0]),
            np.clip(max(parcel.width_mm, label.height_mm + 12), *_FACE_MM[1]),
        ]
    )
    spare_mm = (size_mm - (label.width_mm, label.height_mm)) / 2 - 4
    centre_mm = rng.uniform(-1, 1, 2) * spare_mm  # of the face, seen from the label's centre
    shading = face_shading(shot.surface, (int(size_mm[1] * FACE_PX_PER_MM), int(size_mm[0] * FACE_PX_PER_MM)), rng)
    corner_mm = centre_mm - size_mm / 2
    place = view @ _scale_then_move(1 / FACE_PX_PER_MM, corner_mm)
    edge = _project(view, outline(shot.surface, size_mm[0], size_mm[1], rng) + centre_mm)
    _shadow(scene, edge)
    _blend(scene, paint_face(shot.surface, shading, rng), place, edge)
    return corner_mm, shading


def _shadow(scene: Picture, edge: NDArray[np.float64]) -> None:
    """Darken the belt about the parcel; worked out small, as shadows are soft."""
    small = np.full((HEIGHT_PX // 8, WIDTH_PX // 8), 255, dtype=np.uint8)
    cv2.fillPoly(small, [((edge + np.array([22, 26])) / 8).round().astype(np.int32)], (90,))
    soft = cv2.resize(cv2.GaussianBlur(small, (0, 0), 4), (WIDTH_PX, HEIGHT_PX))
    cv2.multiply(scene, cv2.merge([soft, soft, soft]), dst=scene, scale=1 / 255)


def _shaded(
    print_px: Picture, label: Label, shading: Field, corner_mm: NDArray[np.float64], shot: Conditions
) -> Picture:
    """Let a label that lies on crumpled film show some of the film's folds."""
    if shot.surface == "cardboard":
        return print_px
    top, left = (
        max(round((-edge / 2 - corner) * FACE_PX_PER_MM), 0)
        for edge, corner in ((label.height_mm, corner_mm[1]), (label.width_mm, corner_mm[0]))
    )
    under = shading[top:, left:][: int(label.height_mm * FACE_PX_PER_MM), : int(label.width_mm * FACE_PX_PER_MM)]
    large = cv2.resize(0.5 + 0.5 * under, (print_px.shape[1], print_px.shape[0]))
    return np.asarray(cv2.multiply(print_px, cv2.merge([large, large, large]), dtype=cv2.CV_8U), dtype=np.uint8)


def _stick(scene: Picture, print_px: Picture, label: Label, view: Homography) -> None:
    """Stick the print onto the face; it is smoothed first, as it is drawn finer than the sensor sees."""
    half_mm = np.array([label.width_mm, label.height_mm]) / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half_mm
    smooth = cv2.GaussianBlur(print_px, (0, 0), 0.55)
    place = view @ _scale_then_move(1 / label.px_per_mm, -half_mm)
    _blend(scene, np.asarray(smooth, dtype=np.uint8), place, _project(view, corners))


def _blend(scene: Picture, piece: Picture, place: Homography, edge: NDArray[np.float64]) -> None:
    """Warp a piece into the scene, within its outline; only the window it covers is touched."""
    left, top = np.floor(edge.min(axis=0)).clip(0, (WIDTH_PX - 1, HEIGHT_PX - 1)).astype(int)
    right, bottom = np.ceil(edge.max(axis=0)).clip(1, (WIDTH_PX, HEIGHT_PX)).astype(int)
    shift = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]], dtype=np.float64)
    size = (int(right - left), int(bottom - top))
    warped = cv2.warpPerspective(piece, shift @ place, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    mask = np.zeros((size[1], size[0]), dtype=np.uint8)
    cv2.fillPoly(mask, [(edge - (left, top)).round().astype(np.int32)], (255,))
    window = scene[top:bottom, left:right]
    cv2.copyTo(warped, mask, window)


def _project(view: Homography, points_mm: NDArray[np.floating]) -> NDArray[np.float64]:
    across = cv2.perspectiveTransform(np.asarray(points_mm, dtype=np.float64)[None], view)
    return np.asarray(across[0], dtype=np.float64)


def _scale_then_move(scale: float, by: NDArray[np.float64]) -> Homography:
    return np.array([[scale, 0, by[0]], [0, scale, by[1]], [0, 0, 1]], dtype=np.float64)
