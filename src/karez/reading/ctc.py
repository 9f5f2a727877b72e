"""What frames of text say (connectionist temporal classification, Graves et al. 2006): likeliest text, likelihoods.

Frames are probabilities, frames × classes, of which class 0 is the blank: it parts equal characters and says nothing.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from karez.reading.networks import Tensor

Codes = tuple[int, ...]
Floats = npt.NDArray[np.float64]

_BEAM = 6  # texts followed at once
_UNLIKELY = 0.01  # classes below it are not followed
_LEAST = 1e-300  # keeps logarithms finite


def best_path(frames: Tensor) -> npt.NDArray[np.intp]:
    """Give the frames at which a character begins, if each frame speaks for its likeliest class."""
    best = frames.argmax(axis=1)
    begins = (best != 0) & np.concatenate([[True], best[1:] != best[:-1]])
    return np.flatnonzero(begins)


def likeliest(frames: Tensor, beam_width: int = _BEAM) -> Codes:
    """Give the text that all its ways of being written make likeliest, found by a beam over its beginnings.

    The best path alone doubles or drops letters where two ways of writing share their probability. A beam of fewer
    texts than there are may miss the likeliest by a little.
    """
    beam: dict[Codes, tuple[float, float]] = {(): (1.0, 0.0)}  # text → probability that it ends in a blank, or not
    for frame in frames:
        wider: dict[Codes, list[float]] = {}
        for code in np.flatnonzero(frame > _UNLIKELY).tolist():
            _follow(beam, code, float(frame[code]), wider)
        kept = sorted(wider.items(), key=lambda entry: -sum(entry[1]))[:beam_width]
        scale = sum(sum(ways) for _, ways in kept)
        beam = {text: (ways[0] / scale, ways[1] / scale) for text, ways in kept}
    return max(beam, key=lambda text: sum(beam[text]))


def _follow(
    beam: dict[Codes, tuple[float, float]], code: int, probability: float, wider: dict[Codes, list[float]]
) -> None:
    """Let every text of the beam go on with one class."""
    for text, (blank, letter) in beam.items():
        if code == 0:
            wider.setdefault(text, [0.0, 0.0])[0] += (blank + letter) * probability
        elif text and text[-1] == code:
            wider.setdefault(text, [0.0, 0.0])[1] += letter * probability
            wider.setdefault((*text, code), [0.0, 0.0])[1] += blank * probability
        else:
            wider.setdefault((*text, code), [0.0, 0.0])[1] += (blank + letter) * probability


def log_likelihoods(frames: Tensor, texts: Sequence[Sequence[int]]) -> Floats:
    """Give the logarithm of each text's probability: the sum over all ways of writing it in the frames.

    Parameters
    ----------
    frames
        Probabilities, frames × classes.
    texts
        Codes of the characters of each text, at least one.
    """
    states = np.zeros((len(texts), 2 * max(map(len, texts)) + 1), np.intp)
    for row, codes in enumerate(texts):
        states[row, 1 : 2 * len(codes) : 2] = codes
    leap = np.zeros(states.shape)  # a blank between two unlike characters may be left out
    leap[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    ways = np.zeros(states.shape)
    ways[:, :2] = frames[0][states[:, :2]]
    total = np.zeros(len(texts))
    for frame in frames[1:].astype(np.float64):
        reached = ways.copy()
        reached[:, 1:] += ways[:, :-1]
        reached[:, 2:] += ways[:, :-2] * leap[:, 2:]
        ways = reached * frame[states]
        scale = ways.sum(axis=1, keepdims=True) + _LEAST
        ways /= scale
        total += np.log(scale[:, 0])
    rows, ends = np.arange(len(texts)), np.array([2 * len(codes) for codes in texts])
    return np.asarray(total + np.log(ways[rows, ends] + ways[rows, ends - 1] + _LEAST))
