"""Alarms in words: for every alarm key its title, what follows from it, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from karez.web.languages import N_


@dataclass(frozen=True, slots=True)
class AlarmWords:
    """English messages of one alarm; an alarm without advice would only be an event (ISA-18.2)."""

    title: str
    consequence: str
    advice: str


ALARMS: Mapping[str, AlarmWords] = {
    "chute.full": AlarmWords(
        N_("Chute full"),
        N_("Its parcels use alternative chutes or go round."),
        N_("Empty the chute or change the bag."),
    ),
    "sorter.link_lost": AlarmWords(
        N_("No link to the sorter"),
        N_("No orders reach the sorter: parcels go round, then to the exception chute."),
        N_("Check the cable and the PLC; the hub reconnects by itself."),
    ),
    "sorter.stopped": AlarmWords(
        N_("Sorter stopped"),
        N_("Nothing moves."),
        N_("Find the stop's cause at the sorter, then start it there."),
    ),
    "disk.full": AlarmWords(
        N_("Disk full"),
        N_("No decision is made and no order leaves; induction is held."),
        N_("Free space on the data disk; the hub goes on by itself."),
    ),
    "pictures.held": AlarmWords(
        N_("Pictures are no longer kept"),
        N_("Space is left to events; lifelines lack their pictures."),
        N_("Free space on the data disk."),
    ),
    "plan.rejected": AlarmWords(
        N_("Sort plan rejected"),
        N_("The plan in force stays."),
        N_("Correct the file as the message says."),
    ),
    "reader.failed": AlarmWords(
        N_("A reader worker failed"),
        N_("Its picture is a no-read; the worker is started again."),
        N_("Keep the picture and report it if this repeats."),
    ),
}
"""Words by alarm key."""

_UNKNOWN = AlarmWords(N_("Alarm"), "", N_("See the message."))


def alarm_words(key: str) -> AlarmWords:
    """Give an alarm's words; an unknown key gets general ones, and its explanation tells the rest."""
    return ALARMS.get(key, _UNKNOWN)
