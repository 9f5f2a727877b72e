"""Train the line reader: takes shards as they appear, saves its state every few minutes, goes on where it stopped."""

import shutil
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from karez.reading.uyghur import deviations
from uyghur.network import COLUMN_PX, FRAMES, LineNet
from uyghur.shards import Sample, read, shard_path
from uyghur.wear import HEIGHT_PX

BATCH = 32
PEAK_RATE = 2.5e-3
CYCLES = ((110, 1.0), (32, 0.5), (34, 0.5), (36, 0.5), (60, 0.6))
"""Shards in each cycle of the learning rate, and its height. Each cycle ends in a network that can be used; the ends
lie apart enough that their average reads better than any of them (stochastic weight averaging)."""
ENDS = tuple(accumulate(length for length, _ in CYCLES))
SHARDS = ENDS[-1]
_WARM_UP = 0.03  # share of a cycle in which the learning rate rises
_SAVE_EVERY_S = 180.0


def batches(samples: list[Sample], rng: np.random.Generator) -> Iterator[list[Sample]]:
    """Give lines of about the same width together, the batches in random order."""
    order = sorted(range(len(samples)), key=lambda index: samples[index].pixels.shape[1])
    groups = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    for group in rng.permutation(len(groups)):
        yield [samples[index] for index in groups[group]]


def tensors(batch: list[Sample]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Give the pictures, padded with paper; how many frames each has; the codes one after another; how many."""
    width = -(-max(one.pixels.shape[1] for one in batch) // 16) * 16
    pictures = np.zeros((len(batch), 1, HEIGHT_PX, width), np.float32)
    for row, one in enumerate(batch):
        pictures[row, 0, :, : one.pixels.shape[1]] = deviations(one.pixels)
    frames = [-(-one.pixels.shape[1] // COLUMN_PX) * FRAMES for one in batch]
    codes = np.concatenate([one.codes for one in batch]).astype(np.int64)
    lengths = [len(one.codes) for one in batch]
    return torch.from_numpy(pictures), torch.tensor(frames), torch.from_numpy(codes), torch.tensor(lengths)


def rate(shards: float) -> float:
    """Give the learning rate after so many shards: in each cycle a short rise, then half a cosine."""
    number = min(sum(end <= shards for end in ENDS), len(CYCLES) - 1)
    length, height = CYCLES[number]
    progress = min(1.0, 1 - (ENDS[number] - shards) / length)
    if progress < _WARM_UP:
        return PEAK_RATE * height * (progress + 1e-3) / _WARM_UP
    fall = 0.5 + 0.5 * float(np.cos(np.pi * (progress - _WARM_UP) / (1 - _WARM_UP)))
    return PEAK_RATE * height * fall + 1e-6


class Trainer:
    """The network, its averaged weights and the optimiser, kept in one file.

    Parameters
    ----------
    state
        Where the state is saved; training goes on from it if it is there.
    """

    def __init__(self, state: Path, seed: int) -> None:
        torch.manual_seed(seed)
        self._state, self._seed = state, seed
        self.network = LineNet().to(memory_format=torch.channels_last)
        self.average = torch.optim.swa_utils.AveragedModel(
            self.network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998), use_buffers=True
        )
        self._optimiser = torch.optim.AdamW(self.network.parameters(), lr=PEAK_RATE, weight_decay=0.01)
        self._loss = nn.CTCLoss(blank=0, zero_infinity=True)
        self.done = 0
        if state.is_file():
            saved = torch.load(state, weights_only=True)
            self.done = saved["done"]
            self.network.load_state_dict(saved["network"])
            self.average.load_state_dict(saved["average"])
            self._optimiser.load_state_dict(saved["optimiser"])

    def save(self) -> None:
        """Save the state; the file is replaced only by a whole one."""
        part = self._state.with_suffix(".part")
        parts = {"network": self.network, "average": self.average, "optimiser": self._optimiser}
        torch.save({"done": self.done, **{name: part.state_dict() for name, part in parts.items()}}, part)
        part.rename(self._state)

    def learn(self, samples: list[Sample]) -> float:
        """Learn from one shard; gives the mean loss a character."""
        rng = np.random.default_rng([self._seed, self.done, 1])
        groups = list(batches(samples, rng))
        losses = []
        for number, batch in enumerate(groups):
            for group in self._optimiser.param_groups:
                group["lr"] = rate(self.done + number / len(groups))
            losses.append(self._step(batch))
        self.done += 1
        return float(np.mean(losses))

    def _step(self, batch: list[Sample]) -> float:
        pictures, frames, codes, lengths = tensors(batch)
        self.network.train()
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.network(pictures.to(memory_format=torch.channels_last))
        scores = torch.log_softmax(logits.float(), 2).transpose(0, 1)
        loss = self._loss(scores, codes, frames, lengths)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        self._optimiser.step()
        self.average.update_parameters(self.network)
        return float(loss.detach())


def train(trainer: Trainer, folder: Path, count: int) -> None:
    """Learn from ``count`` shards; each is deleted once it is learnt from and the state is saved."""
    saved = started = time.monotonic()
    learnt: list[Path] = []
    while trainer.done < count:
        path = shard_path(folder, trainer.done)
        while not path.exists():
            time.sleep(0.5)
        loss = trainer.learn(read(path))
        learnt.append(path)
        print(f"shard {trainer.done} of {count}: loss {loss:.4f}, {time.monotonic() - started:.0f} s", flush=True)
        if time.monotonic() - saved > _SAVE_EVERY_S or trainer.done == count or trainer.done in ENDS:
            trainer.save()
            if trainer.done in ENDS:
                shutil.copyfile(folder / "state.pt", folder / f"cycle-{ENDS.index(trainer.done) + 1}.pt")
            for old in learnt:
                old.unlink()
            learnt, saved = [], time.monotonic()
