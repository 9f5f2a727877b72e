"""Run a neural network on one thread: OpenVINO first, onnxruntime as the spare."""

import os
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from karez.domain.errors import MissingPart
from karez.reading import weights

Engine = Literal["auto", "openvino", "onnxruntime"]
Tensor = npt.NDArray[np.float32]


class Network(Protocol):
    """A compiled network with one input and one output."""

    engine: str

    def __call__(self, batch: Tensor) -> Tensor:
        """Run it on one batch (n × channels × height × width)."""
        ...


def load(weight: weights.Weight, engine: Engine) -> Network:
    """Compile a pinned network.

    Raises
    ------
    MissingPart
        If the weights or the engine asked for are not installed.
    """
    return compiled(weights.content(weight), engine)


def compiled(data: bytes, engine: Engine) -> Network:
    """Compile the bytes of an ONNX file.

    Raises
    ------
    MissingPart
        If the engine asked for is not installed.
    """
    if engine != "onnxruntime":
        try:
            return _OpenVino(data)
        except ImportError:
            if engine == "openvino":
                raise MissingPart("OpenVINO", weights.ADVICE) from None
    try:
        return _OnnxRuntime(data)
    except ImportError:
        raise MissingPart("onnxruntime", "run `make setup` (it installs requirements/runtime.txt)") from None


def keep_onnxruntime_to_itself() -> None:
    """Switch its telemetry off; to be called before it is imported.

    Since 1.29 the released builds for Linux send names and hashes of models to their maker, and leave an identifier in
    the home folder, unless this variable is set (onnxruntime pull request 27379). A hub tells nobody what it reads.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


class _OpenVino:
    engine = "openvino"

    def __init__(self, data: bytes) -> None:
        import openvino  # imported late: it takes 0.2 s, and codes alone do not need it

        core = openvino.Core()
        model = core.read_model(data)
        options: dict[str, Any] = {
            "INFERENCE_NUM_THREADS": 1,
            "NUM_STREAMS": 1,
            "PERFORMANCE_HINT": "LATENCY",
            # Left on, every process binds its thread to the first core: two workers then share one (2 × 53 %, seen).
            "ENABLE_CPU_PINNING": False,
            # Every width of a text line is another shape; without a larger cache each change recompiles its kernels.
            "CPU_RUNTIME_CACHE_CAPACITY": 10_000,
        }
        if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            options["INFERENCE_PRECISION_HINT"] = "bf16"
        self._request = core.compile_model(model, "CPU", options).create_infer_request()

    def __call__(self, batch: Tensor) -> Tensor:
        return np.asarray(next(iter(self._request.infer([batch]).values())), dtype=np.float32)


class _OnnxRuntime:
    engine = "onnxruntime"

    def __init__(self, data: bytes) -> None:
        keep_onnxruntime_to_itself()
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def __call__(self, batch: Tensor) -> Tensor:
        return np.asarray(self._session.run(None, {self._input: batch})[0], dtype=np.float32)
