"""Every setting, once: read here and nowhere else, then handed to each room as its own section."""

from karez.settings.loading import Loaded, Settings, find_config, line_of, load, sentence
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

__all__ = [
    "AddressSection",
    "AvailabilitySection",
    "CodingSection",
    "FramesSection",
    "HallSection",
    "HubSection",
    "LearningSection",
    "Loaded",
    "PersonalSection",
    "PicturesSection",
    "PlanSection",
    "ReadingSection",
    "Section",
    "Settings",
    "SorterSection",
    "StoreSection",
    "WebSection",
    "find_config",
    "line_of",
    "load",
    "sentence",
]
