"""Small labelled sets of our own, written as the big ones are: one character and its tag a line."""

from pathlib import Path

WHOLE = "新疆维吾尔自治区/prov 喀什地区/city 喀什市/district 人民西路/road 12号/roadno"
TOLD = "江苏省/prov 徐州市/city 鼓楼区/district 九里街道/town 万科城/poi"
NOT_TOLD = "江苏省/prov 南京市/city 鼓楼区/district 建宁路/road 18号/roadno"
FORMER = "上海市/prov 上海市/city 南汇区/district 惠南镇/town"
NO_DISTRICT = "浙江省/prov 宁波市/city 中山路/road"
LOST = "浙江省/prov 宁波市/city [UNK]州区/district 中山路/road"
NO_COUNTY = "浙江省/prov 宁波市/city 无此区/district 中山路/road"
PARTS = ("新疆维吾尔自治区/prov 喀什市/district 人民西路/road 12号/roadno", "喀什市/district 阳光小区/poi")
ALL = (WHOLE, TOLD, NOT_TOLD, FORMER, NO_DISTRICT, LOST, NO_COUNTY)


def write(folder: Path, rows: tuple[str, ...] = ALL, split: str = "dev") -> Path:
    """Write rows as ``swei412/<split>.txt`` into a folder; gives the folder."""
    path = folder / "swei412" / f"{split}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join("".join(_lines(row)) for row in rows), "utf-8")
    return folder


def write_parts(folder: Path, split: str = "dev") -> Path:
    """Write two addresses with labels of parts as ``ncap/<split>.txt``; gives the folder."""
    path = folder / "ncap" / f"{split}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join("".join(_lines(row)).replace(" M-", " I-") for row in PARTS), "utf-8")
    return folder


def _lines(row: str) -> list[str]:
    lines = []
    for span in row.split():
        text, _, label = span.rpartition("/")
        lines += [f"{each} {'B' if at == 0 else 'M'}-{label}\n" for at, each in enumerate(_characters(text))]
    return lines


def _characters(text: str) -> list[str]:
    head, unknown, tail = text.partition("[UNK]")
    return [*head, *([unknown] if unknown else []), *tail]
