"""One simulated day against a running hub: telegrams over its driver, pictures over HTTP, the hall keeps the truth."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import httpx

from karez.domain.ids import ParcelId
from karez.settings import HallSection, Settings
from karez.simulation.darkroom import Darkroom
from karez.simulation.faults import one_of_each
from karez.simulation.hall import Hall
from karez.simulation.hall_run import HallRun, Operators
from karez.simulation.happenings import HallParcel, HallResult
from karez.simulation.loop import lay_out
from karez.simulation.planned import PlannedParcel
from karez.sorter.plc.drivers import open_twin
from karez.sortplan.plan import SortPlan

_TRY_AGAIN_S = 0.2


async def _nothing_more(_: HallResult) -> None:
    """End with the day."""


def lay_out_hall(planned: Sequence[PlannedParcel], seed: int, section: HallSection, plan: SortPlan) -> Hall:
    """Hall for a day, in which one chute fills and one link is cut."""
    usual = [chute for chute in plan.chutes if chute != plan.exception_chute]
    lap_ms = lay_out(section, list(plan.chutes)).lap_ms
    faults = one_of_each(seed, usual, planned[-1].arrives_ms, lap_ms)
    return Hall(section, list(plan.chutes), [hall_parcel(each) for each in planned], seed, faults)


async def run_day(
    hall: Hall,
    darkroom: Darkroom,
    settings: Settings,
    page: str,
    pace: float | None = None,
    on_progress: Callable[[Hall], None] = lambda hall: None,
    session: str = "hall",
    afterwards: Callable[[HallResult], Awaitable[None]] = _nothing_more,
    operators: Operators | None = None,
) -> HallResult:
    """Run the day to its end.

    Parameters
    ----------
    settings
        The hub's: where it listens for the PLC.
    page
        Address of the hub's web, where pictures are posted.
    pace
        Hall time to wall time at most; ``None`` as fast as the answers come.
    afterwards
        Done while the sorter still stands linked and empty.
    operators
        Coding operators, where the hub asks any.
    """
    sorter = settings.sorter
    twin = open_twin(sorter, "client" if sorter.role == "server" else "server", sorter.host, sorter.port, session)
    async with httpx.AsyncClient(base_url=page, timeout=60, trust_env=False) as web:

        async def photograph(parcel: ParcelId, index: int, lap: int) -> None:
            await _post(web, await darkroom.picture(index, lap), parcel)

        await twin.start()
        try:
            result = await HallRun(hall, twin, photograph, pace, on_progress, operators=operators).run()
            await afterwards(result)
            return result
        finally:
            await twin.stop()


async def _post(web: httpx.AsyncClient, picture: bytes, parcel: ParcelId) -> None:
    """Hand a picture to the hub as a camera does: try again while the hub is away or its queue is full."""
    while True:
        try:
            answer = await web.post("api/frames", params={"camera": "C1", "parcel": parcel}, content=picture)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                answer.raise_for_status()
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(_TRY_AGAIN_S)


def hall_parcel(each: PlannedParcel) -> HallParcel:
    """What the hall knows of a planned parcel: never where it belongs."""
    return HallParcel(
        index=each.index,
        arrives_ms=each.arrives_ms,
        induction=int(each.induction.removeprefix("I")) - 1,
        mass_g=each.mass_g,
        length_mm=each.length_mm,
        width_mm=each.width_mm,
        height_mm=each.height_mm,
    )
