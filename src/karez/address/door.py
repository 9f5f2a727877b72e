"""What of an address says which door it is: the form in which learned addresses are compared and kept."""

import re
from dataclasses import replace

from karez.address.foreign import is_foreign
from karez.address.gazetteer import Gazetteer
from karez.address.match import resolve
from karez.address.normalise import LONGEST, chinese_number, clean
from karez.address.parts.labels import Label
from karez.address.parts.parse import Part, parse
from karez.domain.destination import Destination, Unresolved

_NUMBER = r"[+(]?[0-9][0-9*xX() -]{5,}[0-9*xX](?:转[0-9]{1,6})?"
_PLACE_WORDS = "省市县区镇乡村街路巷号楼院店园苑场厦"
_NAME = rf"(?<![^\s,,;;::])(?:[^\W\d{_PLACE_WORDS}]|·){{1,16}}"
_PHONE_AND_NAME = re.compile(rf"(?:{_NAME}[\s,,::]+)?(?:(?:电话|手机|联系方式)[::\s]*)?{_NUMBER}")
_CALLED = re.compile(rf"(?:收件人|收货人|联系人|姓名)[::\s]*(?:{_NAME})?(?=[\s,,;;]|$)")
_MASKED = re.compile(rf"{_NAME}[**]+")
_BEHIND_VILLAGE = re.compile(rf"(?<=[村组队连])(?:[\s,,;;]+{_NAME})+[\s,,;;]*$")
_HERE = re.compile(r"(?:收件|收货|详细|所在)?地址[::\s]*")
_COURTYARD = re.compile(r"[0-9]+号院")
_BARE_NUMBER = re.compile(r"(?<=[0-9])(?:号院?)?$")
_PLACE_ENDING = re.compile(
    r"(?:[0-9店楼院厦区苑园村乡镇路街巷道场馆所站校厂城府庭湾居寓座栋室组队连部厅门库期科处行铺吧号桥寺庙局司社市台点]"
    r"|之家|人家|中心|小学|中学|大学|巴扎)$"
)
_GROUP = re.compile(r"[组队连]$")
_SURNAME = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"  # the twenty most frequent; about half of all Han Chinese
_NAME_AT_END = re.compile(rf"[{_SURNAME}][一-鿿]{{1,2}}(?:先生|女士|收)?$")
_COUNTED = re.compile(r"(?<![0-9])[0-9]{1,3}(?=[连村组队])")
_NEITHER_LETTER_NOR_FIGURE = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\s,،;؛.:()/]+")
_ABOVE = frozenset({Label.COUNTRY, Label.PROV, Label.CITY, Label.DISTRICT, Label.TOWN})
_DOOR = frozenset(
    {
        Label.DEVZONE,
        Label.COMMUNITY,
        Label.ROAD,
        Label.SUBROAD,
        Label.ROADNO,
        Label.SUBROADNO,
        Label.POI,
        Label.SUBPOI,
        Label.HOUSENO,
    }
)
_UP_TO = (frozenset({Label.ROADNO, Label.SUBROADNO}), frozenset({Label.HOUSENO}))


def door_of(text: str, found: Destination | Unresolved, gazetteer: Gazetteer) -> str | None:
    """Return an address as it is compared: 喀什市色满路112号3单元501 and 新疆喀什地区喀什市色满路112号 are one door.

    The county stands as the gazetteer names it today, whatever the text calls it, with the prefecture before it (two
    counties share a name); the township too, where it is known. What follows the number on the road (or, without one,
    the building's) is cut off: a courier's area does not end inside a house, and names stand there. Phones, and a name
    before one, are taken out; so is a name at the end, where its surname or what it stands behind tells it.

    Parameters
    ----------
    found
        What the gazetteer makes of the text. Where it finds no county, all that the text says above the door stays.

    Returns
    -------
    str | None
        ``None`` where nothing below the township is told: an answer would then speak for a thousand doors. A word
        that may as well be a name or a greeting tells nothing.
    """
    cleaned = clean(_without_people(text[: 4 * LONGEST]), gazetteer.traditional)
    cleaned = _COUNTED.sub(lambda figures: chinese_number(int(figures[0])), cleaned)
    place = found if isinstance(found, Destination) and found.county_name is not None else None
    parts = parse(cleaned, gazetteer)
    if is_foreign(cleaned):
        return _foreign_door(cleaned, parts, place)
    words = _up_to_the_number([part for part in parts if part.label in _DOOR])
    if not any(_says_where(part, place) for part in words):
        return None
    if place is None:
        words = [part for part in parts if part.label in _ABOVE and part.start < words[-1].start] + words
        return _numbered("".join(part.text for part in sorted(words, key=lambda part: part.start)))
    town = place.township_name or "".join(part.text for part in parts if part.label is Label.TOWN)
    return _numbered("".join((_above(place), town, *(part.text for part in words))))


