"""The PLC's ring of slots, as the hub reads it: telegrams out of texts or tags."""

import asyncio
from collections.abc import Callable, Sequence

from asyncua import ua

from karez.domain.errors import BadTelegram
from karez.sorter.plc.opcua import space, wire
from karez.sorter.plc.opcua.dialogue import Dialogue
from karez.sorter.plc.opcua.session import PlcSession


class Ring:
    """Takes slots as they come, and reads those that do not.

    Parameters
    ----------
    as_text
        Mode ``method``: a slot is one text, and a subscription brings it. Otherwise it is a set of tags, and read.
    again_s
        Pause before a slot is read again that did not hold what it should.
    on_progress
        Called when something was read.

    Attributes
    ----------
    slots
        How many it has.
    first
        Lowest number that the PLC says it keeps.
    """

    def __init__(
        self,
        session: PlcSession,
        dialogue: Dialogue,
        *,
        as_text: bool,
        again_s: float,
        on_progress: Callable[[], None],
    ) -> None:
        self._session, self._dialogue = session, dialogue
        self._as_text, self._again_s, self._on_progress = as_text, again_s, on_progress
        self._due = asyncio.Event()
        self.slots = 1
        self.first = 1

    def look(self) -> None:
        """There may be something to read."""
        self._due.set()

    def slot(self, data: ua.DataValue) -> None:
        """A slot of mode ``method`` has this value."""
        value: object = None
        try:
            value = wire.plain(data)
            line = wire.line_of_text(value)
        except BadTelegram as bad:
            self._dialogue.reject(bad.what, _raw(value))
            return
        if line is not None:
            self._dialogue.come(line, _raw(value))

    async def read(self) -> None:
        """Read what the PLC has given and the subscription has not brought: in mode ``tags``, everything."""
        while True:
            await self._due.wait()
            self._due.clear()
            while wanted := self._dialogue.wanted():
                await self._read_slots(wanted)
                self._on_progress()
                if wanted[0] in self._dialogue.wanted():
                    self._dialogue.vain(wanted[0], self.first)
                    self._on_progress()
                    await asyncio.sleep(self._again_s)

    async def _read_slots(self, wanted: Sequence[int]) -> None:
        slots = [space.slot_of(number, self.slots) for number in wanted]
        if self._as_text:
            for data in await self._session.read([space.text_slot(slot) for slot in slots]):
                self.slot(data)
            return
        width = 2 + len(space.PLC_SLOT)
        paths = [path for slot in slots for path in space.slot_tags("Plc", slot, space.PLC_SLOT)]
        values = await self._session.read(paths)
        for start in range(0, len(values), width):
            self._tag_slot(values[start : start + width])

    def _tag_slot(self, data: Sequence[ua.DataValue]) -> None:
        inbox = self._dialogue.inbox
        assert inbox is not None, "a link begins with one"
        try:
            values = [wire.plain(each) for each in data]
            line = wire.line_of_slot(inbox.session, space.PLC_SLOT, values)
        except BadTelegram as bad:
            self._dialogue.reject(bad.what, _raw([each.Value and each.Value.Value for each in data]))
            return
        if line is not None:
            self._dialogue.come(line, _raw(values))


def _raw(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value)[:4_096].encode(errors="replace")
