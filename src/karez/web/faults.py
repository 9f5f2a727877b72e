"""Faults as answers: what is wrong, where, and what to do; JSON for machines, a page for people."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from karez.domain.errors import BadInput, KarezError
from karez.web.follow import Follower
from karez.web.pages import Pages
from karez.web.parcels_page import not_found
from karez.web.uploads import TooLarge

log = logging.getLogger("karez.web")


def fault_json(error: str, what: str, where: str = "", advice: str = "") -> dict[str, Any]:
    """Give the body of every refusal of the API."""
    return {"error": error, "what": what, "where": where, "advice": advice}


def add_fault_answers(app: FastAPI, pages: Pages, follower: Follower) -> None:
    """Teach the application to answer faults."""

    @app.exception_handler(BadInput)
    async def bad_input(_: Request, fault: BadInput) -> Response:
        status = 413 if isinstance(fault, TooLarge) else 400
        return JSONResponse(fault_json(fault.key, fault.what, fault.where, fault.advice), status)

    @app.exception_handler(RequestValidationError)
    async def bad_request(_: Request, fault: RequestValidationError) -> Response:
        first = fault.errors()[0]
        where = " ".join(str(part) for part in first["loc"])
        return JSONResponse(fault_json("error.bad_input", str(first["msg"]), where, "see /api"), 400)

    @app.exception_handler(KarezError)
    async def own_fault(_: Request, fault: KarezError) -> Response:
        log.warning("%s: %s", fault.key, fault)
        return JSONResponse(fault_json(fault.key, str(fault), "hub", "try again"), 503, {"Retry-After": "1"})

    @app.exception_handler(HTTPException)
    async def no_such_page(request: Request, fault: HTTPException) -> Response:
        if fault.status_code == 404 and "text/html" in request.headers.get("accept", ""):
            return not_found(pages, request, follower)
        return JSONResponse(fault_json("error.http", str(fault.detail), request.url.path), fault.status_code)
