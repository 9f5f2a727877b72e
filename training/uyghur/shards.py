"""Make training lines ahead of the trainer: numbered shards on disk, each made from the seed and its own number."""

import time
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from karez.reading.uyghur_letters import ALPHABET
from uyghur.lines import LineMaker, readable
from uyghur.printing import Grey, any_face, print_line
from uyghur.wear import EASY, FULL, LATE, Wear, worn

LINES = 2048
"""Lines in a shard."""
EASY_SHARDS = 20
"""The first shards are clean and large: CTC finds no hold in worn print before it knows the letters."""
LATE_SHARDS, LAST_SHARDS = 110, 142
"""In the second cycle of the learning rate lines are longer and more worn; in the last, half of them are."""
_AHEAD = 30  # shards that lie ready at most
_CODE = {character: code for code, character in enumerate(ALPHABET) if code}


class Sample(NamedTuple):
    """A line `HEIGHT_PX` high, and the codes of its characters from left to right."""

    pixels: Grey
    codes: npt.NDArray[np.uint8]


def sample(maker: LineMaker, wear: Wear, rng: np.random.Generator) -> Sample | None:
    """Make, print and photograph one line; ``None`` where nothing came of it."""
    line = maker(rng)
    if not line:
        return None
    text = readable(line)
    space = float(rng.uniform(0.5, 1.3)) if wear is LATE else 1.0
    printed = print_line(line, any_face(rng), int(rng.integers(22, 46)), rng, space)
    pixels = None if printed is None else worn(printed, wear, rng)
    if pixels is None or not _fits(text, pixels.shape[1]):
        return None
    return Sample(pixels, np.array([_CODE[character] for character in text], np.uint8))


def _fits(text: str, width: int) -> bool:
    """Say whether CTC has frames enough: one a character, one between equal neighbours, and one to spare."""
    twins = sum(a == b for a, b in pairwise(text))
    return len(text) + twins + 1 < width / 2


def make(seed: int, number: int) -> list[Sample]:
    """Make shard ``number``; the same seed gives the same lines."""
    rng = np.random.default_rng([seed, number])
    easy, late = number < EASY_SHARDS, number >= LATE_SHARDS
    maker = LineMaker(longest=18 if number < EASY_SHARDS // 2 else 56 if late else 46)
    samples: list[Sample] = []
    while len(samples) < LINES:
        wear = EASY if easy or rng.random() < 0.05 else LATE if late else FULL
        if number >= LAST_SHARDS and rng.random() < 0.5:
            wear = FULL
        made = sample(maker, wear, rng)
        if made is not None:
            samples.append(made)
    return samples


def write(path: Path, samples: list[Sample]) -> None:
    """Write a shard; it appears under its name only when it is whole."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(
            file,
            pixels=np.concatenate([one.pixels.T for one in samples]),
            widths=np.array([one.pixels.shape[1] for one in samples]),
            codes=np.concatenate([one.codes for one in samples]),
            lengths=np.array([len(one.codes) for one in samples]),
        )
    part.rename(path)


def read(path: Path) -> list[Sample]:
    """Read a shard."""
    with np.load(path) as file:
        pixels = np.split(file["pixels"], np.cumsum(file["widths"])[:-1])
        codes = np.split(file["codes"], np.cumsum(file["lengths"])[:-1])
    return [Sample(np.ascontiguousarray(columns.T), own) for columns, own in zip(pixels, codes, strict=True)]


def shard_path(folder: Path, number: int) -> Path:
    """Name a shard's file."""
    return folder / f"shard-{number:05d}.npz"


def keep_ahead(folder: Path, seed: int, first: int, count: int) -> None:
    """Make shards from ``first`` on, never more than a few ahead of the trainer, which takes them away."""
    cv2.setNumThreads(1)
    for number in range(first, count):
        while len(list(folder.glob("shard-*.npz"))) >= _AHEAD:
            time.sleep(2)
        if not shard_path(folder, number).exists():
            write(shard_path(folder, number), make(seed, number))
