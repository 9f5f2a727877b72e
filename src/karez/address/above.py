"""The prefectures and provinces that a text names, ready to be compared with each county's own."""

from collections.abc import Iterable, Mapping

from karez.address.mentions import Mention
from karez.address.places import Level, NameKind


class Above:
    """Mentions of prefectures and provinces, by level; ``places`` are the ids they can mean."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self.prefectures: list[Mention] = []
        self.provinces: list[Mention] = []
        for mention in mentions:
            if mention.level == Level.PREFECTURE:
                self.prefectures.append(mention)
            elif mention.level == Level.PROVINCE:
                self.provinces.append(mention)
        self.places = {mention.place for mention in (*self.prefectures, *self.provinces)}
        self._full = {
            Level.PREFECTURE: [m for m in self.prefectures if m.kind == NameKind.FULL and not m.cost],
            Level.PROVINCE: [m for m in self.provinces if m.kind == NameKind.FULL and not m.cost],
        }

    def of(self, level: Level) -> list[Mention]:
        """Return the mentions of that level."""
        return self.prefectures if level == Level.PREFECTURE else self.provinces

    def contradicts(self, mention: Mention, level: Level, own: int) -> bool:
        """Whether a full name before the mention names another place of the level, and none its own.

        A county of which no prefecture is known (``own`` is -1) lies within one on the map; `from_elsewhere` asks for
        those of other provinces.
        """
        if own < 0:
            return False
        others = [m for m in self._full[level] if m.end <= mention.start and m.place != own]
        return bool(others) and not any(
            m.place == own and m.end <= mention.start and not m.cost for m in self.of(level)
        )

    def from_elsewhere(self, mention: Mention, provinces: Mapping[int, int], own: int) -> bool:
        """Whether a full name of a prefecture before the mention lies in another province than ``own``: 杭州市朝阳区.

        ``provinces`` gives the province of each prefecture that is named.
        """
        return any(m.end <= mention.start and provinces.get(m.place, own) != own for m in self._full[Level.PREFECTURE])
