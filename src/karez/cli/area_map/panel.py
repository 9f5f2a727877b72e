"""One framed map: degrees to pixels, and shapes filled, striped, hatched and outlined."""

from collections.abc import Iterator, Sequence
from math import cos, floor, log10, radians

from PIL import Image, ImageDraw
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from karez.cli.area_map.colours import LAND, Colour

FINE = 2
"""Shapes are drawn so many times larger and made smaller: Pillow draws edges without smoothing."""

Box = tuple[float, float, float, float]
_KM_A_DEGREE = 111.2
_SMALLEST_PX = 0.4  # corners nearer than this to the line between their neighbours cannot be seen


class Panel:
    """A map of some bounds in a box of the page.

    Parameters
    ----------
    left, top, width, height
        Of the box, pixels of the page.
    bounds
        West, south, east, north; degrees. The map shows at least these, and keeps its proportions.
    """

    def __init__(self, left: int, top: int, width: int, height: int, bounds: Box, margin: float = 0.06) -> None:
        self.left, self.top, self.width, self.height = left, top, width, height
        west, south, east, north = bounds
        self._squeeze = cos(radians((south + north) / 2))
        across, up = max((east - west) * self._squeeze, 1e-4), max(north - south, 1e-4)
        self.px_a_degree = min(width / across, height / up) / (1 + 2 * margin)
        self._middle = (west + east) / 2, (south + north) / 2
        self._image = Image.new("RGB", (width * FINE, height * FINE), LAND)
        self._draw = ImageDraw.Draw(self._image)

    @property
    def bounds(self) -> Box:
        """West, south, east and north of all that the box shows."""
        half_lon = self.width / 2 / self.px_a_degree / self._squeeze
        half_lat = self.height / 2 / self.px_a_degree
        lon, lat = self._middle
        return lon - half_lon, lat - half_lat, lon + half_lon, lat + half_lat

    @property
    def km_a_px(self) -> float:
        """Kilometres that a pixel of the page stands for."""
        return _KM_A_DEGREE / self.px_a_degree

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a point lies, pixels of the page."""
        x, y = self._inside(lon, lat)
        return self.left + x, self.top + y

    def around(self, shape: BaseGeometry) -> Box:
        """Return the box around a shape: left, top, right, bottom; pixels of the page."""
        west, south, east, north = shape.bounds
        return *self.at(west, north), *self.at(east, south)

    def shows(self, shape: BaseGeometry) -> bool:
        """Whether any of a shape lies in the box."""
        return bool(box(*self.bounds).intersects(box(*shape.bounds)))

    def visible(self, shape: BaseGeometry) -> BaseGeometry:
        """Return the part of a shape that lies in the box."""
        return box(*self.bounds).intersection(shape.buffer(0))

    def fill(self, shape: BaseGeometry, colour: Colour) -> None:
        """Fill a shape with one colour; what lies in its holes is painted after it."""
        for ring in self._outer(shape):
            self._draw.polygon(ring, fill=colour)

    def outline(self, shape: BaseGeometry, colour: Colour, width: float = 1.0) -> None:
        """Draw the border of a shape."""
        for ring in self._outer(shape):
            self._draw.line([*ring, ring[0]], fill=colour, width=max(1, round(width * FINE)), joint="curve")

    def stripe(self, shape: BaseGeometry, colours: Sequence[Colour], width: int = 9) -> None:
        """Fill a shape with slanting stripes of several colours."""
        self._pattern(shape, [(colour, width * FINE) for colour in colours])

    def hatch(self, shape: BaseGeometry, colour: Colour, gap: int = 8, width: int = 2, downwards: bool = False) -> None:
        """Draw slanting lines over a shape, so that what is under them still shows; ``downwards`` to the right."""
        self._pattern(shape, [(None, gap * FINE), (colour, width * FINE)], downwards)

    def dot(self, lon: float, lat: float, colour: Colour, edge: Colour, radius: int = 5, square: bool = False) -> None:
        """Draw a point with an edge of 2 pixels around it, which sets it off from what lies under it."""
        x, y = (value * FINE for value in self._inside(lon, lat))
        draw = self._draw.rectangle if square else self._draw.ellipse
        for reach, fill in ((radius + 2, edge), (radius, colour)):
            draw((x - reach * FINE, y - reach * FINE, x + reach * FINE, y + reach * FINE), fill=fill)

    def frame_of(self, other: "Panel", colour: Colour) -> None:
        """Show where another, finer panel lies."""
        self.outline(box(*other.bounds), colour, 1.6)

    def picture(self) -> Image.Image:
        """Return the map at the page's size."""
        return self._image.resize((self.width, self.height), Image.Resampling.LANCZOS)

    def scale_km(self, longest_px: int = 150) -> float:
        """Return a round number of kilometres (1, 2 or 5 of some power of ten) that fits a scale bar."""
        most = longest_px * self.km_a_px
        power = float(10 ** floor(log10(most)))
        return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= most)

    def _inside(self, lon: float, lat: float) -> tuple[float, float]:
        x = self.width / 2 + (lon - self._middle[0]) * self._squeeze * self.px_a_degree
        return x, self.height / 2 - (lat - self._middle[1]) * self.px_a_degree

    def _outer(self, shape: BaseGeometry) -> Iterator[list[tuple[float, float]]]:
        simple = shape.simplify(_SMALLEST_PX / self.px_a_degree) if shape.area else shape
        for polygon in polygons_of(simple):
            yield [(x * FINE, y * FINE) for x, y in (self._inside(*point[:2]) for point in polygon.exterior.coords)]

    def _pattern(
        self, shape: BaseGeometry, bands: Sequence[tuple[Colour | None, int]], downwards: bool = False
    ) -> None:
        """Paint slanting bands over a shape; ``None`` leaves what is there."""
        mask = Image.new("L", self._image.size, 0)
        inside = ImageDraw.Draw(mask)
        for ring in self._outer(shape):
            inside.polygon(ring, fill=255)
        around = mask.getbbox()
        if around is None:
            return
        paint, shown = self._image.crop(around), Image.new("L", (around[2] - around[0], around[3] - around[1]), 0)
        _bands(paint, shown, bands, around[0] + (-around[1] if downwards else around[1]), downwards)
        self._image.paste(paint, around[:2], Image.composite(shown, Image.new("L", shown.size, 0), mask.crop(around)))


