"""Sign-in form, sign-out, and the reader's own choices of language and colours; all kept in cookies."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from karez.web.access import SESSION_COOKIE, SESSION_S, Sessions, local_path
from karez.web.languages import LANGUAGES
from karez.web.pages import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, Pages

_YEAR_S = 365 * 24 * 3600


def preference_routes() -> APIRouter:
    """Give the door for language and colours."""
    router = APIRouter(include_in_schema=False)

    @router.get("/preferences")
    def preferences(language: str = "", theme: str = "", next: str = "/") -> Response:
        answer = RedirectResponse(local_path(next), 303)
        if language in LANGUAGES:
            answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR_S, samesite="lax", httponly=True)
        if theme in THEMES:
            answer.set_cookie(THEME_COOKIE, theme, max_age=_YEAR_S, samesite="lax", httponly=True)
        return answer

    return router


def sign_in_routes(pages: Pages, sessions: Sessions) -> APIRouter:
    """Give the sign-in pages of a hub that has a token."""
    router = APIRouter(include_in_schema=False)

    @router.get("/sign-in")
    def form(request: Request, next: str = "/") -> Response:
        return pages.respond(request, "sign_in.html", next=local_path(next), refused=False, parts=None)

    @router.post("/sign-in")
    def sign_in(request: Request, token: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "/") -> Response:
        if not sessions.is_token(token.strip()):
            return pages.respond(request, "sign_in.html", 403, next=local_path(next), refused=True, parts=None)
        answer = RedirectResponse(local_path(next), 303)
        answer.set_cookie(
            SESSION_COOKIE,
            sessions.issue(),
            max_age=SESSION_S,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    @router.post("/sign-out")
    def sign_out() -> Response:
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(SESSION_COOKIE)
        return answer

    return router
