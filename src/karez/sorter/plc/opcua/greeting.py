"""How a link begins: who calls, what the PLC's counters say, and whether its program runs."""

import asyncio

from asyncua import ua

from karez.domain.errors import BadTelegram
from karez.sorter.plc.opcua import space, wire
from karez.sorter.plc.opcua.dialogue import PlcState
from karez.sorter.plc.opcua.session import PlcSession

_COUNTERS = (space.PLC_SESSION, space.TAKEN_SESSION, space.PLC_FIRST, space.PLC_LAST, space.TAKEN_NUMBER)
_EVERY_S, _TRIES = 0.02, 100


async def greet(session: PlcSession, hub: str, first: int, beat: int) -> PlcState:
    """Say who calls, and wait until the PLC's program has taken note: then all its counters speak of this hub.

    Parameters
    ----------
    hub
        The hub's session.
    first
        Lowest number of it that may follow.
    beat
        A first heartbeat.

    Raises
    ------
    BadTelegram
        Where the address space is not the one that is documented, or the program does not answer.
    """
    slots = await _slots(session)
    await session.write(
        {
            space.HUB_FIRST: ua.Variant(first, space.WHOLE),
            space.HUB_LAST: ua.Variant(first - 1, space.WHOLE),
            space.HUB_HEARTBEAT: ua.Variant(beat, space.WHOLE),
        }
    )
    await session.write({space.HUB_SESSION: ua.Variant(hub, space.TEXT)})
    for _ in range(_TRIES):
        (answer,) = await session.read([space.TAKEN_SESSION])
        if wire.text(wire.plain(answer)) == hub:
            return await _state(session, slots)
        await asyncio.sleep(_EVERY_S)
    raise BadTelegram("the PLC's program does not take up the hub's session: does it run?")


async def _slots(session: PlcSession) -> int:
    values = [wire.whole(wire.plain(each)) for each in await session.read((space.VERSION, space.SLOTS))]
    version, slots = values
    if version != space.LAYOUT_VERSION:
        raise BadTelegram(f"the PLC's tags are of version {version}, not {space.LAYOUT_VERSION}")
    if not 1 <= slots <= space.MAX_SLOTS:
        raise BadTelegram(f"a ring of {slots} slots; 1 to {space.MAX_SLOTS} are possible")
    return slots


async def _state(session: PlcSession, slots: int) -> PlcState:
    values = [wire.plain(each) for each in await session.read(_COUNTERS)]
    plc, taken_session = wire.name(values[0]), wire.text(values[1])
    first, last, taken = (wire.whole(value) for value in values[2:])
    if not plc or not 1 <= first <= last + 1:
        raise BadTelegram(f"session {plc!r} keeps numbers {first} to {last}: that cannot be")
    return PlcState(plc, first, last, taken_session, taken, slots)
