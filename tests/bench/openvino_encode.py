"""Times a package's image and features graphs in OpenVINO, float32: each line of stdin asks for one encoding, one line of
stdout gives its milliseconds. The arguments are the package, the grid's rows and columns, and the number of threads.

The plain graphs are used: OpenVINO has no com.microsoft operators and fuses attention itself."""

import json
import sys
import time
from pathlib import Path

import numpy as np
import openvino

package, rows, columns, threads = Path(sys.argv[1]), *map(int, sys.argv[2:5])
manifest = json.loads((package / "manifest.json").read_text())
config = manifest["config"]
core = openvino.Core()
settings = {
    "INFERENCE_NUM_THREADS": threads,
    "PERFORMANCE_HINT": "LATENCY",
    "NUM_STREAMS": 1,
    "INFERENCE_PRECISION_HINT": "f32",
    "ENABLE_CPU_PINNING": False,
}


def compiled(role: str) -> openvino.CompiledModel:
    graph = manifest["graphs"][role]
    return core.compile_model(package / graph.get("plainFile", graph["file"]), "CPU", settings)


image, features = compiled("image"), compiled("features")
count = rows * columns
half = config["hidden_size"] // config["num_attention_heads"] // 2
angles = np.random.default_rng(0).random((count + 2, half), dtype=np.float32)
inputs = {
    "patches": np.random.default_rng(1).random((count, 3 * config["patch_size"] ** 2), dtype=np.float32),
    "prompt_index": np.full(count, -2, np.int64),
    "cos": np.cos(angles),
    "sin": np.sin(angles),
}
for _ in sys.stdin:
    start = time.perf_counter()
    states = image(inputs)["states"]
    features({"states": states, "grid": np.array([rows, columns], np.int64)})
    print(1000 * (time.perf_counter() - start), flush=True)
