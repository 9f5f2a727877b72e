"""Write the JSON Schemas of the loop benchmark's files; a test fails when one is not what this writes.

Run ``.venv/bin/python scripts/loop_schemas.py``.
"""

import json
from pathlib import Path

from karez.bench.loop.format import InstanceFile, ResultFile, schema

FOLDER = Path(__file__).parent.parent / "benchmarks" / "loop"
SCHEMAS = {"instance.schema.json": InstanceFile, "result.schema.json": ResultFile}


def schema_text(name: str) -> str:
    """What a schema's file must hold."""
    return json.dumps(schema(SCHEMAS[name]), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for name in SCHEMAS:
        (FOLDER / name).write_text(schema_text(name), "utf-8")
