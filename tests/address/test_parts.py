import pytest

from karez.address.gazetteer import Gazetteer
from karez.address.parts.parse import parse


def labelled(text: str, gazetteer: Gazetteer) -> list[tuple[str, str]]:
    return [(part.text, part.label.value) for part in parse(text, gazetteer)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "喀什市色满路12号院3号楼2单元501室",
            "喀什市/district 色满路/road 12号院/poi 3号楼/houseno 2单元/cellno 501室/roomno",
        ),
        ("图木舒克市51团5连", "图木舒克市/district 51团/town 5连/community"),
        ("疏勒县巴仁乡12村3组45号", "疏勒县/district 巴仁乡/town 12村/community 3组/road 45号/roadno"),
    ],
)
def test_addresses_of_southern_xinjiang_are_cut_into_their_parts(
    text: str, expected: str, gazetteer: Gazetteer
) -> None:
    assert " ".join("/".join(part) for part in labelled(text, gazetteer)) == expected
