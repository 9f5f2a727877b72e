"""Write what the loop benchmark's folder has from elsewhere: JSON Schemas, and the table of its README.

Run ``.venv/bin/python scripts/loop_benchmark.py`` after ``karez bench loop --reference …/reference.json``;
a test fails when a file is not what this writes.
"""

import json
import re
from pathlib import Path

from karez.bench.loop.format import InstanceFile, ResultFile, schema

FOLDER = Path(__file__).parent.parent / "benchmarks" / "loop"
_SCHEMAS = {"instance.schema.json": InstanceFile, "result.schema.json": ResultFile}
_HEADS = ("instance", "policy", "sorted", "exception", "recirculating", "mean laps", "in system", "makespan")


def made() -> dict[str, str]:
    """Text of each file, by its name."""
    schemas = {name: json.dumps(schema(kind), ensure_ascii=False, indent=1) + "\n" for name, kind in _SCHEMAS.items()}
    readme = (FOLDER / "README.md").read_text("utf-8")
    between = "<!-- reference -->\n" + reference_table() + "<!-- /reference -->"
    return {
        **schemas,
        "README.md": re.sub(r"<!-- reference -->.*<!-- /reference -->", between, readme, flags=re.DOTALL),
    }


def reference_table() -> str:
    """The reference results as a Markdown table."""
    reference = json.loads((FOLDER / "reference.json").read_text("utf-8"))
    rows = [_HEADS, ("---",) * len(_HEADS)]
    rows += [
        (
            *(f"`{name}`", policy, str(one["sorted"]), str(one["exception"])),
            f"{100 * one['recirculating_share']:.2f} %",
            f"{one['laps_mean']:.3f}",
            *(f"{one[field] / 1000:.1f} s" for field in ("in_system_ms", "makespan_ms")),
        )
        for name, each in reference.items()
        for policy, one in each["policies"].items()
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    for name, text in made().items():
        (FOLDER / name).write_text(text, "utf-8")
