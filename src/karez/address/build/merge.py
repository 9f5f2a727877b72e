"""Merge the lists into one tree of places: today's map first, older townships kept with their last year."""

from collections import defaultdict
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from karez.address.build.lists import County, Division
from karez.address.names import short_forms
from karez.address.places import Level, Place

CountyKey = tuple[str, str, str]  # province, prefecture ("" for none), county


@dataclass
class Draft:
    """A place that is still being put together."""

    level: Level
    name: str
    code: str
    parent: int
    source: int
    until: int = 0
    successor: int = -1
    ug: str = ""
    latin: str = ""
    lon: float = 0.0
    lat: float = 0.0
    since: int = 0


@dataclass
class Atlas:
    """The growing tree; ``conflicts`` is what the report lists."""

    drafts: list[Draft] = field(default_factory=list)
    by_key: dict[tuple[str, ...], int] = field(default_factory=dict)
    children: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    county_of_code: dict[tuple[str, str], int] = field(default_factory=dict)  # (vintage, code) → id
    first_seen: dict[int, int] = field(default_factory=dict)  # township → oldest list (year) that has it there

    def add(self, draft: Draft) -> int:
        """Add a place and return its id."""
        self.drafts.append(draft)
        number = len(self.drafts) - 1
        self.children[draft.parent].append(number)
        return number

    def places(self) -> list[Place]:
        """Freeze the tree."""
        return [
            Place(number, *(getattr(draft, name) for name in Place.__struct_fields__[1:]))
            for number, draft in enumerate(self.drafts)
        ]

    def path(self, place: int) -> str:
        """Return ``province/…/name`` for people."""
        parts: list[str] = []
        while place >= 0:
            parts.append(self.drafts[place].name)
            place = self.drafts[place].parent
        return "/".join(reversed(parts))


def plant(atlas: Atlas, today: Division, source: int) -> None:
    """Put today's provinces, prefectures, counties and townships into the empty atlas."""
    for code, name in today.provinces.items():
        atlas.by_key[(name,)] = atlas.add(Draft(Level.PROVINCE, name, code, -1, source))
    for code, (name, province) in today.prefectures.items():
        parent = atlas.by_key[(province,)]
        atlas.by_key[(province, name)] = atlas.add(Draft(Level.PREFECTURE, name, code, parent, source))
    for county in today.counties:
        number = _plant_county(atlas, county, source)
        for name, code in county.townships.items():
            atlas.add(Draft(Level.TOWNSHIP, name, code, number, source))
        for name, code in county.abolished.items():
            atlas.add(Draft(Level.TOWNSHIP, name, code, number, source, until=2025))


def _plant_county(atlas: Atlas, county: County, source: int) -> int:
    parent = atlas.by_key[(county.province, county.prefecture) if county.prefecture else (county.province,)]
    number = atlas.add(Draft(Level.COUNTY, county.name, county.code, parent, source))
    atlas.by_key[(county.province, county.prefecture, county.name)] = number
    atlas.county_of_code[("today", county.code)] = number
    return number


def overlay(atlas: Atlas, older: Division, vintage: str, year: int, source: int, moved: dict[CountyKey, int]) -> None:
    """Add an older list: fill counties that have no townships, and keep townships that are gone as of ``year``.

    Parameters
    ----------
    moved
        Where the change events say an older county went, by its old path.
    """
    filled = {i for i, d in enumerate(atlas.drafts) if d.level == Level.COUNTY and not atlas.children[i]}
    for county in older.counties:
        number = _today(atlas, county, moved)
        if number is None:
            atlas.conflicts.append((f"{county.province}{county.prefecture}{county.name}", f"only in {vintage}"))
            number = _plant_zone(atlas, county, source)
        if number is None:
            continue
        atlas.county_of_code[(vintage, county.code)] = number
        _overlay_townships(atlas, county, number, (year, number not in filled), source)


