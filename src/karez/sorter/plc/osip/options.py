"""What can be set of the OSIP driver: names, connections, the PLC's own names of places and its status codes."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from karez.settings import Section
from karez.sorter.plc.osip.codes import Codes as ErrorCodes

_PAIR = re.compile(r"([^\s=]+)=([!\"$-~]+)")


def pairs(text: str) -> dict[str, str]:
    """Read ``name=value name=value``; the values have the characters of the wire. Raises `ValueError` elsewhere."""
    found = {}
    for each in text.split():
        match = _PAIR.fullmatch(each)
        if match is None:
            raise ValueError(f"{each!r} is not of the form name=value")
        found[match[1]] = match[2]
    return found


def _locations(text: str) -> str:
    for name, location in pairs(text).items():
        if len(location) != 16:
            raise ValueError(f"the location of {name!r} has {len(location)} characters, not 16: the last 4 of a"
                             " location name the carrier")  # fmt: skip
    return text


def _codes(text: str) -> str:
    for name, code in pairs(text).items():
        if len(code) != 8:
            raise ValueError(f"the code of {name!r} has {len(code)} characters, not 8")
    ErrorCodes(pairs(text))  # names that there are, and no code of two meanings
    return text


Locations = Annotated[str, AfterValidator(_locations)]
Codes = Annotated[str, AfterValidator(_codes)]
_STATION = r"^[!\"$-~]{5}$"


class OsipOptions(Section):
    """``[sorter.options]`` of ``driver = "osip"``."""

    own: str = Field("MFC__", pattern=_STATION, title="Hub's name", description="SENDER of the hub: 5 characters.")
    plc: str = Field("SPS03", pattern=_STATION, title="PLC's name", description="SENDER of the PLC: 5 characters.")
    connections: Literal["duplex", "simplex"] = Field(
        "duplex", title="Connections", description="One for both ways, or one for each."
    )
    send_port: int = Field(
        7411, ge=0, le=65535, title="Port to the PLC", description="Simplex: of the connection from hub to PLC."
    )
    send_host: str = Field("", title="Host to the PLC", description="Simplex; empty: the same as the sorter's host.")
    send_role: Literal["", "server", "client"] = Field(
        "", title="Role to the PLC", description="Simplex; empty: the same as the sorter's role."
    )
    barcode: Literal["item", "label"] = Field(
        "item",
        title="Barcode field",
        description="Holds the PLC's own number of the item, never used twice, or the code that its scanner read.",
    )
    scanned: Literal["", "target"] = Field(
        "",
        title="Scanner's code",
        description="With items: REQ_ carries what the PLC's scanner read nowhere, or in targetLocation.",
    )
    area: str = Field(
        "LOOP", pattern=r"^[!\"$-~]{4}$", title="Area", description="First 4 characters of the loop's own places."
    )
    chutes: Locations = Field(
        "", title="Chutes", description="Where the PLC has names of its own: K01=FGINCONV00010000 K02=…"
    )
    inductions: Locations = Field("", title="Inductions", description="The same for inductions: I1=FGINIPNT00010000 …")
    codes: Codes = Field("", title="Status codes", description="Where the PLC has its own: divert.full=00000017 …")
    lap_least_ms: int = Field(
        5_000, ge=0, title="Shortest lap", description="An item that asks again sooner is on the same lap, ms."
    )
    repeat_window_ms: int = Field(
        60_000,
        ge=0,
        le=120_000,
        title="Repeat window",
        description="The same telegram with the same number within it is a repeat, ms; numbers come again later.",
    )
    stale_ms: int = Field(
        3_000, ge=0, title="Stale after", description="Nothing heard for so long ends the link, ms; 0 never."
    )
    utc_offset_min: int = Field(
        480, ge=-840, le=840, title="PLC's zone", description="Minutes that the PLC's clock is ahead of UTC."
    )
