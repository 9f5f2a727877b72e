"""Lines laid out on a label by hand: text, left edge, top, height; as wide as their letters."""

from karez.domain.reading import Line
from karez.reading.printed_lines import PrintedLine
from karez.reading.reading_order import order
from karez.reading.views import Region

BOX = ((0, 0), (9, 0), (9, 9), (0, 9))


def laid_out(*lines: tuple[str, float, float, float], confidence: float = 0.95) -> list[PrintedLine]:
    """Place lines and put them in reading order."""
    placed = []
    for text, left, top, height in lines:
        arabic = any("\u0600" <= character <= "\u06ff" for character in text)
        script = "Arab" if arabic else "Hans" if any("\u4e00" <= c <= "\u9fff" for c in text) else "Latn"
        width = sum(height if character >= "\u2e80" else height * 0.55 for character in text)
        place = Region(left + width / 2, top + height / 2, width, height, 0.0)
        placed.append(PrintedLine(Line(text, script, confidence, BOX), place))
    return [placed[index] for index in order([each.place for each in placed])]
