"""Our own reader of Uyghur lines: what it reads, in which order, with which weights."""

import hashlib
import importlib.util
import itertools
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from karez.address.gazetteer import Gazetteer
from karez.reading import ctc, uyghur, weights
from karez.reading.uyghur import LINE_HEIGHT_PX, UyghurRecogniser, arabic_letters, decoded, deviations
from karez.reading.uyghur import prepared as prepared_line
from karez.reading.uyghur_letters import ALPHABET, UYGHUR, as_written, normalised
from karez.reading.uyghur_lexicon import SHIPPED, Lexicon
from karez.simulation.fonts import UNSEEN_UYGHUR_FACES, UYGHUR_FACES, typeface

TRAINING = Path(__file__).parents[2] / "training" / "uyghur"
ADDRESS = "قەشقەر ۋىلايىتى يوپۇرغا ناھىيىسى 48-نومۇر"
UNHEARD_OF = "چۆپژەڭ گۈغۇلمىش كوچىسى 173-نومۇر"
WORDS = st.text(UYGHUR, min_size=1, max_size=9)
NUMBERS = st.from_regex(r"[1-9][0-9]{0,3}([./][0-9]{1,2})?", fullmatch=True)


@pytest.fixture(scope="module")
def recogniser() -> UyghurRecogniser:
    return UyghurRecogniser("auto")


def printed(text: str, font: ImageFont.FreeTypeFont, margin_px: int = 4) -> npt.NDArray[np.uint8]:
    """Print a line, black on white, and cut it close."""
    sheet = Image.new("L", (round(font.getlength(text, direction="rtl", language="ug")) + 60, 120), 255)
    ImageDraw.Draw(sheet).text((30, 80), text, font=font, fill=0, anchor="ls", direction="rtl", language="ug")
    pixels = np.asarray(sheet)
    rows, columns = np.flatnonzero(pixels.min(axis=1) < 128), np.flatnonzero(pixels.min(axis=0) < 128)
    return pixels[rows[0] - margin_px : rows[-1] + margin_px, columns[0] - margin_px : columns[-1] + margin_px]


@pytest.mark.parametrize("face", UYGHUR_FACES)
@pytest.mark.parametrize("text", [ADDRESS, UNHEARD_OF])
def test_a_clean_line_is_read_exactly_whatever_the_face_and_the_names(
    recogniser: UyghurRecogniser, face: str, text: str
) -> None:
    read = recogniser(printed(text, typeface(face, 32)))
    assert read.text == text
    assert read.confidence > 0.9


@pytest.mark.parametrize("face", UNSEEN_UYGHUR_FACES)
def test_words_are_read_in_faces_that_were_never_trained_on(recogniser: UyghurRecogniser, face: str) -> None:
    text = "يوپۇرغا ناھىيىسى چۆپژەڭ گۈغۇلمىش كوچىسى"  # Noto's Arabic faces have no hyphen
    assert recogniser(printed(text, typeface(face, 32))).text == text


@pytest.mark.parametrize("size_px", [16, 24, 60])
def test_small_and_large_print_are_brought_to_the_networks_height(recogniser: UyghurRecogniser, size_px: int) -> None:
    line = printed(ADDRESS, typeface("ug-tut", size_px), margin_px=2)
    assert line.shape[0] != LINE_HEIGHT_PX
    assert recogniser(line).text == ADDRESS


