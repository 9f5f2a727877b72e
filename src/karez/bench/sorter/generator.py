"""The generator: a process of its own that is the sorter, says what is due when it is due, and times the answers."""

import asyncio
import gc
import itertools
import math
import selectors
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection

from karez.bench.sorter.floor_model import APPROACH_S, FloorModel
from karez.bench.sorter.tally import Tally
from karez.domain.errors import KarezError
from karez.domain.telegrams import Dest
from karez.hub.process import end_with_parent, go_before_others
from karez.sorter.plc.protocol import Twin

GO, ASKED = "go", "asked"
"""What is said through the pipe: begin; all questions are asked."""

_LINK_S = 30.0
_LOOK_S = 0.05
_DRAIN_S = 40.0  # two laps: whoever goes round meanwhile is asked nothing any more


@dataclass(frozen=True, slots=True)
class Measured:
    """What the generator measured.

    Attributes
    ----------
    lost
        Questions that were never answered.
    repeats
        Orders that came a second time under their id.
    seconds
        From the first question's due time until all were asked.
    committed
        Whether the hub acknowledged, and so committed, everything that was said.
    """

    tally: Tally
    lost: int
    repeats: int
    seconds: float
    committed: bool


def generate(
    parent: Connection,
    camera: Connection | None,
    open_link: Callable[[], Twin],
    make_model: Callable[[], FloorModel],
) -> None:
    """Body of the process.

    Sends ``None`` when linked (or an error), awaits `GO`, sends `ASKED` when all is asked, then `Measured`.

    Parameters
    ----------
    camera
        Told each parcel that is to be photographed, with the number of its picture, as it is inducted.
    """
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    model = make_model()
    gc.freeze()
    gc.disable()  # the instrument must not pause; all it makes is kept anyway
    go_before_others()  # nor wait for the processor: a PLC has its own
    with asyncio.Runner(loop_factory=_fine_loop) as runner:
        try:
            runner.run(_run(parent, camera, open_link(), model))
        except KarezError as error:
            parent.send(error)


def _fine_loop() -> asyncio.AbstractEventLoop:
    """A loop whose timers are as fine as the kernel's; with epoll they are rounded up to milliseconds."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


async def _run(parent: Connection, camera: Connection | None, twin: Twin, model: FloorModel) -> None:
    await twin.start()
    try:
        async with asyncio.timeout(_LINK_S):
            while not twin.linked:
                await twin.changed()
    except TimeoutError:
        await twin.stop()
        raise KarezError(f"no link to the hub within {_LINK_S:.0f} s") from None
    parent.send(None)
    await asyncio.to_thread(parent.recv)
    run = _Run(twin, model, camera)
    try:
        parent.send(await run.through(lambda: parent.send(ASKED)))
    finally:
        await twin.stop()


class _Run:
    """Hands over what is due, and notes what comes."""

    def __init__(self, twin: Twin, model: FloorModel, camera: Connection | None) -> None:
        self._twin, self._model, self._camera = twin, model, camera
        self._loop = asyncio.get_running_loop()
        self._start_s = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        self._broke: Exception | None = None

    @property
    def _now_s(self) -> float:
        return self._loop.time() - self._start_s

    async def through(self, on_asked: Callable[[], None]) -> Measured:
        """Run to the end."""
        listening = asyncio.create_task(self._listen())
        self._pump()
        await self._until(lambda: self._model.over(self._now_s))
        seconds = self._now_s - APPROACH_S
        on_asked()
        await self._until(lambda: self._model.settled, _DRAIN_S)
        await self._until(lambda: self._twin.all_acknowledged, 10.0)
        listening.cancel()
        if self._timer is not None:
            self._timer.cancel()
        if listening.done() and not listening.cancelled():
            listening.result()
        model = self._model
        return Measured(
            model.tally, model.open_questions, self._twin.repeats, round(seconds, 3), self._twin.all_acknowledged
        )

    async def _until(self, reached: Callable[[], bool], most_s: float = math.inf) -> None:
        """Look now and then: nothing that is timed hangs on it. Raises what broke a sending."""
        for looked in itertools.count():
            if self._broke is not None:
                raise self._broke
            if reached() or looked * _LOOK_S >= most_s:
                return
            await asyncio.sleep(_LOOK_S)

    async def _listen(self) -> None:
        while True:
            telegram = await self._twin.receive()
            if isinstance(telegram, Dest):
                self._model.answered(telegram, self._now_s)
                self._pump()

    def _pump(self) -> None:
        """Send what is due, and come back when something is due next."""
        try:
            self._send_due()
        except Exception as error:  # in a timer's callback it would be logged, and the run would wait for ever
            self._broke = error

    def _send_due(self) -> None:
        model = self._model
        for telegram in model.take(self._now_s):
            self._twin.send(telegram)
        while model.photographs:
            photograph = model.photographs.popleft()
            if self._camera is not None:
                self._camera.send(photograph)
        due_s = model.next_due_s(self._now_s)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if due_s is None else self._loop.call_at(self._start_s + due_s, self._pump)
