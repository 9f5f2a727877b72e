"""From the face's plane in millimetres to pixels of the picture: turning, tilting, and laying pieces into the scene."""

import cv2
import numpy as np
from numpy.typing import NDArray

from karez.simulation.conditions import Conditions
from karez.simulation.label_layout import Label
from karez.simulation.textures import Picture

WIDTH_PX, HEIGHT_PX = 1600, 1200
DISTANCE_MM = 900.0
"""From lens to parcel: how strong the perspective of a tilted face is."""

Homography = NDArray[np.float64]


def view_of(shot: Conditions, centre_px: tuple[float, float]) -> Homography:
    """Map the face's plane, in mm about the label's centre, to pixels: turned, tilted, seen through a pinhole."""
    turn, tilt, axis = np.radians([shot.angle_deg, shot.tilt_deg, shot.tilt_axis_deg])
    spin = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    lean, _ = cv2.Rodrigues(np.array([np.cos(axis), np.sin(axis), 0.0]) * tilt)
    plane = (lean @ spin)[:, [0, 1, 2]].copy()
    plane[:, 2] = (0, 0, DISTANCE_MM)  # the label's centre stands at the lens's working distance
    focal_px = shot.px_per_mm * DISTANCE_MM
    lens = np.array([[focal_px, 0, centre_px[0]], [0, focal_px, centre_px[1]], [0, 0, 1]])
    return np.asarray(lens @ plane, dtype=np.float64)


def label_centre_px(label: Label, shot: Conditions, rng: np.random.Generator) -> tuple[float, float]:
    """Choose where the label's centre stands, so that the whole label is in the picture."""
    turn = np.radians(shot.angle_deg)
    half = np.abs([[np.cos(turn), np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ (label.width_mm, label.height_mm) / 2
    room = (np.array([WIDTH_PX, HEIGHT_PX]) / 2 - half * shot.px_per_mm * 1.04).clip(0)
    at = np.array([WIDTH_PX, HEIGHT_PX]) / 2 + rng.uniform(-0.8, 0.8, 2) * room
    return float(at[0]), float(at[1])


def cast_shadow(scene: Picture, edge: NDArray[np.float64]) -> None:
    """Darken the belt about the parcel; worked out small, as shadows are soft."""
    small = np.full((HEIGHT_PX // 8, WIDTH_PX // 8), 255, dtype=np.uint8)
    cv2.fillPoly(small, [((edge + np.array([22, 26])) / 8).round().astype(np.int32)], (90,))
    soft = cv2.resize(cv2.GaussianBlur(small, (0, 0), 4), (WIDTH_PX, HEIGHT_PX))
    cv2.multiply(scene, cv2.merge([soft, soft, soft]), dst=scene, scale=1 / 255)


def stick(scene: Picture, print_px: Picture, label: Label, view: Homography, blur_dots: float = 0.55) -> None:
    """Stick the print onto the face; it is smoothed first, as it is drawn finer than the sensor sees."""
    half_mm = np.array([label.width_mm, label.height_mm]) / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half_mm
    smooth = cv2.GaussianBlur(print_px, (0, 0), blur_dots)
    place = view @ scale_then_move(1 / label.px_per_mm, -half_mm)
    blend(scene, np.asarray(smooth, dtype=np.uint8), place, project(view, corners))


def blend(scene: Picture, piece: Picture, place: Homography, edge: NDArray[np.float64]) -> None:
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


def project(view: Homography, points_mm: NDArray[np.floating]) -> NDArray[np.float64]:
    """Map points of the plane (n × 2, mm) to pixels."""
    across = cv2.perspectiveTransform(np.asarray(points_mm, dtype=np.float64)[None], view)
    return np.asarray(across[0], dtype=np.float64)


def scale_then_move(scale: float, by: NDArray[np.float64]) -> Homography:
    """Map a piece's own pixels to the plane: scaled, then moved by a vector in mm."""
    return np.array([[scale, 0, by[0]], [0, scale, by[1]], [0, 0, 1]], dtype=np.float64)