def _plant_zone(atlas: Atlas, county: County, source: int) -> int | None:
    """Add a county that only an older list has: development zones and the like, which labels do name."""
    if county.name == county.prefecture or (county.province, county.prefecture) not in atlas.by_key:
        return None
    return _plant_county(atlas, county, source)


def _today(atlas: Atlas, county: County, moved: dict[CountyKey, int]) -> int | None:
    key = (county.province, county.prefecture, county.name)
    if key in atlas.by_key:
        return atlas.by_key[key]
    if key in moved:
        return moved[key]
    return atlas.county_of_code.get(("today", county.code))


def _overlay_townships(atlas: Atlas, county: County, number: int, seen: tuple[int, bool], source: int) -> None:
    year, gone = seen
    known = {atlas.drafts[i].name: i for i in atlas.children[number]}
    stems = {stem: i for i in atlas.children[number] for stem in short_forms(atlas.drafts[i].name, 4)}
    for name, code in county.townships.items():
        if name in known:
            atlas.first_seen[known[name]] = year
            continue
        draft = Draft(Level.TOWNSHIP, name, code, number, source, until=year if gone else 0)
        if gone:
            draft.successor = next((stems[s] for s in short_forms(name, 4) if s in stems), -1)
            atlas.first_seen[draft.successor] = year
        atlas.add(draft)


def join_spellings(atlas: Atlas) -> None:
    """Link a township that is gone to the one of its county that differs by one character and that its list lacks.

    These are two spellings of one name (夏马勒乡, 夏玛勒乡): only where it is so from both sides.
    """
    for gone in atlas.drafts:
        if gone.level == Level.TOWNSHIP and gone.until and gone.successor < 0 and len(gone.name) >= 4:
            near = [
                other
                for other in atlas.children[gone.parent]
                if not atlas.drafts[other].until
                and atlas.first_seen.get(other, 9999) > gone.until
                and Levenshtein.distance(atlas.drafts[other].name, gone.name) == 1
            ]
            gone.successor = near[0] if len(near) == 1 else -1


def find_movers(atlas: Atlas, today: int) -> int:
    """Link townships that are gone from their county to the one of the same name that another county gained.

    Only where it is unambiguous: same prefecture (or a city directly under the region), one gaining county, and that
    county did not have the name in any list as old. A county that today's list (source ``today``) leaves without
    townships may have lost some too: those of the older list that another county gained are gone from it.
    Returns how many were linked.
    """
    gained: dict[tuple[int, str], list[int]] = defaultdict(list)
    for number, draft in enumerate(atlas.drafts):
        if draft.level == Level.TOWNSHIP and not draft.until and draft.source == today:
            for name in {draft.name, *short_forms(draft.name, 4)}:
                if name[-1] in "乡镇道":
                    gained[(_province(atlas, number), name)].append(number)
    gone = [i for i, d in enumerate(atlas.drafts) if d.level == Level.TOWNSHIP and (d.until or d.source != today)]
    return sum(_link_mover(atlas, number, gained) for number in gone if atlas.drafts[number].successor < 0)


def _link_mover(atlas: Atlas, number: int, gained: dict[tuple[int, str], list[int]]) -> bool:
    gone = atlas.drafts[number]
    last = gone.until or _LAST_OLDER_LIST
    near = [
        other
        for other in gained[(_province(atlas, number), gone.name)]
        if _near(atlas, number, other) and atlas.first_seen.get(other, 9999) > last
    ]
    if len(near) != 1:
        return False
    gone.successor, gone.until = near[0], last
    return True


_LAST_OLDER_LIST = 2025


def _province(atlas: Atlas, number: int) -> int:
    while atlas.drafts[number].parent >= 0:
        number = atlas.drafts[number].parent
    return number


def _near(atlas: Atlas, gone: int, other: int) -> bool:
    """Whether both lie in one prefecture, or the gaining county is a city directly under the region."""
    a, b = (atlas.drafts[atlas.drafts[i].parent] for i in (gone, other))
    return a is not b and (a.parent == b.parent or b.code.startswith("659"))
