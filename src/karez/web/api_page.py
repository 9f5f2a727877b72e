"""The API's reference as a page of our own: it shows the OpenAPI description and needs nothing from elsewhere."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from karez.domain.events import EVENT_TYPES
from karez.web.follow import Follower
from karez.web.hall_page import top_parts
from karez.web.pages import Pages

_LITERAL = re.compile(r"(`{1,2})(.+?)\1")


@dataclass(frozen=True, slots=True)
class Operation:
    """One door of the API."""

    method: str
    path: str
    summary: str
    description: Markup
    parameters: Sequence[tuple[str, str, bool]]
    answers: Sequence[str]


def operations(openapi: Mapping[str, Any]) -> Sequence[Operation]:
    """Give the doors in the order of the description."""
    return [
        Operation(
            method.upper(),
            path,
            described.get("summary", ""),
            with_code(described.get("description", "")),
            [
                (each["name"], _type_of(each["schema"]), each.get("required", False))
                for each in described.get("parameters", [])
            ],
            [status for status in described.get("responses", {}) if status != "422"],
        )
        for path, methods in openapi["paths"].items()
        for method, described in methods.items()
    ]


def _type_of(schema: Mapping[str, Any]) -> str:
    choices = schema.get("anyOf", [schema])
    return next((each["type"] for each in choices if each.get("type") not in (None, "null")), "string")


def with_code(text: str) -> Markup:
    """Give a description with what stands between backquotes as code; all else is text."""
    return Markup(_LITERAL.sub(r"<code>\2</code>", str(escape(text))))


def api_page_routes(app: FastAPI, pages: Pages, follower: Follower) -> APIRouter:
    """Give the page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/api")
    def api_page(request: Request) -> HTMLResponse:
        kinds = [(kind, schema, _doc(event)) for (kind, schema), event in sorted(EVENT_TYPES.items())]
        return pages.respond(
            request,
            "api.html",
            operations=operations(app.openapi()),
            kinds=kinds,
            parts=top_parts(pages, follower, pages.language_of(request)),
            now=follower.clock(),
        )

    return router


def _doc(event: type[Any]) -> Markup:
    return with_code(" ".join((event.__doc__ or "").split("\n\n")[0].split()))
