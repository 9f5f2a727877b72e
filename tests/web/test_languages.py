from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from karez.web import languages

WEB = Path(str(files("karez.web")))


def messages_in_source() -> set[str | tuple[str, ...]]:
    with (WEB / "locale" / "babel.cfg").open() as stream:
        methods, options = parse_mapping_cfg(stream)
    keywords = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
    found = extract_from_dir(WEB, methods, options, keywords)
    return {message for _, _, message, _, _ in found if message}


def catalogue(language: str) -> Catalog:
    with (WEB / "locale" / language / "LC_MESSAGES" / "karez.po").open("rb") as stream:
        return read_po(stream)


def test_the_source_has_messages_from_templates_and_from_python():
    found = messages_in_source()
    assert {"Hall", "By the sort plan", ("%(num)s parcel", "%(num)s parcels")} <= found


def test_chinese_is_complete_and_current():
    known = {message.id: message for message in catalogue("zh") if message.id}
    assert set(known) == messages_in_source()
    incomplete = [key for key, message in known.items() if message.fuzzy or not _texts(message.string)]
    assert incomplete == []


def test_uyghur_has_every_key_and_is_marked_as_a_draft():
    assert {message.id for message in catalogue("ug") if message.id} == messages_in_source()
    assert "ug" in languages.DRAFTS


@pytest.mark.parametrize("language", ["zh", "ug"])
def test_a_translation_uses_the_placeholders_of_its_key(language: str):
    import re

    wrong = []
    for message in catalogue(language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = set(re.findall(r"%\((\w+)\)s", ids[-1]))
        wrong += [
            text for text in _texts(message.string) if message.id and set(re.findall(r"%\((\w+)\)s", text)) != wanted
        ]
    assert wrong == []


def _texts(string: object) -> list[str]:
    texts = list(string) if isinstance(string, tuple | list) else [str(string)]
    return [text for text in texts if text] if all(texts) else []


@pytest.mark.parametrize(
    ("cookie", "accept", "expected"),
    [
        ("ug", "en", "ug"),
        (None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (None, "de,en;q=0.5", "en"),
        (None, "de", "zh"),
        ("xx", None, "zh"),
        (None, "en;q=0.2,ug;q=0.9", "ug"),
        (None, "en;q=what,,;;", "zh"),
        (None, "en;q=0", "zh"),
    ],
)
def test_the_cookie_wins_then_the_browser_then_the_hub(cookie: str | None, accept: str | None, expected: str):
    assert languages.choose(cookie, accept, "zh") == expected


def test_only_uyghur_runs_right_to_left():
    assert {code: languages.direction(code) for code in languages.LANGUAGES} == {"en": "ltr", "zh": "ltr", "ug": "rtl"}
