"""How often what goes wrong in a simulated day: a ``[faults]`` table, from a file or built in."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field, ValidationError

from karez.domain.errors import BadConfig, BadInput
from karez.settings import Section, line_of, sentence


def _share(title: str, description: str) -> float:
    value: float = Field(0.0, ge=0, le=0.5, title=title, description=description)
    return value


def _an_hour(title: str, description: str) -> float:
    value: float = Field(0.0, ge=0, le=600, title=title, description=description)
    return value


class FaultRates(Section):
    """Shares of packets or parcels, and happenings an hour of hall time; 0 everywhere is a day without faults."""

    model_config = ConfigDict(strict=True)  # a word is no number, nor is true

    telegram_lost: float = _share("Lost", "Share of packets on the link that never come.")
    telegram_duplicated: float = _share("Duplicated", "Share that come twice.")
    telegram_reordered: float = _share("Reordered", "Share that are overtaken by later ones.")
    telegram_delayed: float = _share("Delayed", "Share that are held up, with all that follow them.")
    delay_ms: float = Field(1_500.0, ge=0, le=60_000, title="Delay", description="Longest time held up, ms.")
    link_cuts_per_h: float = _an_hour("Link cuts", "The link is cut for up to a third of a lap.")
    plc_restarts_per_h: float = _an_hour("PLC restarts", "Orders, laps and what was not acknowledged are lost.")
    plc_forgets: float = Field(
        0.25, ge=0, le=1, title="PLC forgets", description="Share of PLC restarts that lose the parcels' names, too."
    )
    hub_kills_per_h: float = _an_hour("Hub kills", "All that is not committed is lost; the hub starts again at once.")
    hub_down_ms: float = Field(
        3_000.0, ge=0, le=600_000, title="Hub down", description="Longest time until it is up again, ms."
    )
    clock_jumps_per_h: float = _an_hour(
        "Clock jumps", "The PLC's clock or the hub's wall clock is set, by up to a day."
    )
    chute_jams_per_h: float = _an_hour("Jams", "A chute's mouth is blocked for some laps.")
    bag_changes_per_h: float = _an_hour("Bag changes", "A chute is shut while its bag is changed.")
    full_chutes_per_h: float = _an_hour("Full chutes", "A busy chute is full for some laps.")
    disk_slow_per_h: float = _an_hour("Slow disk", "Commits take seconds for a while.")
    disk_slow_ms: float = Field(
        4_000.0, ge=0, le=60_000, title="Slow commit", description="Longest commit on a slow disk, ms."
    )
    removed: float = _share("Taken off, told", "Parcels taken off by hand; the PLC sees the carrier empty and says so.")
    removed_untold: float = _share("Taken off, untold", "Parcels taken off by hand of which the PLC says nothing.")
    put_back: float = Field(
        0.3, ge=0, le=1, title="Put back", description="Share of those taken off that come again at an induction."
    )
    added: float = _share("Laid on", "Parcels that a person lays on a carrier: no INDUCT tells of them.")
    strays: float = _share("Strays", "Parcels that fall into another chute, as the PLC tells truthfully.")
    strays_silent: float = _share("Silent strays", "The same, but the PLC confirms the chute that was ordered.")
    misread: float = _share("Wrong readings", "Pictures that give a wrong number and another parcel's sort code.")
    coding_errors: float = _share("Coding errors", "Answers of operators that name a wrong area.")
    until: float = Field(
        0.85,
        gt=0,
        le=1,
        title="Until",
        description="Share of the day's arrivals until which faults fall: what only a carrier that is used again tells"
        " must have time to be told.",
    )


NO_FAULT_RATES = FaultRates()

ALL = FaultRates(
    telegram_lost=0.003,
    telegram_duplicated=0.003,
    telegram_reordered=0.003,
    telegram_delayed=0.002,
    link_cuts_per_h=6,
    plc_restarts_per_h=4,
    hub_kills_per_h=20,
    clock_jumps_per_h=6,
    chute_jams_per_h=12,
    bag_changes_per_h=30,
    full_chutes_per_h=6,
    disk_slow_per_h=6,
    removed=0.001,
    removed_untold=0.0005,
    added=0.002,
    strays=0.001,
    strays_silent=0.0002,
    misread=0.0005,
    coding_errors=0.01,
)
"""What ``--faults all`` means: every fault there is, far more often than a hall would bear."""


def fault_rates(named: str | None) -> FaultRates:
    """Rates by name: ``None`` without faults, ``"all"``, else a TOML file with one table ``[faults]``.

    Raises
    ------
    BadConfig
        Naming file, line and field of every fault.
    BadInput
        Where there is no such file.
    """
    if named is None:
        return NO_FAULT_RATES
    return ALL if named == "all" else _from_file(Path(named))


def _from_file(file: Path) -> FaultRates:
    if not file.exists():
        raise BadInput("there is no such file", str(file), "'all', or a TOML file with a table [faults]")
    try:
        text = file.read_text("utf-8")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfig(str(file), [(0, "file", f"cannot be used: {error}")]) from None
    if set(tables) != {"faults"}:
        has = ", ".join(map(str, tables)) or "nothing"
        raise BadConfig(str(file), [(0, "faults", f"the file must have one table, [faults]; it has: {has}")])
    try:
        return FaultRates(**tables["faults"])
    except ValidationError as error:
        fields = [(str(fault["loc"][0]), _sentence(fault)) for fault in error.errors()]
        told = [(line_of(text, "faults", field), f"faults.{field}", said) for field, said in fields]
        raise BadConfig(str(file), sorted(told)) from None


def _sentence(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return f"there is no such fault; one of: {', '.join(FaultRates.model_fields)}"
    return sentence(fault)
