"""Take a doubtful word for a known one where the network finds that nearly as likely, and never otherwise."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from karez.reading.ctc import log_likelihoods
from karez.reading.networks import Tensor
from karez.reading.uyghur_letters import ALPHABET, UYGHUR

SHIPPED = Path(__file__).parent / "data" / "uyghur_words.txt"
"""Words of the gazetteer's Uyghur names and of everyday addresses; ``training/uyghur/lexicon.py`` writes it."""
PREFERENCE = 1.5
"""A known word may be e^1.5 ≈ 4.5 times less likely than what was read, and is still taken."""
MARKS_PREFERENCE = 4.0
"""The same where the two words differ in nothing but small marks above و, which small print loses: e^4 ≈ 55 times."""
_MARKS = str.maketrans("ۇۈۆۋ", "وووو")
_SHORTEST = 4  # letters; shorter words have too many neighbours
_LETTERS_AN_EDIT = 4  # a word of eight letters may differ in two
_MOST_CANDIDATES = 4  # for each word
_MOST_WORDS = 3
_CODE = {character: code for code, character in enumerate(ALPHABET)}
_LETTERS = frozenset(UYGHUR)
_WORD = re.compile(f"[{UYGHUR}]{{{_SHORTEST},}}")


class Lexicon:
    """Known words, held against what the network saw.

    Parameters
    ----------
    words
        Words in Uyghur letters; a word that is read as one of them is never changed.
    preference
        By how much (as a logarithm) a known word may be less likely than what was read, and still be taken.
    """

    def __init__(self, words: Collection[str], preference: float = PREFERENCE) -> None:
        self._known, self._preference = frozenset(words), preference
        self._words = sorted(word for word in self._known if len(word) >= _SHORTEST and _LETTERS.issuperset(word))

    @classmethod
    def shipped(cls) -> "Lexicon":
        """Read the words that come with the package."""
        return cls(SHIPPED.read_text("utf-8").split())

    def revised(self, seen: str, frames: Tensor) -> str:
        """Hold a line's words against the lexicon.

        Parameters
        ----------
        seen
            The line from left to right, as the frames are read without a lexicon.
        frames
            What the network said: probabilities, frames × `ALPHABET`.

        Returns
        -------
        str
            The line; at most `_MOST_WORDS` of its words are read otherwise.
        """
        for _ in range(_MOST_WORDS):
            candidates = [seen, *self._candidates(seen)]
            if len(candidates) == 1:
                break
            scores = log_likelihoods(frames, [[_CODE[letter] for letter in text] for text in candidates])
            for place, text in enumerate(candidates[1:], 1):
                scores[place] += self._preferred(text, seen)
            best = int(scores[1:].argmax()) + 1
            if scores[best] < scores[0]:
                break
            seen = candidates[best]
        return seen

    def _preferred(self, text: str, seen: str) -> float:
        """Say by how much a known word may be less likely, and still be taken."""
        alike = text.translate(_MARKS) == seen.translate(_MARKS)
        return max(self._preference, MARKS_PREFERENCE) if alike else self._preference

    def _candidates(self, seen: str) -> Iterator[str]:
        """Give the line with one unknown word replaced by a known one that is spelt nearly alike."""
        for found in _WORD.finditer(seen):
            word = found.group()[::-1]
            if word in self._known:
                continue
            edits = max(1, len(word) // _LETTERS_AN_EDIT)
            near = process.extract(
                word, self._words, scorer=Levenshtein.distance, score_cutoff=edits, limit=_MOST_CANDIDATES
            )
            for known, _, _ in near:
                yield seen[: found.start()] + known[::-1] + seen[found.end() :]
