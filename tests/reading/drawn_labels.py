"""Small label pictures for these tests, drawn with Pillow: not a simulator, and not shared with one."""

import io
import math
from dataclasses import dataclass, replace

import barcode
import cv2
import numpy as np
import segno
from PIL import Image, ImageDraw, ImageFont

CJK = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
CJK_BOLD = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
UYGHUR = "/usr/share/fonts/truetype/fonts-ukij-uyghur/UKIJTuT.ttf"
PX_PER_MM = 8


@dataclass(frozen=True)
class LabelText:
    """What is printed; empty fields are left out."""

    waybill: str = "YT2512345678901"
    company: str = "圆通速递"
    sort_code: str = "902A M088-00 29"
    recipient: tuple[str, ...] = ("杨** 1******5227", "新疆维吾尔自治区喀什地区莎车县", "米夏镇友谊南路18号")
    sender: tuple[str, ...] = ("李** 1******0098", "浙江省杭州市余杭区五常街道文一西路969号")
    number: str | None = None  # printed under the code; the waybill itself unless given
    payload: str | None = None  # of the 2D code; the waybill itself unless given
    code: bool = True  # the Code128
    matrix: bool = True  # the QR code
    foot: tuple[str, ...] = ("订单号 230101-889911223344", "数量 1 童装一件")


def _font(name: str, mm: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(name, round(mm * PX_PER_MM))


def code128(text: str, width_mm: float, height_mm: float) -> Image.Image:
    """Draw the bars of a Code128 without its text."""
    modules = barcode.get("code128", text).build()[0]
    bars = np.array([[0 if module == "1" else 255 for module in modules]], dtype=np.uint8)
    size = (round(width_mm * PX_PER_MM), round(height_mm * PX_PER_MM))
    return Image.fromarray(cv2.resize(bars, size, interpolation=cv2.INTER_NEAREST_EXACT))


def qr(text: str, side_mm: float) -> Image.Image:
    """Draw a QR code."""
    matrix = np.array([[0 if cell else 255 for cell in row] for row in segno.make_qr(text, error="m").matrix], np.uint8)
    side = round(side_mm * PX_PER_MM)
    return Image.fromarray(cv2.resize(matrix, (side, side), interpolation=cv2.INTER_NEAREST_EXACT))


def draw_label(text: LabelText, width_mm: int = 100, height_mm: int = 150) -> Image.Image:
    """Draw the label upright, 8 pixels a millimetre."""
    label = Image.new("L", (width_mm * PX_PER_MM, height_mm * PX_PER_MM), 255)
    pen = ImageDraw.Draw(label)

    def write(x_mm: float, y_mm: float, what: str, size_mm: float, font: str = CJK) -> None:
        arabic = any("؀" <= character <= "ۿ" for character in what)
        face = _font(UYGHUR if arabic else font, size_mm)
        anchor, x = ("ra", width_mm - 6) if arabic else ("la", x_mm)
        pen.text((x * PX_PER_MM, y_mm * PX_PER_MM), what, 0, face, anchor=anchor, direction="rtl" if arabic else "ltr")

    write(6, 3, text.company, 6, CJK_BOLD)
    write(width_mm - 36, 5, "2026-03-28 10:22:31", 2.6)
    if text.code:
        label.paste(code128(text.waybill, width_mm - 24, 14), (12 * PX_PER_MM, 13 * PX_PER_MM))
    write(26, 28, text.number if text.number is not None else text.waybill, 4)
    write(6, 34, text.sort_code, 10, CJK_BOLD)
    pen.line((0, 50 * PX_PER_MM, width_mm * PX_PER_MM, 50 * PX_PER_MM), 0, 3)
    y = 53.0
    for mark, block, size in (("收", text.recipient, 4.2), ("寄", text.sender, 3.0)):
        if block:
            write(5, y, mark, 6, CJK_BOLD)
        for line in block:
            write(15, y, line, size, CJK_BOLD if mark == "收" else CJK)
            y += size * 1.6
        y += 5
        pen.line((0, y * PX_PER_MM, width_mm * PX_PER_MM, y * PX_PER_MM), 0, 2)
        y += 3
    for line in text.foot:
        write(6, y, line, 3)
        y += 5
    if text.matrix:
        label.paste(qr(text.payload or text.waybill, 24), ((width_mm - 32) * PX_PER_MM, (height_mm - 32) * PX_PER_MM))
    return label


@dataclass(frozen=True)
class Shot:
    """How the camera sees it."""

    px_per_mm: float = 5.0
    angle_deg: float = 0.0
    blur_px: float = 0.5
    light: float = 0.8
    noise: float = 2.0
    width: int = 1600
    height: int = 1200
    seed: int = 1


def photograph(label: Image.Image, shot: Shot) -> np.ndarray:
    """Lay the label on a grey box and take its picture: turned, scaled, blurred, dimmed, with noise."""
    rng = np.random.default_rng(shot.seed)
    scale, turn = shot.px_per_mm / PX_PER_MM, math.radians(shot.angle_deg)
    turned = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]) * scale
    centre = np.array([shot.width / 2, shot.height / 2]) + rng.uniform(-30, 30, 2)
    shift = centre - turned @ np.array([label.width / 2, label.height / 2])
    matrix = np.hstack([turned, shift[:, None]])
    paper = np.asarray(label).astype(np.float32) * 0.85 + 15
    soft = cv2.GaussianBlur(paper, (0, 0), 0.45 / scale) if scale < 0.9 else paper
    box = np.full((shot.height, shot.width), 120, np.float32)
    picture = cv2.warpAffine(
        soft, matrix, (shot.width, shot.height), box, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT
    )
    if shot.blur_px > 0:
        picture = cv2.GaussianBlur(picture, (0, 0), shot.blur_px)
    picture = picture * shot.light + rng.normal(0, shot.noise, picture.shape)
    return np.clip(picture, 0, 255).astype(np.uint8)


