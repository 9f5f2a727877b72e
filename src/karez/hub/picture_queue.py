"""Pictures that wait for a reader: fresh ones first, then those whose text is still to be read; both bounded."""

import threading
from collections import deque
from collections.abc import Callable

from karez.hub.reading_work import Job


class PictureQueue:
    """Two queues with one door out.

    Codes take a tenth of the time that text takes and tell most waybills, so a fresh picture never waits behind text:
    only for a text that a worker has begun already. A text that nobody may begin any more goes before all: to answer
    for it costs nothing, and while fresh pictures keep coming nobody else would.

    Parameters
    ----------
    fresh, texts
        Most that may wait in each.
    is_late
        Whether a picture's deadline has passed.
    """

    def __init__(self, fresh: int, texts: int, is_late: Callable[[Job], bool]) -> None:
        self._fresh: deque[Job] = deque()
        self._texts: deque[Job] = deque()
        self._most_fresh, self._most_texts = fresh, texts
        self._is_late = is_late
        self._changed = threading.Condition()
        self._closed = False

    def __len__(self) -> int:
        return len(self._fresh) + len(self._texts)

    @property
    def fresh_waiting(self) -> bool:
        """Whether a picture waits that no reader has looked at."""
        return bool(self._fresh)

    def offer(self, picture: Job) -> bool:
        """Queue a fresh picture; ``False`` when that queue is full."""
        return self._put(self._fresh, picture, self._most_fresh)

    def offer_text(self, picture: Job) -> bool:
        """Queue a picture whose codes are read; ``False`` when that queue is full."""
        return self._put(self._texts, picture, self._most_texts)

    def take(self) -> Job | None:
        """Wait for a picture; ``None`` once the queue is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self))
            if self._closed:
                return None
            late_text = self._texts and self._is_late(self._texts[0])
            return self._fresh.popleft() if self._fresh and not late_text else self._texts.popleft()

    def close(self) -> None:
        """Let go of all that waits, and of all who wait."""
        with self._changed:
            self._closed = True
            self._fresh.clear()
            self._texts.clear()
            self._changed.notify_all()

    def _put(self, queue: deque[Job], picture: Job, most: int) -> bool:
        with self._changed:
            if self._closed or len(queue) >= most:
                return False
            queue.append(picture)
            self._changed.notify()
            return True
