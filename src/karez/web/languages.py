"""Languages of the pages: gettext catalogues with English keys, and which one a reader gets.

The ``.po`` files are the source and are compiled in memory when the hub starts: there is no compiled file that could
lag behind.
"""

from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES: Mapping[str, str] = {"en": "English", "zh": "简体中文", "ug": "ئۇيغۇرچە"}
"""Code → the language's own name."""

DRAFTS = frozenset({"ug"})
"""Languages no native speaker has read yet; their pages say so."""

TAGS: Mapping[str, str] = {"en": "en", "zh": "zh-Hans", "ug": "ug-Arab"}
"""BCP 47 tags for the ``lang`` attribute."""


def N_(message: str) -> str:  # noqa: N802 — gettext's customary name for "translate later"
    """Mark a message for translation where it is listed, not where it is shown."""
    return message


@cache
def catalogue(language: str) -> NullTranslations:
    """Give the translations of a language; English is its own key."""
    if language not in LANGUAGES or language == "en":
        return NullTranslations()
    source = files("karez.web") / "locale" / language / "LC_MESSAGES" / "karez.po"
    compiled = BytesIO()
    with source.open("rb") as stream:
        write_mo(compiled, read_po(stream, locale=language if language == "zh" else None))
    compiled.seek(0)
    return GNUTranslations(compiled)


def direction(language: str) -> str:
    """Give ``rtl`` for scripts that run right to left."""
    return "rtl" if language == "ug" else "ltr"


def choose(cookie: str | None, accept: str | None, otherwise: str) -> str:
    """Give the reader's language: the cookie's, else the browser's best, else the hub's."""
    if cookie is not None and cookie in LANGUAGES:
        return cookie
    for tag in _by_preference(accept or ""):
        primary = tag.split("-")[0].lower()
        if primary in LANGUAGES:
            return primary
    return otherwise


def _by_preference(accept: str) -> list[str]:
    """Give the tags of an ``Accept-Language`` header, best first (RFC 9110, 12.5.4); a malformed weight counts 0."""
    weighed = []
    for part in accept.split(",")[:20]:
        tag, _, parameter = part.strip().partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            weighed.append((float(weight or 1), tag.strip()))
        except ValueError:
            weighed.append((0.0, tag.strip()))
    return [tag for weight, tag in sorted(weighed, key=lambda each: -each[0]) if tag and weight > 0]
