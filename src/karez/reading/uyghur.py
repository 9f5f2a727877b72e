"""Read lines of Uyghur print with a small network of our own: PP-OCRv6 has no Arabic script."""

import cv2
import numpy as np
import numpy.typing as npt

from karez.reading import ctc, networks, weights
from karez.reading.pictures import Grey
from karez.reading.text_lines import Recognised
from karez.reading.uyghur_letters import ALPHABET, as_written, normalised
from karez.reading.uyghur_lexicon import Lexicon

LINE_HEIGHT_PX = 40  # the network's input
WIDTH_STEP_PX = 64  # widths are rounded up to it, so that few shapes are compiled
COLUMN_PX, FRAMES_A_COLUMN = 4, 2  # the network gives two frames of text for every four pixels of width
_WARM_WIDTH_PX = 640  # the widest line of a label's address, with something to spare


class UyghurRecogniser:
    """Reads one line of Arabic script, with the figures and Latin words in it.

    Parameters
    ----------
    engine
        See `networks.load`.
    lexicon
        Words that doubtful ones are held against; by default those that come with the package.

    Raises
    ------
    MissingPart
        If the weights or the engine asked for are not installed.
    """

    def __init__(self, engine: networks.Engine = "auto", lexicon: Lexicon | None = None) -> None:
        self._network = networks.load(weights.UYGHUR, engine)
        self._lexicon = Lexicon.shipped() if lexicon is None else lexicon

    def warm_up(self) -> None:
        """Compile the widths that lines have."""
        for width in range(WIDTH_STEP_PX, _WARM_WIDTH_PX + 1, WIDTH_STEP_PX):
            self._network(np.zeros((1, 1, LINE_HEIGHT_PX, width), np.float32))

    def __call__(self, line: Grey) -> Recognised:
        """Read a level line, cut close; one of another height than 40 pixels is brought to it."""
        batch, frames = prepared(line)
        return decoded(self._network(batch)[0, :frames], self._lexicon)


def prepared(line: Grey) -> tuple[networks.Tensor, int]:
    """Prepare a line for the network.

    Returns
    -------
    tuple
        The line as 1 × 1 × 40 × width, rounded up with paper to a multiple of 64; how many of the frames that come
        out belong to the line (what the network says beyond its end means nothing).
    """
    height, width = line.shape
    if height != LINE_HEIGHT_PX:
        width = max(1, round(width * LINE_HEIGHT_PX / height))
        way = cv2.INTER_AREA if height > LINE_HEIGHT_PX else cv2.INTER_CUBIC
        line = np.asarray(cv2.resize(line, (width, LINE_HEIGHT_PX), interpolation=way), np.uint8)
    batch = np.zeros((1, 1, LINE_HEIGHT_PX, -(-width // WIDTH_STEP_PX) * WIDTH_STEP_PX), np.float32)
    batch[0, 0, :, :width] = deviations(line)
    return batch, -(-width // COLUMN_PX) * FRAMES_A_COLUMN


def deviations(line: Grey) -> npt.NDArray[np.float32]:
    """Measure a line in deviations from its paper: the median is 0, whatever the light."""
    values = line.astype(np.float32)
    return np.asarray((values - np.median(values)) / max(float(values.std()), 2.0), np.float32)


def decoded(frames: networks.Tensor, lexicon: Lexicon) -> Recognised:
    """Read frames: the likeliest text, its doubtful words held against a lexicon, in written order.

    The confidences are those of the frames at which characters begin.

    Parameters
    ----------
    frames
        Probabilities, frames from left to right × `ALPHABET`.
    lexicon
        Words that doubtful ones are held against.
    """
    begins = ctc.best_path(frames)
    seen = "".join(ALPHABET[code] for code in ctc.likeliest(frames)) if len(begins) else ""
    if not seen:
        return Recognised("", 0.0)
    sure = frames[begins].max(axis=1)
    return Recognised(normalised(as_written(lexicon.revised(seen, frames))), float(sure.mean()), float(sure.min()))


def arabic_letters(text: str) -> int:
    """Count the letters of Arabic script."""
    return sum("؀" <= character <= "ۿ" and character.isalpha() for character in text)
