"""How sure a resolution is."""

import itertools

import pytest

from karez.address.confidence import CONTRADICTED_MOST, DAMAGED_BELOW, Above, Evidence, Standing, confidence
from karez.address.gazetteer import Gazetteer
from karez.address.match import resolve
from karez.domain.destination import Destination

EVERY = [Evidence(*each) for each in itertools.product(Standing, Above, (False, True), (False, True))]


@pytest.mark.parametrize("found", EVERY, ids=lambda each: "-".join(map(str, each)))
def test_every_evidence_has_a_confidence_below_certainty(found: Evidence) -> None:
    assert 0 < confidence(found) <= 0.99


@pytest.mark.parametrize("found", [each for each in EVERY if each.above == Above.CONTRADICTS])
def test_a_contradiction_is_never_surer_than_nine_in_ten(found: Evidence) -> None:
    assert confidence(found) <= CONTRADICTED_MOST


@pytest.mark.parametrize("standing", [each for each in Standing if each != Standing.BY_TOWNSHIP])
@pytest.mark.parametrize("above", list(Above))
def test_a_township_of_the_county_makes_no_one_less_sure(standing: Standing, above: Above) -> None:
    without, with_it = (confidence(Evidence(standing, above, each, True)) for each in (False, True))
    assert with_it >= without


def test_a_township_with_two_errors_is_less_sure_than_its_county() -> None:
    whole = Evidence(Standing.WHOLE, Above.PREFECTURE, False, True)
    assert confidence(whole, cost_below=1.4) == DAMAGED_BELOW < confidence(whole)


@pytest.mark.parametrize(
    ("surer", "less_sure"),
    [
        ("新疆喀什地区莎车县", "莎车"),  # in full and alone, short
        ("喀什地区伽师县", "喀什地区枷师县"),  # as it is, mended
        ("喀什地区伽师县英买里镇", "伽师英买里镇"),
    ],
)
def test_what_says_more_is_not_less_sure(surer: str, less_sure: str, gazetteer: Gazetteer) -> None:
    one, two = resolve(surer, gazetteer), resolve(less_sure, gazetteer)
    assert isinstance(one, Destination) and isinstance(two, Destination)
    assert one.county_name == two.county_name
    assert one.confidence > two.confidence
