"""Former names of counties and prefectures, with the year they ended, followed to today's map through the events."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from karez.address.build.curated import SINCE
from karez.address.build.merge import Atlas, CountyKey
from karez.address.build.packages import MCA, Archives
from karez.address.places import Level

FIRST_RELIABLE_YEAR = 1984
"""Before it the whole country was recoded several times and the yearly differences are noisy (the source says so)."""

_RENAMING = frozenset(
    {"更名", "撤县设市", "撤县设区", "撤市设区", "撤区设区", "撤旗设区", "撤地设市", "撤销", "同名改码"}
)


@dataclass(frozen=True)
class Step:
    """One change: the unit at ``old`` is ``new`` from ``year`` on. Paths are (province, prefecture or "", name)."""

    year: int
    old: CountyKey
    new: CountyKey
    level: int


_NEW_PROVINCES = {"四川省": "重庆市", "广东省": "海南省"}  # split off in 1997 and 1988


def steps(archives: Archives) -> Iterator[Step]:
    """Yield the usable changes, latest first.

    Left out: what stands between two provinces without one having been split off from the other (the source paired
    equal names by mistake, 成都东城区 with 北京东城区), and renamings without any path (codes given to another city).
    """
    events = json.loads(archives.read(MCA, "data/historical_changes_v1.json"))["events"]
    for event in sorted(events, key=lambda e: -int(e["year"])):
        old, new = event.get("old_path"), event.get("new_path")
        if event["type"] not in _RENAMING or event["year"] < FIRST_RELIABLE_YEAR or not old or not new:
            continue
        if old[-1] in _WORDS or (event["type"] == "更名" and len(old) == 1) or _crosses_provinces(old[0], new[0]):
            continue
        province = new[0] if len(new) > 1 or new[0] == old[0] else ""
        before, after = _key(old, province), _key(new, province)
        if before != after:
            yield Step(int(event["year"]), before, after, int(event.get("level") or 3))


def _crosses_provinces(old: str, new: str) -> bool:
    both = all(name.endswith(("省", "自治区")) or name in _MUNICIPALITIES for name in (old, new))
    return both and old != new and _NEW_PROVINCES.get(old) != new


_MUNICIPALITIES = frozenset({"北京市", "天津市", "上海市", "重庆市"})


def _key(path: list[str], province: str) -> CountyKey:
    """Bring a path to three parts; some rows repeat province and prefecture in one string, some have no province."""
    name = path[-1]
    middle = path[1].removeprefix(province) if len(path) == 3 else ""
    return (province, "" if middle in _PSEUDO or middle == name else middle, name)


_WORDS = frozenset({"市区", "市郊区"})  # were names once; in an address they are words
_PSEUDO = frozenset({"市辖区", "县", "省直辖县级行政区划"})


@dataclass(frozen=True)
class Former:
    """A former name of a place of today."""

    name: str
    place: int
    until: int
    within: str
    level: Level


def trace(atlas: Atlas, changes: Iterator[Step]) -> tuple[list[Former], dict[CountyKey, int]]:
    """Follow each change to today's map.

    Returns
    -------
    formers
        Former names (and former prefectures of an unchanged name) of today's places.
    moved
        Old path → id of today, for joining older lists.
    """
    formers: list[Former] = []
    moved: dict[CountyKey, int] = {}
    for change in changes:
        target = _find(atlas, moved, change.new)
        if target is None or _still_there(atlas, change.old, target):
            continue
        moved.setdefault(change.old, target)
        level = Level(atlas.drafts[target].level)
        if level in (Level.PREFECTURE, Level.COUNTY) and _tells_something(atlas, change, target):
            formers.append(Former(change.old[2], target, change.year, change.old[1], level))
    return formers, moved


def date_names(atlas: Atlas, archives: Archives) -> None:
    """Note with each place in force the year from which it bears its name, where an event tells it.

    The year is that of the latest event that founded the place, or gave it this name; events that only gave it another
    code do not count. What the events lack stands in `curated.SINCE`.
    """
    events = json.loads(archives.read(MCA, "data/historical_changes_v1.json"))["events"]
    for event in events:
        name, path = (event.get("new") or {}).get("name"), event.get("new_path") or []
        before = (event.get("old") or {}).get("name")
        if name and name != before and event["type"] in _NAMING and event["year"] >= FIRST_RELIABLE_YEAR:
            target = _find(atlas, {}, _key(path, path[0])) if path else _unique(atlas, "", name)
            if target is not None and atlas.drafts[target].name == name:
                atlas.drafts[target].since = max(atlas.drafts[target].since, int(event["year"]))
    for name, year in SINCE.items():
        target = _unique(atlas, "", name)
        if target is not None:
            atlas.drafts[target].since = year


_NAMING = _RENAMING - {"撤销", "同名改码"} | {"新设"}


def _find(atlas: Atlas, moved: dict[CountyKey, int], key: CountyKey) -> int | None:
    province, _, name = key
    for candidate in (key, (province, "", name), (province, name)):
        if candidate in atlas.by_key:
            return atlas.by_key[candidate]
    if key in moved:
        return moved[key]
    return _unique(atlas, province, name)


def _unique(atlas: Atlas, province: str, name: str) -> int | None:
    """Return the one county of that name in the province, or in the country where the event names no province."""
    found = [
        number for key, number in atlas.by_key.items() if len(key) == 3 and key[2] == name and province in ("", key[0])
    ]
    return found[0] if len(found) == 1 else None


def _still_there(atlas: Atlas, old: CountyKey, target: int) -> bool:
    """Whether the old path is a living unit of its own: then the change was a recoding, not a renaming."""
    number = atlas.by_key.get(old)
    return number is not None and number != target


def _tells_something(atlas: Atlas, change: Step, target: int) -> bool:
    """Whether the old name or the old prefecture differs from today's."""
    draft = atlas.drafts[target]
    above = atlas.drafts[draft.parent].name
    return change.old[2] != draft.name or change.old[1] not in ("", above)
