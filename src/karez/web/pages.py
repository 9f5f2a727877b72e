"""Templates in the reader's language and the hub's time zone: one place that turns data into HTML."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

import karez
from karez.settings import Settings
from karez.web import languages
from karez.web.doors import name_in
from karez.web.wording import COMPANIES, FUNCTIONS, SEEN, STATES, WORDS

LANGUAGE_COOKIE = "karez_language"
THEME_COOKIE = "karez_theme"
THEMES = ("auto", "light", "dark")
_KINDS = {kind.__name__: words for kind, words in WORDS.items()} | {
    "States": STATES,
    "Seen": SEEN,
    "Companies": COMPANIES,
    "Functions": FUNCTIONS,
}


class Pages:
    """Renders templates for one hub."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.zone = ZoneInfo(settings.hub.time_zone)
        self._environments = {code: self._environment(code) for code in languages.LANGUAGES}

    def language_of(self, request: Request) -> str:
        """Give the language this reader gets."""
        return languages.choose(
            request.cookies.get(LANGUAGE_COOKIE),
            request.headers.get("accept-language"),
            self._settings.web.language,
        )

    def render(self, template: str, language: str, **context: Any) -> str:
        """Fill a template; used for whole pages and for the fragments of the live stream alike."""
        return self._environments[language].get_template(template).render(context)

    def respond(self, request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """Answer with a page."""
        language = self.language_of(request)
        theme = request.cookies.get(THEME_COOKIE, "auto")
        frame = {
            "path": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            "theme": theme if theme in THEMES else "auto",
            "signed_in": request.scope.get("karez.signed_in_by") == "cookie",
        }
        return HTMLResponse(self.render(template, language, **frame, **context), status, {"Vary": "Cookie"})

    def translate(self, language: str, message: str) -> str:
        """Give one message in a language."""
        return languages.catalogue(language).gettext(message) if message else ""

    def _environment(self, language: str) -> Environment:
        environment = Environment(
            loader=PackageLoader("karez.web"),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        translations = languages.catalogue(language)
        environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
            translations.gettext, translations.ngettext, newstyle=True
        )
        environment.filters |= {
            "clock": self.clock,
            "day": self.day,
            "number": number,
            "isolate": isolate,
            "names": partial(name_in, language),
        }
        environment.globals |= {
            "hub": self._settings.hub,
            "language": language,
            "lang_tag": languages.TAGS[language],
            "direction": languages.direction(language),
            "draft": language in languages.DRAFTS,
            "languages": languages.LANGUAGES,
            "tags": languages.TAGS,
            "themes": THEMES,
            "version": karez.__version__,
            "say": partial(_say, translations.gettext),
        }
        return environment

    def clock(self, at: datetime) -> Markup:
        """Give a time of day in the hub's zone."""
        local = at.astimezone(self.zone)
        return _time(at, local.strftime("%H:%M:%S"))

    def day(self, at: datetime) -> Markup:
        """Give date and time in the hub's zone."""
        local = at.astimezone(self.zone)
        return _time(at, local.strftime("%Y-%m-%d %H:%M:%S"))


def _time(at: datetime, text: str) -> Markup:
    stamp = at.astimezone(UTC).isoformat(timespec="milliseconds")
    return Markup('<time datetime="{}"><bdi dir="ltr">{}</bdi></time>').format(stamp, text)


def number(value: float | None, decimals: int = 0) -> Markup:
    """Give a number with tabular figures, left to right in every language; a dash where there is none."""
    text = "–" if value is None else f"{value:,.{decimals}f}"
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)


def isolate(values: Mapping[str, Any]) -> dict[str, Markup]:
    """Give placeholders' values set apart from the direction of the sentence around them."""
    return {name: Markup("<bdi>{}</bdi>").format(value) for name, value in values.items()}


def _say(gettext: Any, kind: str, code: str) -> str:
    """Give a code of an enumeration in words; an unknown one stands for itself."""
    words: Mapping[str, str] = _KINDS[kind]
    message = words.get(code, code)
    return str(gettext(message)) if message else ""
