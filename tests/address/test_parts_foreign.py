from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karez.address.gazetteer import Gazetteer
from karez.address.parts.foreign import foreign_parts
from karez.address.parts.parse import parse

GAZETTEER = Gazetteer.load()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قەشقەر شەھرى سەمەن يولى 12", "قەشقەر شەھرى/district سەمەن يولى/road 12/roadno"),
        ("قەشقەر ۋىلايىتى يەكەن ناھىيىسى", "قەشقەر ۋىلايىتى/city يەكەن ناھىيىسى/district"),
        ("Kashgar, Seman Rd 12", "Kashgar/city Seman Rd/road 12/roadno"),
        ("Kashi Shi Renmin Donglu 120 hao", "Kashi Shi/district Renmin Donglu/road 120 hao/roadno"),
        ("Xinjiang Kashgar Yarkant County", "Xinjiang/prov Kashgar/city Yarkant County/district"),
        ("Room 501, Building 3, Seman Road 12", "Room 501/roomno Building 3/houseno Seman Road/road 12/roadno"),
        ("Hello World", "Hello World/otherinfo"),
    ],
)
def test_uyghur_and_latin_addresses_are_cut_into_their_parts(text: str, expected: str) -> None:
    assert " ".join(f"{part.text}/{part.label}" for part in parse(text, GAZETTEER)) == expected


@given(st.text(alphabet="قەشر يول Kashgar lu Road,.-12 ", max_size=50))
def test_foreign_parts_stand_in_the_text_from_left_to_right(text: str) -> None:
    found = foreign_parts(text, GAZETTEER)
    assert all(start < end <= len(text) for _, start, end in found)
    assert all(before[2] <= after[1] for before, after in pairwise(found))
