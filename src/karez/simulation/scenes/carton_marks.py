"""What cartons carry in print of their own: goods' bar codes, brand, handling marks, data, stripes; never a waybill."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from barcode.ean import EuropeanArticleNumber13
from barcode.itf import ITF

from karez.simulation.sheet import Colour, Sheet
from karez.simulation.symbols import Modules
from karez.simulation.textures import Picture

PX_PER_MM = 5.0
_INKS: tuple[Colour, ...] = ((26, 26, 30), (20, 50, 120), (150, 28, 36), (20, 90, 56))
_BRANDS = (
    "天山牧场",
    "昆仑山泉",
    "和田大枣",
    "喀什干果",
    "丝路家电",
    "胡杨日化",
    "KUNLUN",
    "Silk Road",
    "TIANSHAN FOODS",
)
_GOODS = ("新疆灰枣", "葡萄干", "薄皮核桃", "洗衣液", "保温杯", "矿泉水", "电热水壶", "抽纸")
_SIGNS = ("向上", "易碎物品", "怕雨", "小心轻放", "堆码层数 5", "FRAGILE", "THIS SIDE UP", "KEEP DRY")
_FACTS = (
    "净含量: {a} g × {b} 袋",
    "生产日期: 2026/0{c}/1{c}",
    "保质期: 1{c} 个月",
    "规格: {a} × {b} mm",
    "批号 L{a}{b}",
    "客服电话 0998-{a}{b}",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One piece of print: what is left of white where its ink lies.

    Attributes
    ----------
    pixels
        Height × width × 3, blue first, `PX_PER_MM` fine; white where there is no ink.
    is_code
        Whether it is a bar code of goods: those stand clear of labels.
    """

    pixels: Picture
    is_code: bool

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height."""
        return self.pixels.shape[1] / PX_PER_MM, self.pixels.shape[0] / PX_PER_MM


def carton_marks(rng: np.random.Generator) -> list[Mark]:
    """Print one carton: one goods code or two, brand, signs, data, at times stripes."""
    ink = _INKS[int(rng.integers(len(_INKS)))]
    makers: list[tuple[float, Callable[[Colour, np.random.Generator], Mark]]] = [
        *((0.9, _ean), (0.75, _itf), (0.2, _ean)),  # first, while there is room
        *((1.0, _brand), (0.5, _stripes), (0.7, _facts), (0.8, _sign), (0.6, _sign)),
    ]
    return [make(ink, rng) for share, make in makers if rng.random() < share]


def goods_number(rng: np.random.Generator) -> str:
    """Make up an EAN-13 without its check digit, as goods of China bear it (690 to 699)."""
    return f"69{''.join(str(digit) for digit in rng.integers(0, 10, 10))}"


def _ean(ink: Colour, rng: np.random.Generator) -> Mark:
    """EAN-13 at one to two times its nominal size (0.33 mm a module)."""
    code = EuropeanArticleNumber13(goods_number(rng))
    return _code(code.build()[0], code.get_fullcode(), float(rng.uniform(0.33, 0.66)), 22, ink)


def _itf(ink: Colour, rng: np.random.Generator) -> Mark:
    """ITF-14 as outer cartons bear it, with bearer bars above and below; its first digit says how goods are packed."""
    body = f"{rng.integers(1, 9)}{goods_number(rng)}"
    number = body + _check_digit(body)
    module_mm = float(rng.uniform(0.5, 1.0))
    return _code(ITF(number).build()[0], number, module_mm, 28, ink, bearers=True)


def _check_digit(body: str) -> str:
    """Compute the check digit of a GS1 item number: weights 3 and 1 from its end."""
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(body)))
    return str(-total % 10)


def _code(pattern: str, number: str, module_mm: float, high_mm: float, ink: Colour, bearers: bool = False) -> Mark:
    """Draw a linear code with quiet zones, its number beneath."""
    modules: Modules = np.frombuffer(pattern.encode("ascii"), dtype=np.uint8) == ord("1")
    dots = max(2, round(module_mm * PX_PER_MM * 2)) / 2  # half pixels: modules are printed as wide as they come out
    bars = np.interp(np.arange(int(len(modules) * dots)) // dots, np.arange(len(modules)), modules.astype(float)) > 0.5
    width_mm = len(bars) / PX_PER_MM
    sheet = Sheet(width_mm + 22 * module_mm, high_mm + 9, PX_PER_MM)
    left_mm = 11 * module_mm
    sheet.bars((left_mm, 3), bars, 1, high_mm)
    if bearers:
        for top in (1.0, high_mm + 3):
            sheet.block((left_mm - 4, top, left_mm + width_mm + 4, top + 2), (18, 18, 20))
    sheet.text((left_mm + width_mm / 2, high_mm + 5.2), number, 4, anchor="ma")
    return _inked(sheet, ink, is_code=True)


def _brand(ink: Colour, rng: np.random.Generator) -> Mark:
    words, em_mm = _pick(_BRANDS, rng), float(rng.uniform(18, 38))
    return _lines((words,), em_mm, ink, "zh-bold")


def _sign(ink: Colour, rng: np.random.Generator) -> Mark:
    """A handling mark: arrows, or a frame with words."""
    sheet = Sheet(46, 34, PX_PER_MM)
    sheet.frame((1, 1, 45, 33))
    for left in (14, 29) if rng.random() < 0.5 else ():
        sheet.block((left, 10, left + 3, 21), (18, 18, 20))
        for step in range(5):  # the arrow's head
            sheet.block((left - 4 + step, 10 - step * 1.4, left + 7 - step, 11.4 - step * 1.4), (18, 18, 20))
    words = _pick(_SIGNS, rng)
    sheet.text((23, 28), words, sheet.fitting_em(words, 40, 7, "zh-bold"), "zh-bold", anchor="mm")
    return _inked(sheet, ink)


def _facts(ink: Colour, rng: np.random.Generator) -> Mark:
    a, b, c = int(rng.integers(100, 900)), int(rng.integers(10, 90)), int(rng.integers(1, 9))
    count = int(rng.integers(2, 5))
    chosen = [_FACTS[int(at)].format(a=a, b=b, c=c) for at in rng.permutation(len(_FACTS))[:count]]
    return _lines((_pick(_GOODS, rng), *chosen), float(rng.uniform(4, 7)), ink, "zh")


def _stripes(ink: Colour, rng: np.random.Generator) -> Mark:
    """Parallel stripes: an ornament that looks like bars from afar."""
    length_mm, pitch_mm = float(rng.uniform(80, 200)), float(rng.uniform(2.0, 6.0))
    sheet = Sheet(length_mm, float(rng.uniform(12, 40)), PX_PER_MM)
    for at in np.arange(0, length_mm, pitch_mm):
        sheet.block((float(at), 0, float(at + pitch_mm * rng.uniform(0.3, 0.6)), sheet.height_mm), (18, 18, 20))
    return _inked(sheet, ink)


def _lines(lines: tuple[str, ...], em_mm: float, ink: Colour, face: str) -> Mark:
    width_mm = max(Sheet(1, 1, PX_PER_MM).width_of(line, em_mm, face) for line in lines)
    sheet = Sheet(width_mm + 2, em_mm * 1.5 * len(lines), PX_PER_MM)
    for row, line in enumerate(lines):
        sheet.text((1, row * em_mm * 1.5), line, em_mm, face)
    return _inked(sheet, ink)


def _inked(sheet: Sheet, ink: Colour, is_code: bool = False) -> Mark:
    """Print with one ink instead of black: what is dark takes its colour, white stays white."""
    dark = (250 - sheet.pixels().astype(np.float32)).clip(0, 232) / 232
    pixels = 255 - dark * (255 - np.array(ink[::-1], dtype=np.float32))
    return Mark(pixels.astype(np.uint8), is_code)


def _pick(choices: tuple[str, ...], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]
