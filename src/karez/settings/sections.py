"""What can be set, by section: each field with its default, its bounds, and the words of the reference page."""

from datetime import time
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"no time zone is called {name!r}; for example Asia/Shanghai or Asia/Urumqi") from None
    return name


def _known_network(text: str) -> str:
    try:
        ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is no address or network; for example 10.0.8.17 or 10.0.8.0/24") from None
    return text


def _time_of_day(text: str) -> str:
    try:
        return time.fromisoformat(text).strftime("%H:%M")
    except ValueError:
        raise ValueError(f"{text!r} is no time of day; for example 08:00") from None


class Section(BaseModel):
    """A part of the settings; unknown fields are faults, not surprises."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HubSection(Section):
    """The hub itself."""

    name: str = Field("Kashi", title="Name", description="Shown in the top bar and in events.")
    data_dir: Path = Field(Path("var"), title="Data folder", description="Store, pictures and sockets live in it.")
    time_zone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "Asia/Shanghai", title="Display zone", description="Times are stored in UTC and shown in this zone."
    )
    log: Literal["auto", "text", "json"] = Field(
        "auto", title="Log", description="auto writes text to a terminal, and one JSON line a record elsewhere."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", title="Log level", description="Least that is logged; debug tells every event of every parcel."
    )
    simulated: bool = Field(False, title="Simulated", description="A hall without hardware; every page says so.")
    max_laps: int = Field(
        3, ge=1, le=50, title="Laps", description="After so many passes the exception chute takes it."
    )
    min_confidence: float = Field(
        0.5, ge=0, le=1, title="Least confidence", description="A destination below it is treated as unresolved."
    )


class StoreSection(Section):
    """The event store."""

    url: str | None = Field(
        None,
        title="Database",
        description="SQLAlchemy address; without one, karez.db in the data folder (SQLite, WAL).",
    )
    group_ms: float = Field(
        0.0, ge=0, le=50, title="Gathering time", description="Waited for more events a commit, ms."
    )


class PicturesSection(Section):
    """Pictures kept beside the store, by content hash."""

    keep_days: int = Field(
        7, ge=0, title="Days kept", description="Older pictures (they show names) are removed; 0 keeps none."
    )
    quota_mb: int = Field(
        20_000, ge=1, title="Quota", description="Oldest pictures go first when it is used up, in MB."
    )
    reserve_mb: int = Field(
        64, ge=0, title="Reserve", description="Free space left to events: below it no picture is kept, in MB."
    )


class PersonalSection(Section):
    """Names, phones and addresses: kept apart from events, erasable."""

    keep_days: int = Field(7, ge=0, title="Days kept", description="Addresses and pre-advice are erased after it.")


class ReadingSection(Section):
    """Recognition."""

    workers: int = Field(2, ge=1, le=64, title="Workers", description="Reader processes, one thread each.")
    yields: bool = Field(
        True,
        title="Yields",
        description="Readers take the processor only where nobody else wants it; turn it off on a machine with much "
        "else to do, where they would get none.",
    )
    text: Literal["always", "auto", "never"] = Field(
        "auto", title="Text", description="auto reads text only where codes do not suffice."
    )
    deadline_ms: int = Field(4_000, ge=50, title="Deadline", description="A picture not read by then is a no-read, ms.")
    queue: int = Field(64, ge=1, title="Queue", description="Pictures that may wait; more are refused with 503.")
    text_queue: int = Field(
        32,
        ge=0,
        title="Text queue",
        description="Pictures that may wait for their text while fresh ones come; of more only the codes are read.",
    )
    memory_mb: int = Field(
        1_000,
        ge=500,
        title="Memory",
        description="A picture that would need more is a no-read, and a worker that holds more is replaced, in MB.",
    )
    px_per_mm: float | None = Field(
        None,
        gt=0,
        le=50,
        title="Scale",
        description="Pixels a millimetre where the camera stands fixed; left out, sizes are judged by the codes.",
    )
    max_megapixels: float = Field(
        50, gt=0, title="Largest picture", description="In megapixels; larger are not decoded."
    )
    companies: tuple[str, ...] = Field(
        ("sf", "yto", "zto", "sto", "yunda", "jt", "jd", "ems", "deppon"),
        title="Courier companies",
        description="Served here; numbers without a company's prefix count only for these, or when pre-advised.",
    )
    engine: Literal["auto", "openvino", "onnxruntime"] = Field("auto", title="Engine", description="For PP-OCR models.")


class AddressSection(Section):
    """Places."""

    areas: Path | None = Field(None, title="Areas file", description="The hub's delivery areas (TOML).")
    sort_codes: Path | None = Field(None, title="Sort codes", description="Sort code → area or county (TOML).")


class LearningSection(Section):
    """What coding operators teach: addresses and the areas they belong to."""

    half_life_days: float = Field(
        180,
        gt=0,
        title="Half-life",
        description="An answer weighs half after so many days: a quarter of the time a door keeps its area.",
    )
    keep_days: int = Field(
        400, ge=0, title="Days kept", description="An answer that is older is forgotten, and its address erased."
    )


class CodingSection(Section):
    """Video coding: a person is asked about parcels that no machine could place."""

    ask: bool = Field(False, title="Ask", description="Whether coding operators are asked; they answer while it rides.")
    laps: int = Field(
        6,
        ge=1,
        le=50,
        title="Laps",
        description="After so many passes the exception chute takes what nobody answered; never before hub.max_laps.",
    )


class PlanSection(Section):
    """The sort plan."""

    file: Path | None = Field(
        None, title="Plan file", description="Destinations → chutes (TOML); reloaded when changed."
    )


class SorterSection(Section):
    """The link to the sorter's PLC."""

    driver: str = Field("tcp", title="Driver", description="A row of the table of drivers.")
    role: Literal["server", "client"] = Field("server", title="Role", description="Listens for the PLC, or calls it.")
    host: str = Field("127.0.0.1", title="Host", description="To listen on, or to call.")
    port: int = Field(7410, ge=0, le=65535, title="Port", description="TCP; 0 takes a free one.")
    valid_for_ms: int = Field(
        20_000,
        ge=0,
        title="Order valid for",
        description="An order not carried out by then is late: about one lap, in ms; 0 for ever.",
    )
    heartbeat_ms: int = Field(1_000, ge=50, title="Heartbeat", description="Interval; three missed end the link, ms.")
    carriers: int | None = Field(None, ge=1, title="Carriers", description="On the loop; left out, none is counted.")
    lap_ms: int | None = Field(
        None, ge=1_000, title="Lap", description="Time once round, ms; left out, no deadline is reckoned by it."
    )
    windows_ms: dict[str, int] = Field(
        {}, title="Windows", description="From the scan to each chute's last-chance point, ms: { K01 = 4000, … }."
    )
    windows_from: dict[str, dict[str, int]] = Field(
        {},
        title="Windows by induction",
        description="The same for parcels that are scanned elsewhere, by their induction: { I3 = { K01 = 90000, … } }.",
    )
    crowded_share: float = Field(
        0.85, gt=0, le=1, title="Crowded", description="From this share of taken carriers on nothing circles for help."
    )
    hold_share: float = Field(
        0.95, gt=0, le=1, title="Hold", description="From this share on inductions are held, until 5 % fewer are taken."
    )
    options: dict[str, str | int | float | bool] = Field(
        {}, title="Options", description="The driver's own, as its page lists them; checked by the driver."
    )
    allow: tuple[Annotated[str, AfterValidator(_known_network)], ...] = Field(
        ("127.0.0.0/8", "::1"),
        title="Allowed peers",
        description="Addresses or networks that may connect where the hub listens; others are refused and reported.",
    )
    tls_cert: Path | None = Field(None, title="Certificate", description="Of the hub (PEM); with it the link is TLS.")
    tls_key: Path | None = Field(None, title="Key", description="Of the hub's certificate (PEM).")
    tls_ca: Path | None = Field(None, title="Authority", description="Who signs the PLC's certificate (PEM).")


