"""Train the recogniser of Uyghur lines from nothing, or go on where an earlier run stopped; then export it."""

import argparse
import multiprocessing
from pathlib import Path

import torch

from uyghur.export import export, trained
from uyghur.shards import keep_ahead
from uyghur.train import SHARDS, Trainer, train

SEED = 20261125


def main() -> None:
    """Train in ``folder`` and write the network to ``onnx``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where shards and the state of the training lie")
    parser.add_argument("onnx", type=Path, help="the file to write")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    trainer = Trainer(options.folder / "state.pt", options.seed)
    maker = multiprocessing.get_context("spawn").Process(
        target=keep_ahead, args=(options.folder, options.seed, trainer.done, SHARDS), daemon=True
    )
    maker.start()
    train(trainer, options.folder, SHARDS)
    maker.join()
    print(export(trained(options.folder), options.onnx), options.onnx)


if __name__ == "__main__":
    main()