def test_a_line_in_poor_light_is_read_as_in_good(recogniser: UyghurRecogniser) -> None:
    line = printed(ADDRESS, typeface("ug-ekran", 32))
    dim = (line * 0.12 + 4).astype(np.uint8)
    assert recogniser(dim).text == ADDRESS
    assert np.allclose(deviations(line), deviations((line // 2).astype(np.uint8)), atol=0.05)


def test_bare_paper_says_nothing(recogniser: UyghurRecogniser) -> None:
    read = recogniser(np.full((40, 300), 240, np.uint8))
    assert read.text == ""
    assert read.confidence == 0


def test_chinese_is_passed_over(recogniser: UyghurRecogniser) -> None:
    font = typeface("zh-bold", 32)
    sheet = Image.new("L", (460, 44), 255)
    ImageDraw.Draw(sheet).text((6, 22), "喀什市人民东路幸福花园", font=font, fill=0, anchor="lm")
    assert arabic_letters(recogniser(np.asarray(sheet)).text) < 3


@given(width=st.integers(1, 700), height=st.integers(8, 90))
def test_batches_have_few_widths_and_frames_for_the_line_alone(width: int, height: int) -> None:
    batch, frames = prepared_line(np.full((height, width), 255, np.uint8))
    assert batch.shape[:3] == (1, 1, LINE_HEIGHT_PX)
    assert batch.shape[3] % uyghur.WIDTH_STEP_PX == 0
    assert 0 < frames <= batch.shape[3] // uyghur.COLUMN_PX * uyghur.FRAMES_A_COLUMN


def test_repeats_collapse_unless_a_blank_stands_between() -> None:
    seen = [0, 5, 5, 0, 5, 7, 7, 0]
    frames = np.full((len(seen), len(ALPHABET)), 0.001, np.float32)
    frames[np.arange(len(seen)), seen] = 0.9
    read = decoded(frames, Lexicon(()))
    assert read.text == "".join(ALPHABET[code] for code in (7, 5, 5))  # written from right to left
    assert read.confidence == pytest.approx(0.9)


def all_texts(frames: npt.NDArray[np.float32]) -> dict[tuple[int, ...], float]:
    """Sum the probabilities of all ways of writing each text, one by one."""
    likelihoods: dict[tuple[int, ...], float] = {}
    for way in itertools.product(range(frames.shape[1]), repeat=len(frames)):
        text = tuple(code for code, _ in itertools.groupby(way) if code)
        likelihood = float(np.prod(frames[np.arange(len(frames)), way]))
        likelihoods[text] = likelihoods.get(text, 0.0) + likelihood
    return likelihoods


@given(st.integers(0, 10_000))
def test_a_text_is_as_likely_as_all_ways_of_writing_it_together(seed: int) -> None:
    frames = np.random.default_rng(seed).random((5, 3), np.float32) ** 3
    frames /= frames.sum(axis=1, keepdims=True)
    likelihoods = all_texts(frames)
    texts = [text for text in likelihoods if text]
    assert np.allclose(np.exp(ctc.log_likelihoods(frames, texts)), [likelihoods[text] for text in texts])


@given(st.integers(0, 10_000))
@example(1025)
def test_the_likeliest_text_is_found_where_the_beam_holds_all_texts(seed: int) -> None:
    frames = np.random.default_rng(seed).random((5, 3), np.float32) ** 3
    frames /= frames.sum(axis=1, keepdims=True)
    likelihoods = all_texts(frames)
    found = ctc.likeliest(frames, beam_width=len(likelihoods))
    assert likelihoods[found] > 0.94 * max(likelihoods.values())  # classes under one in a hundred are not followed


def test_the_likeliest_text_may_lie_off_the_best_path() -> None:
    frames = np.array([[0.6, 0.4], [0.6, 0.4]], np.float32)
    assert len(ctc.best_path(frames)) == 0  # blank, blank: 0.36
    assert ctc.likeliest(frames) == (1,)  # three ways: 0.64


def spelt(word: str, sure: float, instead: dict[int, str]) -> npt.NDArray[np.float32]:
    """Give frames that spell a word from right to left, with another letter nearly as likely at some places."""
    frames = np.full((2 * len(word), len(ALPHABET)), 1e-6, np.float32)
    frames[1::2, 0] = 1
    for place, letter in enumerate(reversed(word)):
        frames[2 * place, ALPHABET.index(letter)] = sure
        frames[2 * place, ALPHABET.index(instead.get(len(word) - 1 - place, ""))] = 1 - sure
    return frames


def test_a_doubtful_word_is_taken_for_a_known_one() -> None:
    lexicon = Lexicon(["ناھىيىسى"])
    read = decoded(spelt("ناھىيپسى", 0.6, {5: "ى"}), lexicon)
    assert read.text == "ناھىيىسى"
    assert read.confidence < 1


def test_a_word_that_is_read_surely_stays_though_a_known_one_is_spelt_alike() -> None:
    lexicon = Lexicon(["ناھىيىسى"])
    assert decoded(spelt("ناھىيپسى", 0.97, {5: "ى"}), lexicon).text == "ناھىيپسى"
    assert decoded(spelt("ناپ", 0.6, {2: "ن"}), Lexicon(["نان"])).text == "ناپ"  # too short to be told from others


def test_the_shipped_words_are_the_gazetteers_names_and_more() -> None:
    words = set(SHIPPED.read_text("utf-8").split())
    names = {word for name in gazetteer_names() for word in normalised(name).split()}
    assert names <= words
    assert {"نومۇر", "كوچىسى"} <= words


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_words_run_from_right_to_left(words: list[str]) -> None:
    text = " ".join(words)
    assert as_written(text[::-1]) == text


@given(WORDS, NUMBERS, st.sampled_from(["-", " ", " - "]), WORDS)
def test_numbers_run_from_left_to_right_within_words(before: str, number: str, sign: str, after: str) -> None:
    seen = f"{after[::-1]}{sign[::-1]}{number} {before[::-1]}"
    assert as_written(seen) == f"{before} {number}{sign}{after}"


@pytest.mark.parametrize(
    ("seen", "written"),
    [
        ("رۇمون-15", "15-نومۇر"),
        ("20-15 قىلدازائ", "ئازادلىق 15-20"),
        ("(ەشوگ) رازاب", "بازار (گوشە)"),
        ("1******4520 ***ائ", "ئا*** 1******4520"),
        ("4520****139 ***ائ", "ئا*** 139****4520"),
        ("Kashgar 844 رەقشەق", "قەشقەر Kashgar 844"),
        ("No. 12 Bazaar Road", "No. 12 Bazaar Road"),
        ("3/402 :يۆئ", "ئۆي: 3/402"),
    ],
)
def test_what_is_seen_is_given_as_it_is_written(seen: str, written: str) -> None:
    assert as_written(seen) == written


@given(st.text(UYGHUR + "\u0647\u06cc\u06a9\u0640 0123\u0661\u06f2-№،", max_size=30))
def test_normalised_text_stays_as_it_is(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once
    assert not set(once) & set("\u0647\u06cc\u06a9\u0640")


def test_twins_of_uyghur_letters_are_replaced() -> None:
    assert normalised("\u0642\u06d5\u0634\u0642\u06d5\u0631 \u0634\u06d5\u0647\u0631\u06cc \u06a9 \u0661\u06f2") == (
        "قەشقەر شەھرى ك 12"
    )


def test_the_alphabet_spells_every_uyghur_name_of_the_gazetteer() -> None:
    names = gazetteer_names()
    assert len(names) > 50
    assert set("".join(names)) <= set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET)


def test_the_weights_are_the_ones_that_were_measured() -> None:
    path = weights.locate(weights.UYGHUR)
    assert path is not None
    data = path.read_bytes()
    assert hashlib.sha256(data).hexdigest() == weights.UYGHUR.sha256
    assert len(data) <= 10_000_000


def test_faces_that_the_bench_calls_unseen_were_never_trained_on() -> None:
    faces = training_faces()
    unseen = {Path(str(typeface(name, 20).path)).name for name in UNSEEN_UYGHUR_FACES}
    assert unseen == set(faces.HELD_OUT)
    assert len(faces.TRAINED) > 40
    assert not unseen & set(faces.TRAINED)


def training_faces() -> ModuleType:
    """Load the list of faces; training is no part of the package, and has requirements of its own."""
    spec = importlib.util.spec_from_file_location("training_faces", TRAINING / "faces.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gazetteer_names() -> list[str]:
    gazetteer = Gazetteer.load()
    aliases = [alias.name for found in gazetteer.aliases_of.values() for alias in found]
    return [name for name in [*(place.ug for place in gazetteer.places), *aliases] if arabic_letters(name)]
