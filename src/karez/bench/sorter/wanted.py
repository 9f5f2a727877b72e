"""What a run of the sorter bench is asked for."""

from dataclasses import dataclass

STORES = ("sqlite", "postgresql")
DRIVERS = ("tcp", "osip", "opcua", "modbus", "s7")

USUAL_RATES = {"tcp": 350, "osip": 350, "opcua": 60, "modbus": 60, "s7": 60}
"""Decisions a second: more than the largest hub ever planned needs (322); through one PLC of many, its share."""

USUAL_SECONDS = {False: 600.0, True: 20.0}
"""At a fixed rate, and flat out."""

FLAT_OUT_IN_FLIGHT = 64
"""Questions that are open at any time where the hub is never waited for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One run.

    Attributes
    ----------
    rate
        Decisions (SCAN telegrams) a second, on a fixed timetable; of no meaning flat out.
    flat_out
        Ask the next question as soon as one is answered, so that the hub is never waited for.
    pictures
        Pictures a second for the readers.
    page
        Whether one Hall page is open.
    """

    store: str
    driver: str
    rate: int
    seconds: float
    seed: int
    pictures: int
    page: bool
    flat_out: bool = False
