"""The peers: zxing-cpp called plainly, and RapidOCR out of the box; both get a fair rule for what a waybill is."""

import importlib.util
import logging
from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
import zxingcpp

from karez.bench.outcome import Outcome
from karez.domain.errors import MissingPart
from karez.domain.reading import Source, SourceKind
from karez.reading.networks import keep_onnxruntime_to_itself
from karez.reading.standing import by_number
from karez.reading.waybills import Form, Mention, WaybillRules, classify, goods_code, line_numbers, tokens

RAPIDOCR_ADVICE = "run `make setup` (it installs requirements/models.txt and requirements/peers.txt)"


class PlainZxing:
    """One call of zxing-cpp with its defaults on the grey picture; ``samples`` reads content as plain text."""

    def __init__(self, rules: WaybillRules, samples: bool = False) -> None:
        self._rules, self._samples = rules, samples

    def __call__(self, picture: bytes) -> Outcome:
        """Read one picture."""
        grey = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION)
        if grey is None:
            return Outcome(why="The picture cannot be decoded.")
        if self._samples:
            found = zxingcpp.read_barcodes(grey, text_mode=zxingcpp.TextMode.Plain)
        else:
            found = zxingcpp.read_barcodes(grey)
        numbers = [n for one in found if not goods_code(one.format.name) for n in (one.text.strip(), *tokens(one.text))]
        return _outcome(numbers, self._rules, texts=tuple(one.text for one in found))


class RapidOcr:
    """RapidOCR's default pipeline on the picture as it is, held to one thread as all subjects are.

    Raises
    ------
    MissingPart
        If it is not installed.
    """

    def __init__(self, rules: WaybillRules) -> None:
        if importlib.util.find_spec("rapidocr") is None:
            raise MissingPart("RapidOCR", RAPIDOCR_ADVICE)
        keep_onnxruntime_to_itself()
        from rapidocr import RapidOCR

        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        one_thread = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
        self._engine: Any = RapidOCR(params={"Global.log_level": "error", **one_thread})
        self._rules = rules

    def __call__(self, picture: bytes) -> Outcome:
        """Read one picture."""
        colour = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
        if colour is None:
            return Outcome(why="The picture cannot be decoded.")
        lines = tuple(self._engine(colour).txts or ())
        return _outcome([number for line in lines for number in line_numbers(line)], self._rules, lines=lines)


def _outcome(
    numbers: Iterable[str], rules: WaybillRules, texts: tuple[str, ...] = (), lines: tuple[str, ...] = ()
) -> Outcome:
    """Take the one number of the best form, as an integrator would who knows the companies' patterns."""
    mentions = [_mention(place, number.upper(), rules) for place, number in enumerate(numbers)]
    best = max((mention.form for mention in mentions), default=Form.UNKNOWN)
    kept = tuple(by_number([each for each in mentions if each.form is best and best is not Form.UNKNOWN]))
    if len(kept) == 1:
        return Outcome(kept[0], kept, texts, lines)
    why = f"Several numbers: {', '.join(kept)}." if kept else "No waybill number among what was read."
    return Outcome(None, kept, texts, lines, why=why)


def _mention(place: int, number: str, rules: WaybillRules) -> Mention:
    """Put a peer's number as Karez puts its own, so that pieces of a shipment are told apart by the same rule."""
    return Mention(number, *classify(number, rules), Source(SourceKind.CODE, 0, (place,)), confidence=1.0)
