"""The network: a small convolutional reader whose columns of features speak for two frames of text each."""

import torch
from torch import Tensor, nn

from karez.reading.uyghur_letters import ALPHABET
from uyghur.wear import HEIGHT_PX

COLUMN_PX = 4
"""Pixels of width that one column of features covers."""
FRAMES = 2
"""Frames of text that one column gives: narrow letters side by side need them."""


def _conv(inputs: int, outputs: int, stride: int | tuple[int, int] = 1) -> nn.Sequential:
    layer = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class _Residual(nn.Module):
    """Two convolutions beside a straight way."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _conv(width, width)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, features: Tensor) -> Tensor:
        return torch.relu(features + self.second(self.first(features)))


class _Context(nn.Module):
    """Look along the line: a wide convolution of each channel, then a mixing of channels."""

    def __init__(self, width: int, reach: int = 9) -> None:
        super().__init__()
        self.along = nn.Conv2d(width, width, (1, reach), padding=(0, reach // 2), groups=width, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.wider, self.back = nn.Conv2d(width, 2 * width, 1), nn.Conv2d(2 * width, width, 1)

    def forward(self, features: Tensor) -> Tensor:
        return features + self.back(torch.relu(self.wider(self.norm(self.along(features)))))


class LineNet(nn.Module):
    """Reads lines: n × 1 × `HEIGHT_PX` × width, in deviations from paper, to n × frames × classes, as logits."""

    def __init__(self, widths: tuple[int, int, int, int] = (24, 48, 96, 224), contexts: int = 4) -> None:
        super().__init__()
        first, second, third, top = widths
        self.picture = nn.Sequential(
            *(_conv(1, first, 2), _conv(first, second, 2), _Residual(second)),
            *(_conv(second, third, (2, 1)), _Residual(third)),
        )
        rows = HEIGHT_PX // 8
        self.column = nn.Sequential(
            nn.Conv2d(third, top, (rows, 3), padding=(0, 1), bias=False), nn.BatchNorm2d(top), nn.ReLU(inplace=True)
        )
        self.context = nn.Sequential(*(_Context(top) for _ in range(contexts)), nn.BatchNorm2d(top))
        self.classes = len(ALPHABET)
        self.head = nn.Conv2d(top, FRAMES * self.classes, 1)

    def forward(self, lines: Tensor) -> Tensor:
        """Give the logits of each frame."""
        columns = self.head(self.context(self.column(self.picture(lines)))).squeeze(2)
        return columns.transpose(1, 2).reshape(columns.shape[0], -1, self.classes)
