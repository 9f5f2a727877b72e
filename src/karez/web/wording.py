"""Codes in words: every reason, state and outcome of the domain as an English message, translated at the edge."""

from collections.abc import Mapping
from enum import StrEnum

from karez.domain.coding import CodingOutcome
from karez.domain.destination import DestinationReason, UnresolvedReason
from karez.domain.parcels import MissortCause, ParcelState
from karez.domain.reading import NoReadReason, SourceKind
from karez.domain.sorting import AssignmentReason, ChuteState
from karez.domain.telegrams import DivertOutcome, Subject
from karez.sorter.windows import Timing
from karez.web.languages import N_

WORDS: Mapping[type[StrEnum], Mapping[str, str]] = {
    ParcelState: {
        "inducted": N_("On the sorter"),
        "identified": N_("Decided"),
        "ordered": N_("On the way to its chute"),
        "recirculating": N_("Goes round again"),
        "diverted": N_("Sorted"),
        "exception": N_("Exception"),
        "missorted": N_("Missorted"),
        "removed": N_("Removed"),
        "taken_off": N_("Taken off"),
    },
    MissortCause: {
        "other_chute": N_("The sorter put it elsewhere than ordered"),
        "no_order": N_("The hub had ordered nothing yet"),
        "go_round": N_("The order was to go round"),
        "old_order": N_("An earlier order was carried out"),
    },
    Timing: {
        "in_time": N_("In time"),
        "early": N_("Too early"),
        "late": N_("Too late"),
        "unknown": N_("Not known"),
    },
    NoReadReason: {
        "no_picture": N_("No picture came in time"),
        "empty_file": N_("The picture file is empty"),
        "not_a_picture": N_("The file is not a picture"),
        "broken_picture": N_("The picture is broken"),
        "picture_too_large": N_("The picture is too large"),
        "picture_too_small": N_("The picture is too small"),
        "no_label": N_("No label was found"),
        "no_waybill": N_("No waybill number was found"),
        "contradiction": N_("Two waybill numbers contradict each other"),
        "unconfirmed": N_("A number in print that nothing confirms"),
        "timeout": N_("Reading took too long"),
        "reader_failed": N_("The reader failed on this picture"),
        "cannot_open": N_("The picture cannot be opened"),
    },
    DestinationReason: {
        "pre_advice": N_("The courier company's order data names the place"),
        "sort_code": N_("The sort code is in the hub's table"),
        "address": N_("The address names the place"),
        "former_name": N_("The address uses a former name"),
        "alias": N_("The address uses a short or other name"),
        "unique_name": N_("The name is unique in the country"),
        "city_contradicts": N_("County and city do not match; the county is unique"),
        "repaired": N_("Found after mending look-alike characters"),
        "area_covers": N_("One area serves the whole place that is named"),
        "learned": N_("Operators sent parcels of this address there before"),
        "coded": N_("An operator looked at the picture and said so"),
    },
    UnresolvedReason: {
        "no_address": N_("Nothing on the label names a place"),
        "unknown_place": N_("No known place is named"),
        "ambiguous": N_("Several places are possible"),
        "too_coarse": N_("Only a province or prefecture is named"),
        "sort_code_unknown": N_("The sort code is not in the hub's table"),
        "not_an_address": N_("The text is no address"),
        "unsure": N_("A place was found, but too unsure"),
        "disputed": N_("Operators disagree about this address"),
    },
    CodingOutcome: {
        "this_lap": N_("In time: it leaves on this lap"),
        "next_lap": N_("It leaves on the next lap"),
        "given_up": N_("The operator could not tell either"),
        "still_unresolved": N_("Where it must go is still open"),
        "already_answered": N_("Another answer came first"),
        "not_asked": N_("Nobody had asked about it"),
        "known_by_now": N_("A later picture told"),
        "gone": N_("It had left the sorter"),
        "unknown_area": N_("The area is not one of this hub"),
        "unknown_place": N_("The words name no known place"),
        "no_waybill": N_("What was keyed is no waybill number"),
    },
    AssignmentReason: {
        "plan": N_("By the sort plan"),
        "alternative": N_("Alternative chute: the first one takes no parcels now"),
        "intercept": N_("Intercepted"),
        "return": N_("Returned to sender"),
        "oversize": N_("Oversize"),
        "overweight": N_("Overweight"),
        "all_full": N_("Every chute for it is full or closed"),
        "not_read": N_("No waybill number was read"),
        "not_resolved": N_("The destination is not known"),
        "not_in_plan": N_("The destination is not in the sort plan"),
        "laps_spent": N_("It has gone round as often as it may"),
    },
    ChuteState: {
        "open": N_("open"),
        "full": N_("full"),
        "closed": N_("closed"),
        "bag_change": N_("bag change"),
    },
    DivertOutcome: {
        "ok": N_("It went into the chute"),
        "full": N_("The chute was full"),
        "jam": N_("The chute was jammed"),
        "late": N_("The order came too late"),
        "aborted": N_("The sorter gave the divert up"),
        "lost": N_("Its carrier was seen empty"),
        "recirculated": N_("Sent round on purpose"),
    },
    SourceKind: {
        "code": N_("from a code"),
        "line": N_("from printed text"),
    },
    Subject: {
        "chute": N_("Chute"),
        "induction": N_("Induction"),
        "sorter": N_("Sorter"),
    },
}
"""Message of every code a page may have to show, by enumeration."""

