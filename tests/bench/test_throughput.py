"""Pictures a second count what was read, and nothing that crashed its reader."""

from pathlib import Path

from karez.bench.outcome import Outcome
from karez.bench.throughput import throughput

PICTURES = [Path(f"{number}.jpg") for number in range(40)]


class Worker:
    """Answers with the given outcomes in turn."""

    def __init__(self, *outcomes):
        self._outcomes, self._count = outcomes, 0

    def read(self, _):
        self._count += 1
        return self._outcomes[self._count % len(self._outcomes)]


def test_processor_time_tells_what_two_workers_read_with_a_core_each():
    found = throughput(PICTURES, [Worker(Outcome(cpu_ms=100.0)), Worker(Outcome(cpu_ms=100.0))])
    assert (found.by_cpu, found.failed) == (20, 0)
    assert found.on_wall > 0


def test_pictures_that_crashed_their_reader_do_not_count_as_read():
    half = (Outcome(failed=True), Outcome(cpu_ms=100.0))
    found = throughput(PICTURES, [Worker(*half), Worker(*half)])
    assert (found.by_cpu, found.failed) == (20, 20)


def test_where_all_crashed_nothing_was_read_and_no_speed_is_told():
    found = throughput(PICTURES, [Worker(Outcome(failed=True)), Worker(Outcome(failed=True))])
    assert (found.on_wall, found.by_cpu, found.failed) == (0, None, 40)
