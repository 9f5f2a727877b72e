"""What Prometheus scrapes of a hub parses, and says what the store says."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from prometheus_client import Metric
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from flows.hand_hall import hand_hall, hub_process, until_up, write_hub
from karez.domain.ids import ChuteId, ParcelId
from karez.domain.telegrams import Induct
from karez.eventstore.pictures import PictureStore
from karez.eventstore.store import EventStore
from karez.hub.doorway import Doorway
from karez.hub.tally import FINAL_KINDS
from karez.settings import Settings, WebSection
from karez.web.app import create_app
from karez.web.doors import ChuteView, PlanView
from web.conftest import Hub, open_hub
from web.test_access import TOKEN


def families(text: str) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text)}


def values(family: Metric) -> dict[str, float]:
    """Values of a family's samples by their only label; 0 left out."""
    return {"".join(each.labels.values()): each.value for each in family.samples if each.value}


def test_the_figures_parse_and_hold_what_control_told_and_the_shift_s_availability(hub: Hub) -> None:
    hub.wait_until_read()
    answer = hub.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = families(answer.text)
    assert values(found["karez_up"]) == {"": 1.0}
    assert values(found["karez_live_parcels"]) == {"": 3.0}
    assert values(found["karez_processes"]) == {"web": 1.0}
    assert values(found["karez_process_resident_memory_bytes"])["web"] > 10_000_000
    assert 0 < found["karez_shift_technical_availability_ratio"].samples[0].value <= 1
    assert 0.9 < found["karez_shift_performance_availability_ratio"].samples[0].value <= 1


def test_a_silent_control_process_is_a_figure_and_no_error(hub: Hub) -> None:
    hub.control.up = False
    answer = hub.client.get("/metrics")
    assert answer.status_code == 200
    found = families(answer.text)
    assert [sample.value for sample in found["karez_up"].samples] == [0.0]
    assert "karez_live_parcels" not in found


def test_openmetrics_is_given_where_it_is_asked_for(hub: Hub) -> None:
    answer = hub.client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert answer.text.endswith("# EOF\n")
    assert "karez_up" in {family.name for family in openmetrics.text_string_to_metric_families(answer.text)}


def test_beyond_loopback_prometheus_needs_the_token(tmp_path: Path) -> None:
    with open_hub(tmp_path, WebSection(host="0.0.0.0", token=TOKEN)) as client:
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


async def scraped(client: httpx.AsyncClient) -> dict[str, Metric]:
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    return families(answer.text)


async def settled(client: httpx.AsyncClient, inducts: int) -> dict[str, Metric]:
    """Scrape until so many INDUCT telegrams have been committed: the last one came behind all else."""
    for _ in range(200):
        found = await scraped(client)
        if "karez_telegrams" in found and values(found["karez_telegrams"]).get("inINDUCT") == inducts:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"{inducts} INDUCT telegrams never came")


@contextlib.asynccontextmanager
async def served(settings: Settings, store: EventStore) -> AsyncIterator[httpx.AsyncClient]:
    """The web application over the running control process's store and door, on its own port."""
    door: Any = Doorway(settings.socket)  # pre-advice, which alone needs more, is not handed in
    pictures, plan = PictureStore(settings.pictures_dir), PlanView("by hand", [ChuteView(ChuteId(x)) for x in "ABCX"])
    app = create_app(settings, store, store.parcels, pictures, door, plan)
    server = uvicorn.Server(uvicorn.Config(app, port=settings.web.port, log_config=None))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    page = f"http://127.0.0.1:{settings.web.port}"
    async with httpx.AsyncClient(base_url=page, trust_env=False, timeout=10) as client:
        yield client
    server.should_exit = True
    await serving


async def test_a_running_hub_s_figures_are_those_of_its_store(tmp_path: Path) -> None:
    config = write_hub(tmp_path)
    text = config.read_text("utf-8").replace("[web]\n", f'[web]\ntoken = "{TOKEN}"\n')
    config.write_text(text.replace("[hub]\n", '[hub]\nlog = "json"\n'), "utf-8")
    with hub_process(config, role="control") as process:
        settings = await until_up(config, process)
        store = EventStore.open_reading(settings.store_url)
        async with served(settings, store) as client, hand_hall(settings) as hall:
            assert (await client.get("/metrics")).status_code == 401
            client.headers["Authorization"] = f"Bearer {TOKEN}"
            for number in range(20):
                hall.parcel(number)
            for order in await hall.answered(20):
                hall.divert(order)
            hall.twin.send(Induct(ParcelId("H00000"), 1, "I1", 0))  # it has left: the log tells of it
            found = await settled(client, inducts=21)
            assert_same(found, [each.event for each in store.read(limit=10_000)], store.journal(limit=10_000))
        store.close()
    assert_logged(config.parent / "hub.log")


def assert_logged(file: Path) -> None:
    """Each line is a record, and one of them is about the parcel that was told twice."""
    records = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert {each["process"] for each in records} == {"control"}
    (twice,) = [each for each in records if each.get("parcel") == "H00000"]
    assert (twice["level"], twice["logger"]) == ("warning", "karez.control")


def assert_same(found: dict[str, Metric], events: list, lines: list) -> None:
    kinds = Counter(event.kind for event in events)
    assert values(found["karez_events"]) == kinds
    assert values(found["karez_parcels_ended"]) == Counter(
        FINAL_KINDS[type(event)] for event in events if type(event) in FINAL_KINDS
    )
    reasons = Counter(event.reason for event in events if event.kind == "parcel.assigned")
    assert values(found["karez_assignments"]) == reasons
    told = Counter((row.direction, row.type) for row in lines if row.direction != "own")
    samples = found["karez_telegrams"].samples
    assert {(each.labels["direction"], each.labels["type"]): each.value for each in samples} == told
    assert values(found["karez_parcels_inducted"]) == {"": 20.0}
    for stage in ("answer", "confirmation", "decision"):
        assert count(found[f"karez_{stage}_seconds"]) == 20
    assert count(found["karez_commit_seconds"]) >= 60
    assert count(found["karez_loop_lag_seconds"]) > 0
    assert values(found["karez_processes"]) == {"web": 1.0, "control": 1.0, "reader": 1.0}
    assert values(found["karez_link_up"]) == {"": 1.0}


def count(family: Metric) -> float:
    (found,) = [each.value for each in family.samples if each.name.endswith("_count")]
    return found
