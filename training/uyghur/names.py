"""Names to print: the gazetteer's, words of everyday addresses, and made-up ones that no lexicon holds."""

from pathlib import Path

import numpy as np

from karez.address.gazetteer import Gazetteer
from karez.address.places import Level


def _lists() -> list[list[str]]:
    """Read the word lists beside this file: paragraphs, each under a line that names it."""
    text = Path(__file__).with_name("words.txt").read_text("utf-8")
    return [paragraph.split("\n", 1)[1].split() for paragraph in text.split("\n\n")]


GENERIC, COMMON = _lists()
"""Words that stand beside names; everyday words and given names."""

_ONSETS = tuple("بپتجچخدرزژسشغفقكگلمنھۋي")
_COMMON_ONSETS = tuple("بتدرسشقكلمنيگ")
_VOWELS = tuple("اەوۇۆۈېى")
_CODAS = tuple("رنلتقكشسمڭچغپزي")
_LETTERS = "ابپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىيە"


def known_names() -> list[str]:
    """Give the Uyghur names of the shipped gazetteer, one of them may be several words."""
    gazetteer = Gazetteer.load()
    aliases = (alias.name for found in gazetteer.aliases_of.values() for alias in found)
    names = {*(place.ug for place in gazetteer.places), *aliases}
    return sorted(name for name in names if any("؀" <= letter <= "ۿ" for letter in name))


def chinese_names() -> list[str]:
    """Give Chinese names of the shipped gazetteer down to the county."""
    return sorted({place.name for place in Gazetteer.load().places if place.level <= Level.COUNTY})


def made_up(rng: np.random.Generator) -> str:
    """Make a word up; one in six is two words grown together, as place names are (ئاۋات behind قوش)."""
    word = _word(rng)
    if rng.random() > 1 / 6:
        return word
    second = _word(rng)
    return word + (second if second[0] == "ئ" or rng.random() < 0.4 else "ئ" + str(rng.choice(_VOWELS)) + second)


def _word(rng: np.random.Generator) -> str:
    """Make one word up: mostly of syllables as Uyghur has them, at times of letters in any order."""
    if rng.random() < 0.15:
        letters = "".join(rng.choice(list(_LETTERS), int(rng.integers(2, 9))))
        return ("ئ" + letters) if letters[0] in _VOWELS and rng.random() < 0.9 else letters
    word = "".join(_syllable(rng) for _ in range(int(rng.choice((1, 2, 3, 4), p=(0.12, 0.43, 0.33, 0.12)))))
    if word[0] in _VOWELS:
        word = "ئ" + word
    return word + (str(rng.choice(("لىق", "لىك", "لۇق", "لۈك", "چى", "لار", "لەر", "ى", "سى"))) * (rng.random() < 0.2))


def _syllable(rng: np.random.Generator) -> str:
    onset = "" if rng.random() < 0.12 else str(rng.choice(_COMMON_ONSETS if rng.random() < 0.5 else _ONSETS))
    return onset + str(rng.choice(_VOWELS)) + (str(rng.choice(_CODAS)) if rng.random() < 0.4 else "")
