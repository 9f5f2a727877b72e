"""Order data as courier companies deliver it (CSV), each address resolved as it comes in."""

import csv
import io
from collections.abc import Iterator

from karez.address.resolver import Resolver
from karez.domain.advice import PreAdvice
from karez.domain.destination import Destination
from karez.domain.ids import AreaId

Fault = tuple[int, str, str]
"""Line (1 is the header), field, and what is wrong with it."""

COLUMNS = ("waybill", "company", "service", "address")
_LONGEST_FIELD = 2_000


def parse_advice(data: bytes, resolver: Resolver) -> tuple[list[PreAdvice], list[Fault]]:
    """Read a pre-advice file: header ``waybill,company,service,address[,area]``, UTF-8 or GB18030, BOM allowed.

    The address of each row is resolved here, once, so that a decision needs no text work. A bad row is a fault, and
    the good ones go on; an address that is not resolved is no fault, its row simply has no place.
    """
    text = _decode(data)
    if text is None:
        return [], [(0, "file", "is neither UTF-8 nor GB18030 text")]
    rows = _rows(text)
    header = [cell.strip().lower() for cell in next(rows, (0, []))[1]]
    missing = [name for name in ("waybill", "address") if name not in header]
    if missing:
        return [], [(1, missing[0], f"the header lacks it; it must be {','.join(COLUMNS)}[,area]")]
    return _read_rows(rows, header, resolver)


def _decode(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text.removeprefix("\ufeff")
    return None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield line and cells of each row that is not blank; a row the CSV reader refuses has no cells."""
    reader = csv.reader(io.StringIO(text, newline=""))
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, []
            continue
        if any(cell.strip() for cell in row):
            yield line, row


def _read_rows(
    rows: Iterator[tuple[int, list[str]]], header: list[str], resolver: Resolver
) -> tuple[list[PreAdvice], list[Fault]]:
    good: list[PreAdvice] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for line, cells in rows:
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        fault = _fault(row, len(cells), len(header), seen, resolver)
        if fault is not None:
            faults.append((line, *fault))
            continue
        seen.add(row["waybill"])
        good.append(_advice(row, resolver))
    return good, faults


def _fault(row: dict[str, str], cells: int, columns: int, seen: set[str], resolver: Resolver) -> tuple[str, str] | None:
    if cells != columns:
        return "row", f"has {cells} cells, the header has {columns}"
    waybill = row["waybill"]
    if not waybill or not waybill.replace("-", "").isalnum() or not waybill.isascii() or len(waybill) > 40:
        return "waybill", "is no waybill number"
    if waybill in seen:
        return "waybill", "stands in the file twice; the first row is kept"
    if len(row.get("address", "")) > _LONGEST_FIELD:
        return "address", f"is longer than {_LONGEST_FIELD} characters"
    area = row.get("area")
    if area and resolver.areas is not None and resolver.areas.get(area) is None:
        return "area", "is no area of this hub"
    if not area and not row.get("address"):
        return "address", "is empty, and no area is given"
    return None


def _advice(row: dict[str, str], resolver: Resolver) -> PreAdvice:
    address, area = row.get("address") or None, row.get("area") or None
    place = resolver.from_text(address) if address else None
    known = place if isinstance(place, Destination) else None
    return PreAdvice(
        waybill=row["waybill"],
        company=row.get("company") or None,
        service=row.get("service") or None,
        address=address,
        area=AreaId(area) if area else (known.area if known else None),
        county=known.county if known else None,
        county_name=known.county_name if known else None,
        township_name=known.township_name if known else None,
        province_name=known.province_name if known else None,
        prefecture_name=known.prefecture_name if known else None,
    )