def encode(picture: np.ndarray, ending: str = ".jpg") -> bytes:
    """Encode it as the camera would."""
    done, data = cv2.imencode(ending, picture)
    assert done
    return data.tobytes()


def as_tiff(picture: np.ndarray) -> bytes:
    """Encode it as an uncompressed TIFF."""
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "TIFF")
    return stream.getvalue()


def label_jpeg(text: LabelText | None = None, shot: Shot | None = None, **changes: object) -> bytes:
    """Draw, photograph and encode in one step; ``changes`` go to the shot."""
    return encode(photograph(draw_label(text or LabelText()), replace(shot or Shot(), **changes)))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Laid:
    """A print (label, carton) and where its middle lies in the picture, in pixels."""

    print: Image.Image
    x: float
    y: float
    angle_deg: float = 0.0
    px_per_mm: float = 5.0


def scene(*laid: Laid, width: int = 2000, height: int = 1400, seed: int = 1) -> bytes:
    """Photograph several prints on one grey ground; what lies over the edge is cut off."""
    picture = np.full((height, width), 120, np.float32)
    for each in laid:
        scale, turn = each.px_per_mm / PX_PER_MM, math.radians(each.angle_deg)
        turned = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]) * scale
        shift = np.array([each.x, each.y]) - turned @ np.array([each.print.width / 2, each.print.height / 2])
        paper = cv2.GaussianBlur(np.asarray(each.print).astype(np.float32) * 0.85 + 15, (0, 0), 0.45 / scale)
        picture = cv2.warpAffine(
            paper,
            np.hstack([turned, shift[:, None]]),
            (width, height),
            picture,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_TRANSPARENT,
        )
    noisy = cv2.GaussianBlur(picture, (0, 0), 0.5) * 0.8 + np.random.default_rng(seed).normal(0, 2, picture.shape)
    return encode(np.clip(noisy, 0, 255).astype(np.uint8))


def carton(
    article: str = "6901234567892", words: tuple[str, ...] = ("小心轻放 FRAGILE", "净重 12 KG 毛重 13 KG")
) -> Image.Image:
    """Draw the print of a carton: large words and the EAN-13 of its goods."""
    sheet = Image.new("L", (120 * PX_PER_MM, 60 * PX_PER_MM), 210)
    pen = ImageDraw.Draw(sheet)
    for index, line in enumerate(words):
        pen.text((6 * PX_PER_MM, (4 + 14 * index) * PX_PER_MM), line, 30, _font(CJK_BOLD, 9))
    modules = barcode.get("ean13", article).build()[0]
    bars = np.array([[40 if module == "1" else 210 for module in modules]], np.uint8)
    drawn = cv2.resize(bars, (50 * PX_PER_MM, 18 * PX_PER_MM), interpolation=cv2.INTER_NEAREST_EXACT)
    sheet.paste(Image.fromarray(drawn), (60 * PX_PER_MM, 34 * PX_PER_MM))
    pen.text((60 * PX_PER_MM, 53 * PX_PER_MM), article, 40, _font(CJK, 5))
    return sheet
