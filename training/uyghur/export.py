"""Write the trained network as ONNX, its weights in half precision, and print the pin that the package keeps."""

import hashlib
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn

from uyghur.network import LineNet
from uyghur.wear import HEIGHT_PX


class _Probabilities(nn.Module):
    """The network as it is used: probabilities instead of logits."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, lines: Tensor) -> Tensor:
        return torch.softmax(self.network(lines), 2)


def trained(folder: Path) -> LineNet:
    """Average the weights at the ends of the last two cycles of the learning rate."""
    ends = [torch.load(path, weights_only=True)["average"] for path in sorted(folder.glob("cycle-*.pt"))[-2:]]
    names = [name for name in ends[-1] if name != "n_averaged"]
    weights = {name: sum(end[name] for end in ends) / len(ends) for name in names}
    network = LineNet()
    network.load_state_dict({name.removeprefix("module."): value for name, value in weights.items()})
    return network.eval()


def export(network: LineNet, path: Path) -> str:
    """Write the network for lines of any number and width; gives the file's SHA-256."""
    example = torch.zeros(1, 1, HEIGHT_PX, 256)
    axes = {"lines": {0: "n", 3: "width"}, "frames": {0: "n", 1: "frames"}}
    options = {"input_names": ["lines"], "output_names": ["frames"], "dynamic_axes": axes, "opset_version": 17}
    torch.onnx.export(_Probabilities(network).eval(), (example,), str(path), dynamo=False, **options)
    model = onnx.load(path)
    _halve(model)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _halve(model: onnx.ModelProto) -> None:
    """Keep weights as half-precision numbers that are widened when the network is loaded."""
    for weight in list(model.graph.initializer):
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < 64:
            continue
        half = numpy_helper.from_array(values.astype(np.float16), f"{weight.name}.half")
        model.graph.initializer.remove(weight)
        model.graph.initializer.append(half)
        widened = helper.make_node("Cast", [half.name], [weight.name], to=onnx.TensorProto.FLOAT)
        model.graph.node.insert(0, widened)
