"""The settings of one hub, and the configuration file they are read from.

Order of precedence: environment (``KAREZ_<SECTION>__<FIELD>``), the TOML file, the defaults below. The file is
the one named by ``--config``, else by ``KAREZ_CONFIG``, else ``./hub.toml``, else the built-in demo hub.
Relative paths in a file count from the folder of that file.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from karez.domain.errors import BadConfig
from karez.settings.sections import (
    AddressSection,
    AvailabilitySection,
    CodingSection,
    FramesSection,
    HallSection,
    HubSection,
    LearningSection,
    PersonalSection,
    PicturesSection,
    PlanSection,
    ReadingSection,
    Section,
    SorterSection,
    StoreSection,
    WebSection,
)


class Settings(BaseSettings):
    """The whole configuration of one hub."""

    model_config = SettingsConfigDict(
        env_prefix="KAREZ_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    hub: HubSection = HubSection()
    store: StoreSection = StoreSection()
    pictures: PicturesSection = PicturesSection()
    personal: PersonalSection = PersonalSection()
    reading: ReadingSection = ReadingSection()
    address: AddressSection = AddressSection()
    learning: LearningSection = LearningSection()
    coding: CodingSection = CodingSection()
    plan: PlanSection = PlanSection()
    sorter: SorterSection = SorterSection()
    frames: FramesSection = FramesSection()
    web: WebSection = WebSection()
    availability: AvailabilitySection = AvailabilitySection()
    hall: HallSection = HallSection()

    @property
    def store_url(self) -> str:
        """SQLAlchemy address of the event store."""
        return self.store.url or f"sqlite:///{self.hub.data_dir / 'karez.db'}"

    @property
    def pictures_dir(self) -> Path:
        """Folder of kept pictures."""
        return self.hub.data_dir / "pictures"

    @property
    def socket(self) -> Path:
        """The control process's Unix socket."""
        return self.hub.data_dir / "run" / "control.sock"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file (which comes in as init values)."""
        return env_settings, init_settings


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings and where they came from: ``file`` is ``None`` for defaults alone; ``built_in`` if nobody named it."""

    settings: Settings
    file: Path | None
    built_in: bool = False


def find_config(named: Path | None, built_in: Path | None = None) -> Path | None:
    """Configuration file in force: named, else ``KAREZ_CONFIG``, else ``./hub.toml``, else the built-in one.

    Raises
    ------
    BadConfig
        When a file was named and is not there.
    """
    chosen = named or (Path(os.environ["KAREZ_CONFIG"]) if os.environ.get("KAREZ_CONFIG") else None)
    if chosen is not None:
        if not chosen.is_file():
            raise BadConfig(str(chosen), [(0, "file", "there is no such file; name another with --config")])
        return chosen
    here = Path("hub.toml")
    return here if here.is_file() else built_in


def load(file: Path | None, overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Loaded:
    """Read a configuration file.

    Parameters
    ----------
    overrides
        Fields by section that win over the file.

    Raises
    ------
    BadConfig
        Naming line and field of every fault.
    """
    text = "" if file is None else _text(file)
    given = _parsed(str(file), text)
    if file is not None:
        given = _anchored(given, file.resolve().parent)
    for section, fields in (overrides or {}).items():
        given[section] = {**given.get(section, {}), **fields}
    try:
        return Loaded(Settings(**given), file)
    except ValidationError as error:
        faults = sorted(_fault(text, tuple(map(str, fault["loc"])), fault) for fault in error.errors())
        raise BadConfig(str(file or "settings"), faults) from None


def _fault(text: str, place: tuple[str, ...], fault: Any) -> tuple[int, str, str]:
    """Where a fault stands (line and field, or the environment variable that wins over the file), and what it is."""
    variable = f"KAREZ_{'__'.join(place[:2])}".upper()
    if variable in {name.upper() for name in os.environ}:
        return 0, f"{variable} (environment)", sentence(fault)
    return line_of(text, *place), ".".join(place), sentence(fault)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(str(file), [(0, "file", f"cannot be read: {error}")]) from None


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(name, [(0, "file", f"is no TOML: {error}")]) from None


def _anchored(given: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Paths in a file count from the file's folder, wherever the command is run."""
    anchored = dict(given)
    for section, field in Settings.model_fields.items():
        fields = given.get(section)
        kind = field.annotation
        if isinstance(fields, dict) and isinstance(kind, type) and issubclass(kind, Section):
            anchored[section] = {
                name: folder / value if isinstance(value, str) and _is_path(kind, name) else value
                for name, value in fields.items()
            }
    return anchored


def _is_path(section: type[Section], name: str) -> bool:
    return name in section.model_fields and section.model_fields[name].annotation in (Path, Path | None)


def sentence(fault: Any) -> str:
    """What is wrong, of one of pydantic's faults."""
    if fault["type"] == "extra_forbidden":
        return "there is no such setting"
    said = str(fault["msg"]).removeprefix("Value error, ").replace("<class 'pathlib.Path'>", "a file or folder")
    secret = isinstance(fault["input"], dict) or "token" in fault["loc"]
    return said if secret or repr(fault["input"]) in said else f"{said}, not {fault['input']!r}"


def line_of(text: str, section: str, field: str = "", *_: str) -> int:
    """Line (from 1) of a field in a TOML text with one table a section; of the section if it has none; else 0."""
    inside, header = False, 0
    for number, row in enumerate(text.splitlines(), 1):
        stripped = row.strip()
        if stripped.startswith("["):
            inside = stripped.strip("[] ") == section
            header = number if inside else header
        elif inside and stripped.partition("=")[0].strip() == field:
            return number
    return header
