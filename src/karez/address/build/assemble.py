"""Put the gazetteer together, step by step."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from karez.address.build import curated
from karez.address.build.curated import ABBREVIATIONS, FORMER_WITHOUT_EVENT, REGIMENTS, REGIMENTS_OF_OLD
from karez.address.build.history import Former, date_names, steps, trace
from karez.address.build.lists import (
    civil_affairs_2025,
    civil_affairs_2026,
    regiments_of_old,
    statistics_2023,
    villages_2023,
)
from karez.address.build.merge import Atlas, Draft, find_movers, join_spellings, overlay, plant
from karez.address.build.packages import JIONLP, MCA, MCA_2025, NBS, PACKAGES, Archives
from karez.address.build.tongues import give_curated_names, join_geonames, pinyin_names, pinyin_of
from karez.address.names import short_forms
from karez.address.places import Alias, GazetteerFile, Level, NameKind, Source

XINJIANG = "新疆维吾尔自治区"
_SOURCE = {package.name: index for index, package in enumerate(PACKAGES)}
_OWN = len(PACKAGES)
"""Index of what `curated` holds: our own reading of public notices, and a CC0 list of Uyghur names."""


@dataclass(frozen=True)
class Built:
    """The file, and what the report tells about how it came to be."""

    file: GazetteerFile
    conflicts: list[tuple[str, str]]
    movers: list[tuple[str, str, int]]
    spellings: list[tuple[str, str]]
    joined: int


def assemble(archives: Archives) -> Built:
    """Build the whole gazetteer from the archives."""
    atlas = Atlas()
    plant(atlas, civil_affairs_2026(archives), _SOURCE[MCA.name])
    _plant_special_regions(atlas, archives)
    formers, moved = trace(atlas, steps(archives))
    date_names(atlas, archives)
    overlay(atlas, civil_affairs_2025(archives), MCA_2025.vintage, 2025, _SOURCE[MCA_2025.name], moved)
    overlay(atlas, statistics_2023(archives), NBS.vintage, 2023, _SOURCE[NBS.name], moved)
    join_spellings(atlas)
    find_movers(atlas, _SOURCE[MCA.name])
    _plant_regiments_of_old(atlas, archives)
    _plant_villages(atlas, archives)
    region = _descendants(atlas, atlas.by_key[(XINJIANG,)])
    aliases = [*_former_aliases(atlas, formers), *_curated_aliases(atlas)]
    aliases += [_other(name, place, _OWN) for name, place in give_curated_names(atlas, region)]
    joined = join_geonames(atlas, archives, region)
    pinyin = pinyin_names(atlas, pinyin_of(archives), region)
    aliases += [_other(name, place, _SOURCE[JIONLP.name]) for name, place in pinyin]
    file = GazetteerFile(
        vintage=MCA.vintage,
        sources=[*(archives.source(package) for package in PACKAGES), _own_source()],
        places=atlas.places(),
        aliases=list(dict.fromkeys(aliases)),
        lookalikes=_lookalikes(archives),
        traditional=_traditional(archives),
    )
    return Built(file, atlas.conflicts, _movers(atlas), _spellings(atlas), joined)


def _other(name: str, place: int, source: int) -> Alias:
    return Alias(name, place, NameKind.ALIAS, 0, "", source)


def _own_source() -> Source:
    digest = hashlib.sha256(Path(curated.__file__).read_bytes()).hexdigest()
    credit = "build/curated.py: notices of the Xinjiang government; Uyghur county names, of Kashi from Wikidata (CC0)"
    return Source("karez", "curated", digest, MCA.vintage, "Apache-2.0", credit)


def _plant_special_regions(atlas: Atlas, archives: Archives) -> None:
    """Add the districts of Hong Kong, Macao and Taiwan; the list gives them no codes."""
    tree = json.loads(archives.read(NBS, "package/dist/HK-MO-TW.json"))
    for province, prefectures in tree.items():
        top = atlas.by_key.get((province,))
        if top is None:
            top = atlas.by_key[(province,)] = atlas.add(Draft(Level.PROVINCE, province, "", -1, _SOURCE[NBS.name]))
        for prefecture, counties in prefectures.items():
            middle = atlas.add(Draft(Level.PREFECTURE, prefecture, "", top, _SOURCE[NBS.name]))
            atlas.by_key[(province, prefecture)] = middle
            for county in counties:
                number = atlas.add(Draft(Level.COUNTY, county, "", middle, _SOURCE[NBS.name]))
                atlas.by_key[(province, prefecture, county)] = number


def _plant_regiments_of_old(atlas: Atlas, archives: Archives) -> None:
    """Add regiments under the counties that addresses still put them in, each with the town it is today."""
    today = {
        regiment: number
        for number, draft in enumerate(atlas.drafts)
        if draft.level == Level.TOWNSHIP and not draft.until
        for regiment in REGIMENTS.get(f"{atlas.drafts[draft.parent].name}/{draft.name}", ())
    }
    counties = {d.name: i for i, d in enumerate(atlas.drafts) if d.level == Level.COUNTY and d.code.startswith("65")}
    listed = [(county, regiment, regiment) for county, regiment in regiments_of_old(archives)]
    for county, name, regiment in dict.fromkeys((*listed, *REGIMENTS_OF_OLD)):
        successor, parent = today.get(regiment), counties.get(county)
        if successor is not None and parent is not None and atlas.drafts[successor].parent != parent:
            source = _SOURCE[JIONLP.name] if (county, name, regiment) in listed else _OWN
            for each in (name, *_towns_of_old(atlas, successor, parent)):
                atlas.add(Draft(Level.TOWNSHIP, each, "", parent, source, until=_DICTIONARY_YEAR, successor=successor))


def _towns_of_old(atlas: Atlas, town: int, county: int) -> list[str]:
    """Return the town's own name, as people write it behind the county it lies in (麦盖提县前海镇), if that is free."""
    name = atlas.drafts[town].name
    forms = [form for form in (name, *short_forms(name, Level.TOWNSHIP)) if form[-1] in "乡镇"]
    plain = min(forms, key=len, default=name)
    return [] if plain in {atlas.drafts[child].name for child in atlas.children[county]} else [plain]


