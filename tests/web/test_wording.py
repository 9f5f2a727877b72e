import importlib
import inspect
import pkgutil
from enum import StrEnum
from typing import get_args

import karez.domain
from karez.domain.events import Event
from karez.hub.alarms import AlarmKey
from karez.web.alarm_wording import ALARMS
from karez.web.lifeline import _TELLERS
from karez.web.masking import mask
from karez.web.wording import _WHY, WORDS


def domain_enums() -> set[type[StrEnum]]:
    found = set()
    for module in pkgutil.iter_modules(karez.domain.__path__):
        for _, kind in inspect.getmembers(importlib.import_module(f"karez.domain.{module.name}"), inspect.isclass):
            if issubclass(kind, StrEnum) and kind is not StrEnum:
                found.add(kind)
    return found


def test_every_code_of_every_enumeration_of_the_domain_has_words():
    enums = domain_enums()
    assert len(enums) >= 9
    missing = [f"{kind.__name__}.{code}" for kind in enums for code in kind if code.value not in WORDS.get(kind, {})]
    assert missing == []


def test_no_words_are_kept_for_codes_that_do_not_exist():
    stale = [code for kind, words in WORDS.items() for code in words if code not in {each.value for each in kind}]
    assert stale == []


def test_every_alarm_has_a_title_a_consequence_and_advice():
    assert set(ALARMS) == {key.value for key in AlarmKey}
    assert all(words.title and words.consequence and words.advice for words in ALARMS.values())


def test_every_event_of_a_parcel_has_its_sentence_in_the_lifeline():
    of_parcels = {event.kind for event in get_args(Event) if "parcel" in event.__annotations__}
    assert of_parcels == set(_TELLERS)


def test_every_assignment_reason_has_its_whole_sentence():
    from karez.domain.sorting import AssignmentReason

    assert set(_WHY) == {reason.value for reason in AssignmentReason}


def test_phones_and_the_name_before_them_are_masked_and_the_place_stays():
    masked = mask("新疆喀什市西域大道12号 买买提·艾力 13812345678")
    assert "13812345678" not in masked
    assert "艾力" not in masked
    assert masked.startswith("新疆喀什市西域大道12号")
    assert masked.endswith("*****78")


def test_house_numbers_and_sort_codes_are_no_phones():
    assert mask("人民东路 128号 3栋 2单元 501") == "人民东路 128号 3栋 2单元 501"