STATES: Mapping[str, str] = {
    "on": N_("on"),
    "off": N_("off"),
    "running": N_("running"),
    "stopped": N_("stopped"),
}
"""States of inductions and of the sorter, as STATE telegrams name them."""

SEEN: Mapping[str, str] = {
    "waybill": N_("Waybill number"),
    "sort_code": N_("Sort code"),
    "address": N_("Address"),
    "code": N_("Code"),
    "line": N_("Line of text"),
}
"""What a box of the overlay shows."""


FUNCTIONS: Mapping[str, str] = {
    "sort": "",
    "exception": N_("Exceptions"),
    "intercept": N_("Intercepts"),
    "return": N_("Returns"),
    "oversize": N_("Oversize"),
    "overflow": N_("Overflow"),
}
"""What a chute is for, where it has no area's name."""

COMPANIES: Mapping[str, str] = {
    "sf": N_("SF Express"),
    "yto": N_("YTO"),
    "zto": N_("ZTO"),
    "sto": N_("STO"),
    "yunda": N_("Yunda"),
    "jt": N_("J&T"),
    "jd": N_("JD Logistics"),
    "ems": N_("EMS, China Post"),
    "deppon": N_("Deppon"),
}
"""Courier companies by the short names that readings use."""


def word(kind: type[StrEnum], code: str) -> str:
    """Give the English message of a code; a code from a newer hub stands for itself."""
    return WORDS[kind].get(code, code)


def why_chute(reason: str) -> str:
    """Give one whole sentence that tells why a parcel is in, or on its way to, a chute.

    Placeholders: ``chute``, ``place``. The sentence is a translation key, never built from pieces.
    """
    return _WHY.get(reason, N_("It is for chute %(chute)s."))


_WHY: Mapping[str, str] = {
    "plan": N_("Chute %(chute)s, because the sort plan sends parcels for %(place)s there."),
    "alternative": N_(
        "Chute %(chute)s, an alternative for %(place)s, because the first chute of the plan took no parcels."
    ),
    "intercept": N_("Chute %(chute)s, because this waybill is on the intercept list."),
    "return": N_("Chute %(chute)s, because this waybill is on the return list."),
    "oversize": N_("Chute %(chute)s, because the parcel is larger than a carrier may take to other chutes."),
    "overweight": N_("Chute %(chute)s, because the parcel is heavier than other chutes take."),
    "all_full": N_("Chute %(chute)s, because every chute for %(place)s was full or closed."),
    "not_read": N_("Chute %(chute)s, because no waybill number could be read from its label."),
    "not_resolved": N_("Chute %(chute)s, because nothing told where the parcel must go."),
    "not_in_plan": N_("Chute %(chute)s, because the sort plan has no row for %(place)s."),
    "laps_spent": N_("Chute %(chute)s, because the parcel had gone round as often as it may."),
}
