"""The Parcels pages: search, and one parcel's lifeline with its picture and why it went where it went."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response, StreamingResponse

from karez.domain.events import parcel_stream
from karez.domain.ids import ParcelId, PictureId
from karez.web.doors import Events, ParcelRow, Parcels, Pictures, PlanView, area_names
from karez.web.follow import Follower
from karez.web.hall_page import top_parts
from karez.web.lifeline import lifeline
from karez.web.live import event_stream, fragments
from karez.web.masking import mask
from karez.web.pages import Pages
from karez.web.parcel_story import story

LIMIT = 50
"""Rows of a search; more are narrowed by typing on."""

_MOST_TEXT = 80


@dataclass(frozen=True, slots=True)
class ParcelPages:
    """Renders search results and lifelines."""

    store: Events
    parcels: Parcels
    pictures: Pictures
    plan: PlanView
    pages: Pages
    follower: Follower

    def search_parts(self, language: str, text: str) -> dict[str, str]:
        """Give the live parts of the search page."""
        rows = self.parcels.search(text, LIMIT)
        html = self.pages.render(
            "parts/parcel_rows.html", language, rows=rows, text=text, limit=LIMIT, areas=area_names(self.plan, language)
        )
        return {f"rows-{text}": html} | top_parts(self.pages, self.follower, language)

    def parcel_parts(self, language: str, parcel: ParcelId) -> dict[str, str]:
        """Give the live parts of one parcel's page."""
        recorded = self.store.read_stream(parcel_stream(parcel))
        told = story(recorded, area_names(self.plan, language))
        personal = self.store.personal(parcel)
        address = personal.address if personal and personal.address else ""
        context = {
            "row": self.parcels.get(parcel),
            "story": told,
            "entries": lifeline(recorded),
            "has_picture": told.picture is not None and self.pictures.path(told.picture) is not None,
            "address": mask(address),
            "is_masked": mask(address) != address,
            "areas": area_names(self.plan, language),
        }
        parts = {
            name: self.pages.render(f"parts/parcel_{name}.html", language, **context)
            for name in ("head", "picture", "lifeline")
        }
        return parts | top_parts(self.pages, self.follower, language)


def _one_match(rows: "list[ParcelRow]", text: str) -> ParcelRow | None:
    exact = [row for row in rows if text.upper() == (row.waybill or "").upper() or text == row.parcel]
    return exact[0] if len(exact) == 1 else rows[0] if len(rows) == 1 else None


def parcel_routes(shown: ParcelPages) -> APIRouter:
    """Give the pages, their streams and the pictures."""
    router = APIRouter(include_in_schema=False)
    pages = shown.pages

    @router.get("/parcels")
    def search_page(request: Request, q: str = "", go: str = "") -> Response:
        text = q.strip()[:_MOST_TEXT]
        match = _one_match(list(shown.parcels.search(text, 2)), text) if go and text else None
        if match:  # a hand scanner types the number and Enter: straight to the parcel
            return RedirectResponse(f"/parcels/{quote(match.parcel, safe='')}", 303)
        parts = shown.search_parts(pages.language_of(request), text)
        return pages.respond(request, "parcels.html", parts=parts, text=text, now=shown.follower.clock())

    @router.get("/live/parcels")
    async def search_stream(request: Request, q: str = "") -> StreamingResponse:
        language, text = pages.language_of(request), q.strip()[:_MOST_TEXT]
        return event_stream(fragments(shown.follower, lambda: shown.search_parts(language, text)))

    @router.get("/parcels/{name}")
    def parcel_page(request: Request, name: str) -> Response:
        row = shown.parcels.get(name)
        if row is None:
            return not_found(pages, request, shown.follower)
        if row.parcel != name:
            return RedirectResponse(f"/parcels/{quote(row.parcel, safe='')}", 303)
        context: dict[str, Any] = {"parts": shown.parcel_parts(pages.language_of(request), row.parcel), "row": row}
        return pages.respond(request, "parcel.html", now=shown.follower.clock(), **context)

    @router.get("/live/parcels/{name}")
    async def parcel_live(request: Request, name: str) -> Response:
        language = pages.language_of(request)
        if shown.parcels.get(name) is None:
            return not_found(pages, request, shown.follower)
        return event_stream(fragments(shown.follower, lambda: shown.parcel_parts(language, ParcelId(name))))

    @router.get("/pictures/{name}")
    def picture(name: str) -> Response:
        path = shown.pictures.path(PictureId(name))
        if path is None:
            return Response("This picture is not, or no longer, kept.", 404, media_type="text/plain")
        # The content never changes under its hash, but it is personal: only this browser may keep it.
        headers = {"Cache-Control": "private, max-age=86400, immutable"}
        with path.open("rb") as file:
            media_type = _media_type(file.read(12))
        return FileResponse(path, media_type=media_type, headers=headers)

    return router


def not_found(pages: Pages, request: Request, follower: Follower) -> HTMLResponse:
    """Answer that there is no such page or parcel."""
    parts = top_parts(pages, follower, pages.language_of(request))
    return pages.respond(request, "not_found.html", 404, parts=parts, now=follower.clock())


def _media_type(head: bytes) -> str:
    """Tell a picture's type by its first bytes; anything else is not shown by a browser."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[:4] in (b"II*\0", b"MM\0*"):
        return "image/tiff"
    return "application/octet-stream"