def _bands(
    paint: Image.Image,
    shown: Image.Image,
    bands: Sequence[tuple[Colour | None, int]],
    origin: int,
    downwards: bool,
) -> None:
    """Draw bands that slant by 45 degrees; ``origin`` keeps neighbours' bands in line."""
    colours, mask = ImageDraw.Draw(paint), ImageDraw.Draw(shown)
    width, height = paint.size
    period = sum(band for _, band in bands)
    x = -(origin % period) - (-(-height // period) * period if downwards else 0)
    lean = height if downwards else -height
    while x < width + height:
        for colour, band in bands:
            corners = [(x, 0), (x + band, 0), (x + band + lean, height), (x + lean, height)]
            if colour is not None:
                colours.polygon(corners, fill=colour)
                mask.polygon(corners, fill=255)
            x += band


def polygons_of(shape: BaseGeometry) -> list[Polygon]:
    """Return the polygons that a shape is made of; lines and points have none."""
    if isinstance(shape, Polygon):
        return [] if shape.is_empty else [shape]
    parts = getattr(shape, "geoms", ())
    return [polygon for part in parts for polygon in polygons_of(part)]


def together(shapes: Sequence[BaseGeometry]) -> Box | None:
    """Return the bounds of all shapes, ``None`` where there is none."""
    bounds = [shape.bounds for shape in shapes if not shape.is_empty]
    if not bounds:
        return None
    west, south, east, north = zip(*bounds, strict=True)
    return min(west), min(south), max(east), max(north)
