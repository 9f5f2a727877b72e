"""The Hall page: its parts as HTML, rendered once a tick and language, for the first answer and for the stream."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, StreamingResponse

from karez.settings import Settings
from karez.web import hall_drawing, hall_view
from karez.web.alarm_wording import alarm_words
from karez.web.doors import PlanView, area_names
from karez.web.follow import Follower
from karez.web.live import event_stream, fragments
from karez.web.pages import Pages

TICKER = 12
"""Finished parcels shown on level 1."""


class HallPage:
    """Renders the Hall's parts from the projection."""

    def __init__(self, settings: Settings, plan: PlanView, pages: Pages, follower: Follower) -> None:
        self._settings, self._plan, self._pages, self._follower = settings, plan, pages, follower
        self.drawing = hall_drawing.draw(plan)
        hall = settings.hall
        self._rated_per_hour = 3600 * hall.speed_mm_s / hall.pitch_mm
        self._kept: dict[str, tuple[int, int, dict[str, str]]] = {}

    def parts(self, language: str) -> dict[str, str]:
        """Give all live parts by name; the same ones within half a second, however many readers there are."""
        follower = self._follower
        half_second = int(follower.clock().timestamp() * 2)
        tick, when, parts = self._kept.get(language, (-1, -1, {}))
        if (tick, when) != (follower.tick, half_second):
            parts = self._render(language)
            self._kept[language] = (follower.tick, half_second, parts)
        return parts

    def _render(self, language: str) -> dict[str, str]:
        context = self._context()
        template = self._pages.render
        context["areas"] = area_names(self._plan, language)
        parts = {
            f"figure-{figure.name}": template("parts/figure.html", language, figure=figure, **context)
            for figure in context["figures"]
        }
        for place in self.drawing.chutes:
            chute = context["hall"].chute(place.view.id)
            parts[f"chute-{place.view.id}"] = template(
                "parts/chute.svg.html", language, place=place, chute=chute, **context
            )
            parts[f"row-{place.view.id}"] = template(
                "parts/chute_row.html", language, place=place, chute=chute, **context
            )
        for name in ("alarms", "ticker", "middle", "inductions", "plan"):
            parts[name] = template(f"parts/{name}.html", language, **context)
        parts["carriers"] = json.dumps(self._carriers(context))
        return parts | top_parts(self._pages, self._follower, language)

    def _context(self) -> dict[str, Any]:
        follower, hall = self._follower, self._follower.hall
        now = follower.clock()
        known_at = hall_view.known_at(hall, follower.control_up, follower.control_seen_at, now)
        lap = hall_view.lap_s(self._settings.hall, hall.speed_mm_s)
        return {
            "hall": hall,
            "now": now,
            "known_at": known_at,
            "unknown_since": known_at if follower.control_up is False or hall.link.connected is False else None,
            "lap_s": lap,
            "figures": hall_view.figures(hall, self._rated_per_hour, now),
            "stale_since": follower.control_seen_at if follower.control_up is False else None,
            "control_up": follower.control_up,
            "alarm_words": alarm_words,
            "chute_alarms": hall_view.chute_alarms(hall),
            "on_loop": hall_view.on_loop(hall, lap / hall.pace.ratio(), known_at),
            "capacity": self._settings.hall.carriers,
            "recent": list(hall.recent)[:TICKER],
            "drawing": self.drawing,
            "geometry": hall_drawing,
            "plan": self._plan,
        }

    def _carriers(self, context: Mapping[str, Any]) -> dict[str, Any]:
        hall, known_at, lap = context["hall"], context["known_at"], context["lap_s"]
        return {
            "lap": lap / hall.pace.ratio(),
            "moving": bool(self._follower.control_up) and known_at == context["now"],
            "list": hall_view.carriers(hall, self.drawing, lap / hall.pace.ratio(), known_at),
        }


def top_parts(pages: Pages, follower: Follower, language: str) -> dict[str, str]:
    """Give the parts of the bar that stands on every page."""
    context = {"hall": follower.hall, "control_up": follower.control_up, "store_fault": follower.store_fault}
    return {name: pages.render(f"parts/{name}.html", language, **context) for name in ("top_alarms", "top_link")}


def hall_routes(hall: HallPage, pages: Pages, follower: Follower) -> APIRouter:
    """Give the page and its stream."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def hall_page(request: Request, view: str = "drawing") -> HTMLResponse:
        return pages.respond(
            request,
            "hall.html",
            parts=hall.parts(pages.language_of(request)),
            drawing=hall.drawing,
            geometry=hall_drawing,
            view="table" if view == "table" else "drawing",
            now=follower.clock(),
        )

    @router.get("/live/hall")
    async def hall_stream(request: Request) -> StreamingResponse:
        language = pages.language_of(request)
        return event_stream(fragments(follower, lambda: hall.parts(language)))

    return router
