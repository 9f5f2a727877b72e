"""Alarms in words: for every alarm key its title, what follows from it, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from karez.hub.alarms import AlarmKey
from karez.web.languages import N_


@dataclass(frozen=True, slots=True)
class AlarmWords:
    """English messages of one alarm; an alarm without advice would only be an event (ISA-18.2)."""

    title: str
    consequence: str
    advice: str


ALARMS: Mapping[str, AlarmWords] = {
    AlarmKey.SORTER_LINK: AlarmWords(
        N_("No link to the sorter"),
        N_("No order reaches the sorter: parcels go round, then to the exception chute."),
        N_("Check the cable and the PLC. The hub reconnects by itself."),
    ),
    AlarmKey.STORE_FULL: AlarmWords(
        N_("Disk full"),
        N_("Nothing is decided and no order leaves; induction is held."),
        N_("Free space on the data disk. The hub goes on by itself."),
    ),
    AlarmKey.STORE_AWAY: AlarmWords(
        N_("Database not reachable"),
        N_("Nothing is decided and no order leaves; induction is held."),
        N_("Start the database server. The hub goes on by itself."),
    ),
    AlarmKey.EXCEPTION_CHUTE: AlarmWords(
        N_("Exception chute takes no parcels"),
        N_("Parcels that cannot be sorted stay on the loop until it blocks."),
        N_("Empty the exception chute and open it."),
    ),
    AlarmKey.SORTER_STOPPED: AlarmWords(
        N_("Sorter stopped"),
        N_("Nothing moves."),
        N_("Find the cause at the sorter, then start it there."),
    ),
    AlarmKey.MISSORT: AlarmWords(
        N_("Missort"),
        N_("The parcel lies in a chute it does not belong to."),
        N_("Take the parcel out of the chute and induct it again."),
    ),
    AlarmKey.PICTURES_STOPPED: AlarmWords(
        N_("Pictures are no longer kept"),
        N_("Space is left to events; new lifelines have no picture."),
        N_("Free space on the data disk."),
    ),
    AlarmKey.PLAN_REJECTED: AlarmWords(
        N_("Sort plan rejected"),
        N_("The plan in force stays."),
        N_("Correct the file as the message says and save it."),
    ),
    AlarmKey.READER_FAILED: AlarmWords(
        N_("A reader failed"),
        N_("Its picture is a no-read. The reader was started again."),
        N_("If it repeats, report it with the picture."),
    ),
    AlarmKey.CHUTE_FULL: AlarmWords(
        N_("Chute full"),
        N_("Its parcels use other chutes or go round."),
        N_("Empty the chute or change the bag."),
    ),
    AlarmKey.BAD_TELEGRAMS: AlarmWords(
        N_("Unreadable telegrams"),
        N_("They are skipped; what they said is lost."),
        N_("Check the program of the PLC and what else sends to this port."),
    ),
    AlarmKey.WAYBILL_DUPLICATED: AlarmWords(
        N_("Waybill number on two parcels"),
        N_("Both are sorted as usual; one of them may be the wrong one."),
        N_("Look at both parcels and correct their labels."),
    ),
    AlarmKey.LOOP_CLOGGED: AlarmWords(
        N_("Loop nearly full"),
        N_("The inductions are held until carriers are free."),
        N_("Empty full chutes, and look for what goes round."),
    ),
    AlarmKey.PARCEL_OVERDUE: AlarmWords(
        N_("Parcel overdue"),
        N_("Nothing was heard of it for three laps; it may still come."),
        N_("Look on its carrier; if it is not there, say that it was taken off."),
    ),
    AlarmKey.PARCEL_REAPPEARED: AlarmWords(
        N_("Parcel rides after its end"),
        N_("It goes round until it is taken off by hand."),
        N_("Take it off its carrier; if there are many, the PLC gives old names to new parcels."),
    ),
}
"""Words by alarm key."""

_UNKNOWN = AlarmWords(N_("Alarm"), "", N_("See the message."))


def alarm_words(key: str) -> AlarmWords:
    """Give an alarm's words; an unknown key gets general ones, and its explanation tells the rest."""
    return ALARMS.get(key, _UNKNOWN)