def door_of_text(text: str, gazetteer: Gazetteer) -> str | None:
    """Return an address as it is compared, from its text alone."""
    return door_of(text, resolve(text, gazetteer), gazetteer)


def _without_people(text: str) -> str:
    """Take out phones, names before one, called names or apart behind a village, and words that only say: address."""
    text = _MASKED.sub(" ", text)
    text = _BEHIND_VILLAGE.sub("", _CALLED.sub(" ", _PHONE_AND_NAME.sub(" ", text)))
    return _HERE.sub(" ", text) if _HERE.sub("", text).strip() else text


def _up_to_the_number(words: list[Part]) -> list[Part]:
    for labels in _UP_TO:
        numbers = [index for index, part in enumerate(words) if _is_numbered(part, labels)]
        if numbers:
            return words[: numbers[-1] + 1]
    return _without_name(words)


def _without_name(words: list[Part]) -> list[Part]:
    """Take a name from the end of what has no number: told by what it stands behind, or by its surname.

    Nothing is left where a surname begins the word behind a road: the road alone would be too much, and the word may be
    a shop's.
    """
    while words and not _PLACE_ENDING.search(words[-1].text):
        last, before = words[-1], words[-2] if len(words) > 1 else None
        name = _NAME_AT_END.search(last.text)
        if before is not None and (last.label is Label.SUBPOI or _GROUP.search(before.text)):
            words = words[:-1]
        elif name and _PLACE_ENDING.search(last.text[: name.start()]):
            return [*words[:-1], replace(last, text=last.text[: name.start()])]
        else:
            return [] if name and name.start() == 0 else words
    return words


def _says_where(part: Part, place: Destination | None) -> bool:
    """Whether a part is a road, village, house …: a word of which nothing says so may be a name or a greeting."""
    known_village = part.label is Label.COMMUNITY and place is not None
    return known_village or bool(_PLACE_ENDING.search(part.text))


def _is_numbered(part: Part, labels: frozenset[Label]) -> bool:
    courtyard = Label.ROADNO in labels and part.label is Label.POI and _COURTYARD.fullmatch(part.text)
    return part.label in labels or bool(courtyard)


def _foreign_door(text: str, parts: tuple[Part, ...], place: Destination | None) -> str | None:
    """Take a Uyghur or Latin text by its road or village and its figures, or else whole up to its last figure."""
    figures = [word for word in _WORD.finditer(text) if any(map(str.isdigit, word[0]))]
    if not figures:
        return None
    above = _above(place) if place else ""
    if not any(part.label in _DOOR - {Label.ROADNO} for part in parts):
        return _compact(above + text[: figures[-1].end()])
    kept = _DOOR | {Label.TOWN} | (frozenset() if place else _ABOVE)
    words = [part.text if part.label in kept else _figures_in(part) for part in parts]
    return _compact(above + "".join(words)) if any(map(str.isdigit, "".join(words))) else None


def _figures_in(part: Part) -> str:
    """Return what no word explains, from its first figure to its last; nothing of floors, rooms and names."""
    figures = [word for word in _WORD.finditer(part.text) if any(map(str.isdigit, word[0]))]
    return part.text[figures[0].start() : figures[-1].end()] if part.label is Label.OTHERINFO and figures else ""


def above_door(found: Destination | Unresolved) -> str:
    """Return what the doors of a place begin with; nothing where no county is known."""
    known = isinstance(found, Destination) and found.county_name is not None
    return _compact(_above(found)) if known and isinstance(found, Destination) else ""


def _above(place: Destination) -> str:
    return f"{place.prefecture_name or place.province_name or ''}{place.county_name}"


def _numbered(text: str) -> str:
    """Write 112, 112号 and 112号院 alike: the last is the yard behind the first."""
    return _BARE_NUMBER.sub("号", _compact(text), count=1)


def _compact(text: str) -> str:
    return _NEITHER_LETTER_NOR_FIGURE.sub("", text.casefold())
