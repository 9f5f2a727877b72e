"""`GET /metrics`: what Prometheus scrapes, of the control process, of the machine's processes and of availability."""

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from prometheus_client import ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.responses import Response

from karez.domain.errors import KarezError
from karez.hub.availability_report import Report
from karez.web.doors import Control

_TIMEOUT_S = 2.0
_PROCESS = {
    "process_cpu_seconds": ("karez_process_cpu_seconds", "Processor time used, by role; readers together."),
    "process_resident_memory_bytes": ("karez_process_resident_memory_bytes", "Memory held, by role."),
    "process_open_fds": ("karez_process_open_files", "Open files, by role."),
}

Ratios = Callable[[], Mapping[str, tuple[str, float]]]
"""Further gauges: help text and value by name; without those that nothing is known of yet."""


def of_shift(report: Report) -> dict[str, tuple[str, float]]:
    """Give the gauges of the shift that runs (`karez.hub.shift`)."""
    figures = {
        "karez_shift_technical_availability_ratio": ("Technical availability of the shift so far.", report.technical),
        "karez_shift_performance_availability_ratio": ("Share of its parcels sorted in time.", report.performance),
        "karez_shift_operating_seconds": ("Operating time of the shift so far.", report.operating_s),
    }
    return {name: (told, value) for name, (told, value) in figures.items() if value is not None}


def metrics_routes(control: Control, ratios: Ratios) -> APIRouter:
    """Give the door for Prometheus."""
    router = APIRouter(tags=["health"])

    @router.get("/metrics", summary="Figures for Prometheus", response_class=Response)
    async def metrics(request: Request) -> Response:
        """Give all figures in Prometheus' text format, or in OpenMetrics where ``Accept`` asks for it.

        Without an answer of the control process ``karez_up`` is 0, and its figures are left out.
        """
        told = await _ask(control)
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        all_of_it = _Told(told, ratios())  # here, where nothing changes meanwhile what the shift's figures are made of
        body = await asyncio.to_thread(encode, all_of_it)
        return Response(body, headers={"Content-Type": content_type})

    return router


async def _ask(control: Control) -> Sequence[Mapping[str, Any]] | None:
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            return await control.metrics()
    except (KarezError, OSError, TimeoutError):
        return None


class _Told(Collector):
    """One answer, as the encoders want it."""

    def __init__(self, families: Sequence[Mapping[str, Any]] | None, ratios: Mapping[str, tuple[str, float]]) -> None:
        self._families, self._ratios = families, ratios

    def collect(self) -> Iterable[Metric]:
        """Give every family."""
        yield GaugeMetricFamily("karez_up", "Whether the control process answers.", float(self._families is not None))
        for family in self._families or ():
            yield _family(family)
        for name, (told, value) in self._ratios.items():
            yield GaugeMetricFamily(name, told, value)
        yield from _processes(next((each["pid"] for each in self._families or () if "pid" in each), None))


def _family(told: Mapping[str, Any]) -> Metric:
    """Give a family as the control process told it."""
    name, help_text = told["name"], told["help"]
    if told["type"] == "histogram":
        buckets = [("+Inf" if bound is None else repr(float(bound)), count) for bound, count in told["buckets"]]
        return HistogramMetricFamily(name, help_text, buckets, told["sum"])
    samples = [(labels, value) for labels, value in told["samples"]]
    if told["type"] == "info":
        return InfoMetricFamily(name, help_text, samples[0][0])
    kind = CounterMetricFamily if told["type"] == "counter" else GaugeMetricFamily
    names = list(samples[0][0]) if samples else []
    family = kind(name, help_text, labels=names)
    for labels, value in samples:
        family.add_metric([labels[each] for each in names], value)
    return family


def _processes(control_pid: int | None) -> Iterable[Metric]:
    """Give figures of the hub's processes on this machine, those of one role together."""
    pids = {"web": [os.getpid()]}
    if control_pid is not None:
        pids |= {"control": [control_pid], "reader": _readers_of(control_pid)}
    found: dict[str, dict[str, float]] = {name: {} for name in _PROCESS}
    for role, several in pids.items():
        for pid in several:
            for metric in ProcessCollector(pid=partial(int, pid), registry=None).collect():
                if metric.name in found and metric.samples:
                    of_role = found[metric.name]
                    of_role[role] = of_role.get(role, 0.0) + metric.samples[0].value
    number = GaugeMetricFamily("karez_processes", "Processes that run, by role.", labels=["role"])
    for role, several in pids.items():
        number.add_metric([role], len(several))
    yield number
    for name, values in found.items():
        kind = CounterMetricFamily if name.endswith("cpu_seconds") else GaugeMetricFamily
        family = kind(*_PROCESS[name], labels=["role"])
        for role, value in values.items():
            family.add_metric([role], value)
        yield family


def _readers_of(control_pid: int) -> list[int]:
    """Give the worker processes that the control process started (Linux)."""
    return [int(each.name) for each in Path("/proc").glob("[0-9]*") if _is_worker(each, control_pid)]


def _is_worker(process: Path, of: int) -> bool:
    with suppress(OSError, ValueError):
        parent = (process / "stat").read_text("ascii", "replace").rpartition(")")[2].split()[1]
        return int(parent) == of and b"spawn_main" in (process / "cmdline").read_bytes()
    return False
