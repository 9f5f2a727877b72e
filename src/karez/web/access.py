"""Who may come in: loopback without a token, anyone else with one; and the headers every answer carries.

On loopback the ``Host`` header must name loopback too, so that a page from elsewhere cannot reach the hub through a
rebound name. Requests that change something are refused when a browser says that another site sent them.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from hashlib import sha256
from ipaddress import ip_address
from time import time
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from karez.domain.errors import BadConfig
from karez.settings import WebSection

SESSION_COOKIE = "karez_session"
SESSION_S = 30 * 24 * 3600
_OPEN_PATHS = ("/static/", "/sign-in", "/healthz", "/preferences")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine only."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_settings(web: WebSection) -> None:
    """Refuse to listen beyond loopback without a token.

    Raises
    ------
    BadConfig
        Naming the field that is missing.
    """
    if not web.token and not is_loopback(web.host):
        what = f"a token is required, because web.host is {web.host} and not loopback; at least 16 characters"
        raise BadConfig("settings", [(0, "web.token", what)])


class Sessions:
    """Cookies that prove a sign-in: signed with the token, so they end when it changes; nothing is kept.

    Parameters
    ----------
    token
        The hub's token.
    now
        Seconds since 1970.
    """

    def __init__(self, token: str, now: Callable[[], float] = time) -> None:
        self._token, self._now = token.encode(), now

    def is_token(self, offered: str) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(offered.encode(), self._token)

    def issue(self) -> str:
        """Give a new cookie value."""
        head = f"{int(self._now()) + SESSION_S}.{secrets.token_hex(8)}"
        return f"{head}.{self._sign(head)}"

    def accepts(self, cookie: str) -> bool:
        """Tell whether a cookie is ours and not yet over."""
        head, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(head).encode()):
            return False
        return int(head.split(".")[0]) > self._now()

    def _sign(self, head: str) -> str:
        return hmac.new(self._token, f"karez session {head}".encode(), sha256).hexdigest()


class Doorkeeper:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, web: WebSection, sessions: Sessions | None) -> None:
        self._app, self._web, self._sessions = app, web, sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        refusal = self._refuse(request)
        app: Callable[[Scope, Receive, Send], Awaitable[None]] = refusal or self._app
        await app(scope, receive, _with_headers(send))

    def _refuse(self, request: Request) -> Response | None:
        if is_loopback(self._web.host) and not _names_loopback(request.headers):
            return _refusal(421, "this hub listens on loopback only", "Host", "open it as http://127.0.0.1")
        if request.method not in _SAFE_METHODS and _from_another_site(request.headers):
            return _refusal(403, "another site sent this request", "Origin", "use the hub's own pages")
        if self._sessions is None or request.url.path.startswith(_OPEN_PATHS):
            return None
        return self._refuse_stranger(request, self._sessions)

    def _refuse_stranger(self, request: Request, sessions: Sessions) -> Response | None:
        scheme, _, offered = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and sessions.is_token(offered.strip()):
            request.scope["karez.signed_in_by"] = "token"
            return None
        if sessions.accepts(request.cookies.get(SESSION_COOKIE, "")):
            request.scope["karez.signed_in_by"] = "cookie"
            return None
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", 303)
        refusal = _refusal(401, "sign-in is required", "Authorization", "send the header Authorization: Bearer <token>")
        refusal.headers["WWW-Authenticate"] = "Bearer"
        return refusal


def _names_loopback(headers: Headers) -> bool:
    """Tell whether ``Host`` is loopback; a name that merely resolves to it is not."""
    return is_loopback(urlsplit(f"//{headers.get('host', '')}").hostname or "")


def _from_another_site(headers: Headers) -> bool:
    """Tell whether a browser says so; programs send neither header."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


def _refusal(status: int, what: str, where: str, advice: str) -> Response:
    return JSONResponse({"error": "refused", "what": what, "where": where, "advice": advice}, status)


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-cache")
        await send(message)

    return send_with_headers


def local_path(target: str) -> str:
    """Give a path of this hub to go on to; anything that could lead elsewhere becomes the Hall."""
    parts = urlsplit(target)
    local = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if local and not parts.scheme and not parts.netloc and target.isprintable() else "/"
