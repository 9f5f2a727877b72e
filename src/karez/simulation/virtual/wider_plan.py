"""A plan with more chutes: in place of each of a plan's come several, spread over the loop, to choose from."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Table = Mapping[str, Any]


def widen_plan(file: Path, each: int) -> None:
    """Write the plan anew with so many chutes in place of each; the exception chute stays one."""
    if each > 1:
        file.write_text(widened(tomllib.loads(file.read_text("utf-8")), each), "utf-8")


def widened(plan: Table, each: int) -> str:
    """Give the plan's text with the chutes K01, K01-2, K01-3 and so on in place of K01.

    Along the loop come the first of each chute, then the second of each. Which of a chute's is its row's best differs
    from chute to chute: were it always the first, all parcels would pass, and leave by, one stretch of the loop.
    """
    exception = plan["exception"]
    sorting = [chute for chute in plan["chutes"] if chute != exception]
    names = {chute: [chute, *(f"{chute}-{number}" for number in range(2, each + 1))] for chute in sorting}
    along = [names[chute][number] for number in range(each) for chute in sorting]
    best = {chute: names[chute][at % each :] + names[chute][: at % each] for at, chute in enumerate(sorting)}
    head = {**{name: plan[name] for name in plan if not _is_table(plan[name])}, "chutes": [*along, exception]}
    lines = _assigned(head)
    for name, value in plan.items():
        for table in value if isinstance(value, list) else [value]:
            if isinstance(table, dict):
                lines += ["", f"[[{name}]]" if isinstance(value, list) else f"[{name}]"]
                lines += _assigned(_wider(table, {**best, exception: [exception]}))
    return "\n".join(lines) + "\n"


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value))


def _wider(table: Table, names: Mapping[str, list[str]]) -> Table:
    """Name all of the first chute's, then all of each alternative's."""
    named = [table["chute"], *table.get("alternatives", ())] if "chute" in table else []
    wide = [name for chute in named for name in names[chute]]
    return {**table, "chute": wide[0], "alternatives": wide[1:]} if wide else table


def _assigned(table: Table) -> list[str]:
    """A text, a number, a truth value or a list of these is written in TOML as in JSON."""
    return [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in table.items()]
