"""A plan small enough to hold in the head, and the means to write and break it."""

from pathlib import Path

from karez.domain.destination import Destination, DestinationReason
from karez.domain.ids import AreaId
from karez.domain.sorting import Consignment, Size
from karez.sortplan.plan import SortPlan

TEXT = """
name = "small"
chutes = ["A", "B", "C", "D", "I", "R", "O", "X"]
exception = "X"

[intercept]
chute = "I"
waybills = ["YT1"]

[return]
chute = "R"
waybills = ["YT1", "YT2"]

[oversize]
chute = "O"
longest_mm = 1000
sides_sum_mm = 2000

[overweight]
chute = "O"
alternatives = ["D"]
mass_g = 30000

[[rule]]
name = "old town"
area = ["KS-1", "KS-2"]
chute = "A"
alternatives = ["B"]

[[rule]]
name = "old town by EMS"
area = "KS-1"
company = "ems"
chute = "C"

[[rule]]
county = "喀什市"
chute = "B"

[[rule]]
name = "light to Hotan"
prefecture = "和田地区"
mass_g = [0, 1000]
chute = "C"

[[rule]]
name = "Xinjiang"
province = "新疆维吾尔自治区"
chute = "D"
"""


def write(folder: Path, text: str = TEXT) -> Path:
    path = folder / "plan.toml"
    path.write_text(text, "utf-8")
    return path


def small_plan(folder: Path) -> SortPlan:
    return SortPlan.load(write(folder))


def place(
    area: str | None = None, county: str | None = None, prefecture: str | None = None, province: str | None = None
) -> Destination:
    return Destination(
        province_name=province,
        prefecture_name=prefecture,
        county=None,
        county_name=county,
        township=None,
        township_name=None,
        area=AreaId(area) if area else None,
        confidence=0.9,
        reason=DestinationReason.ADDRESS,
        explanation="",
    )


def consignment(
    to: Destination | None,
    waybill: str | None = "YT9",
    company: str | None = "yto",
    mass_g: int | None = 500,
    size: Size | None = None,
) -> Consignment:
    return Consignment(waybill, to, company, None, mass_g, size or Size(300, 200, 100))
