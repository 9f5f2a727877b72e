"""What of an address says which door it is: the form in which learned addresses are compared and kept."""

import re

from karez.address.foreign import is_foreign
from karez.address.gazetteer import Gazetteer
from karez.address.match import resolve
from karez.address.normalise import LONGEST, chinese_number, clean
from karez.address.parts.labels import Label
from karez.address.parts.parse import Part, parse
from karez.domain.destination import Destination, Unresolved

_NUMBER = r"[+(]?[0-9][0-9*xX() -]{5,}[0-9]"
_PLACE_WORDS = "省市县区镇乡村街路巷号楼院店园苑场厦"
_NAME = rf"(?<![^\s,,;;::])(?:[^\W\d{_PLACE_WORDS}]|·){{1,16}}"
_PHONE_AND_NAME = re.compile(rf"(?:{_NAME}[\s,,::]+)?(?:(?:电话|手机|联系方式)[::\s]*)?{_NUMBER}")
_CALLED = re.compile(rf"(?:收件人|收货人|联系人|姓名)[::\s]*(?:{_NAME})?(?=[\s,,;;]|$)")
_HERE = re.compile(r"(?:收件|收货|详细|所在)?地址[::\s]*")
_COURTYARD = re.compile(r"[0-9]+号院")
_BARE_NUMBER = re.compile(r"(?<=[0-9])(?:号院?)?$")
_PLACE_ENDING = re.compile(r"[0-9店楼院厦区苑园村乡镇路街巷场馆所站校厂城府庭湾居寓座栋室组队部厅门库期科处行铺吧号]$")
_COUNTED = re.compile(r"(?<![0-9])[0-9]{1,3}(?=[连村组队])")
_NEITHER_LETTER_NOR_FIGURE = re.compile(r"[\W_]+")
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
_INDOORS = frozenset({Label.CELLNO, Label.FLOORNO, Label.ROOMNO})
_NO_PLACE = frozenset({Label.PERSON, Label.ASSIST, Label.REDUNDANT})


def door_of(text: str, found: Destination | Unresolved, gazetteer: Gazetteer) -> str | None:
    """Return an address as it is compared: 喀什市色满路112号3单元501 and 新疆喀什地区喀什市色满路112号 are one door.

    The county stands as the gazetteer names it today, whatever the text calls it, with the prefecture before it (two
    counties share a name); the township too, where it is known. What follows the number on the road (or, without one,
    the building's) is cut off: a courier's area does not end inside a house, and names stand there. Phones, and a name
    before one, are taken out.

    Parameters
    ----------
    found
        What the gazetteer makes of the text. Where it finds no county, all that the text says above the door stays.

    Returns
    -------
    str | None
        ``None`` where nothing below the township is told: an answer would then speak for a thousand doors.
    """
    cleaned = clean(_without_people(text[: 4 * LONGEST]), gazetteer.traditional)
    cleaned = _COUNTED.sub(lambda figures: chinese_number(int(figures[0])), cleaned)
    place = found if isinstance(found, Destination) and found.county_name is not None else None
    if is_foreign(cleaned):
        return _foreign_door(cleaned, place)
    parts = parse(cleaned, gazetteer)
    words = _up_to_the_number([part for part in parts if part.label in _DOOR])
    if not words:
        return _rest(cleaned, parts, place)
    if place is None:
        words = [part for part in parts if part.label in _ABOVE and part.start < words[-1].start] + words
        return _numbered("".join(part.text for part in sorted(words, key=lambda part: part.start)))
    town = place.township_name or "".join(part.text for part in parts if part.label is Label.TOWN)
    return _numbered("".join((_above(place), town, *(part.text for part in words))))


def door_of_text(text: str, gazetteer: Gazetteer) -> str | None:
    """Return an address as it is compared, from its text alone."""
    return door_of(text, resolve(text, gazetteer), gazetteer)


def _without_people(text: str) -> str:
    """Take out phones, a name before one or called a name, and words that only say: here is an address."""
    text = _CALLED.sub(" ", _PHONE_AND_NAME.sub(" ", text))
    return _HERE.sub(" ", text) if _HERE.sub("", text).strip() else text


def _up_to_the_number(words: list[Part]) -> list[Part]:
    for labels in _UP_TO:
        numbers = [index for index, part in enumerate(words) if _is_numbered(part, labels)]
        if numbers:
            return words[: numbers[-1] + 1]
    # Without a number a name may stand at the end, told from a part of an estate by its ending alone.
    while len(words) > 1 and words[-1].label is Label.SUBPOI and not _PLACE_ENDING.search(words[-1].text):
        words = words[:-1]
    return words


def _is_numbered(part: Part, labels: frozenset[Label]) -> bool:
    courtyard = Label.ROADNO in labels and part.label is Label.POI and _COURTYARD.fullmatch(part.text)
    return part.label in labels or bool(courtyard)


def _foreign_door(text: str, place: Destination | None) -> str | None:
    """Take a Uyghur or Latin text whole: its parts are not told apart. Without a figure it may name a county alone."""
    if not any(map(str.isdigit, text)):
        return None
    return _compact((_above(place) if place else "") + text)


def _rest(text: str, parts: tuple[Part, ...], place: Destination | None) -> str | None:
    """Take what is left of a text of which no part says where the door is."""
    gone = _INDOORS | _NO_PLACE | (_ABOVE if place else frozenset())
    for part in reversed(parts):
        if part.label in gone:
            text = text[: part.start] + text[part.end :]
    rest = _compact(text)
    return _compact(_above(place)) + rest if place and rest else rest or None


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