_DICTIONARY_YEAR = int(JIONLP.vintage[:4])


def _plant_villages(atlas: Atlas, archives: Archives) -> None:
    """Add the villages of Xinjiang, joined by township code of 2023, that is by its name in today's county."""
    townships = {
        (atlas.drafts[d.parent].code, d.name): i for i, d in enumerate(atlas.drafts) if d.level == Level.TOWNSHIP
    }
    of_code: dict[str, int] = {}
    for county in statistics_2023(archives).counties:
        today = atlas.county_of_code.get((NBS.vintage, county.code))
        for name, code in county.townships.items() if today is not None else ():
            place = townships.get((atlas.drafts[today].code, name)) if today is not None else None
            if place is not None:
                successor = atlas.drafts[place].successor
                of_code[code] = successor if successor >= 0 else place
    for code, name, township in villages_2023(archives, frozenset({"65"})):
        if township in of_code:
            atlas.add(Draft(Level.VILLAGE, name, code, of_code[township], _SOURCE[NBS.name]))


def _descendants(atlas: Atlas, root: int) -> frozenset[int]:
    found, open_ = {root}, [root]
    while open_:
        for child in atlas.children[open_.pop()]:
            found.add(child)
            open_.append(child)
    return frozenset(found)


def _former_aliases(atlas: Atlas, formers: Iterable[Former]) -> list[Alias]:
    source = _SOURCE[MCA.name]
    rows = [Alias(f.name, f.place, NameKind.FORMER, f.until, f.within, source) for f in formers]
    for path, names in FORMER_WITHOUT_EVENT.items():
        province, *prefecture, county = path.split("/")
        place = atlas.by_key[(province, "".join(prefecture), county)]
        rows += [Alias(name, place, NameKind.FORMER, until, "", _OWN) for name, until in names]
    return rows


def _curated_aliases(atlas: Atlas) -> list[Alias]:
    rows: list[Alias] = []
    for number, draft in enumerate(atlas.drafts):
        if draft.level == Level.TOWNSHIP and not draft.until:
            path = f"{atlas.drafts[draft.parent].name}/{draft.name}"
            for regiment in REGIMENTS.get(path, ()):
                rows += [_other(f"{pre}{regiment}", number, _OWN) for pre in ("", "兵团", "第")]
        elif draft.level <= Level.COUNTY:
            rows += [_other(name, number, _OWN) for name in ABBREVIATIONS.get(draft.name, ())]
    return rows


def _movers(atlas: Atlas) -> list[tuple[str, str, int]]:
    return [
        (atlas.path(i), atlas.path(d.successor), d.until)
        for i, d in enumerate(atlas.drafts)
        if d.successor >= 0 and atlas.drafts[d.successor].parent != d.parent
    ]


def _spellings(atlas: Atlas) -> list[tuple[str, str]]:
    return [
        (atlas.path(i), atlas.drafts[d.successor].name)
        for i, d in enumerate(atlas.drafts)
        if d.successor >= 0
        and atlas.drafts[d.successor].parent == d.parent
        and not set(short_forms(d.name, d.level)) & set(short_forms(atlas.drafts[d.successor].name, d.level))
    ]


def _lookalikes(archives: Archives) -> dict[str, str]:
    table = json.loads(archives.read(MCA, "data/form_similar_v1.json"))["table"]
    return {wrong: "".join(right for right, _ in pairs) for wrong, pairs in table.items()}


def _traditional(archives: Archives) -> dict[str, str]:
    text = archives.read(JIONLP, "jionlp/dictionary/tra2sim_char.txt").decode()
    pairs = (line.split("\t") for line in text.splitlines() if "\t" in line)
    return {pair[0]: pair[1] for pair in pairs if len(pair[0]) == len(pair[1]) == 1}