class FramesSection(Section):
    """How pictures reach the hub, beside HTTP POST."""

    folder: Path | None = Field(
        None, title="Watched folder", description="Files <camera>_<trigger>_<time>.jpg are taken and removed."
    )
    max_mb: float = Field(32, gt=0, title="Largest file", description="Larger uploads are refused with 413, in MB.")
    window_ms: int = Field(
        5_000,
        ge=0,
        title="Tracking window",
        description="A picture without an id belongs to the one parcel inside it, ms.",
    )


class WebSection(Section):
    """Pages and API."""

    host: str = Field("127.0.0.1", title="Host", description="Loopback unless a token is set.")
    port: int = Field(8410, ge=0, le=65535, title="Port", description="0 takes a free one.")
    token: str | None = Field(None, min_length=16, title="Token", description="Needed on any address but loopback.")
    language: Literal["en", "zh", "ug"] = Field(
        "zh", title="Language", description="Used where the browser names none."
    )


class AvailabilitySection(Section):
    """What availability is measured by."""

    shifts: tuple[Annotated[str, AfterValidator(_time_of_day)], ...] = Field(
        ("08:00", "20:00"), min_length=1, title="Shifts", description="When they begin, in the hub's display zone."
    )
    goal_s: float = Field(
        300, gt=0, title="Goal", description="A parcel is to be in its chute so long behind its induction, in s."
    )
    goal_share: float = Field(
        0.98, gt=0, le=1, title="Goal share", description="Share of an hour's parcels with which its goal is met."
    )


class HallSection(Section):
    """The simulated hall."""

    carriers: int = Field(120, ge=4, title="Carriers", description="On the loop.")
    pitch_mm: int = Field(500, ge=100, title="Pitch", description="From carrier to carrier, mm.")
    speed_mm_s: int = Field(3_000, ge=100, title="Speed", description="Of the loop, mm/s.")
    inductions: int = Field(2, ge=1, title="Inductions", description="Of each station, spread before its camera.")
    stations: int = Field(
        1, ge=1, le=8, title="Stations", description="Inductions, a camera and a scan point, spread over the loop."
    )

    @property
    def inductions_in_all(self) -> int:
        """Of all stations."""
        return self.stations * self.inductions
