"""Finds and runs the benchmarks of a checkout's `bench/`; an installed wheel has none.

Decides which modules count: those without a leading underscore. What is measured is theirs.
"""

import subprocess
import sys
from pathlib import Path

from typer import echo

CHECKOUT = Path(__file__).parents[1]


def run_benchmarks(names: list[str], every: bool, checkout: Path = CHECKOUT) -> int:
    """Run those named, or all, one after the other, or list them; the first failure's exit code, else 0."""
    present = sorted(p.stem for p in (checkout / "bench").glob("*.py") if p.stem[0] != "_")
    if unknown := set(names) - set(present):
        echo(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {present}.", err=True)
        return 2
    chosen = present if every else names
    if not chosen:
        echo("\n".join(present) or f"There are no benchmarks in {checkout / 'bench'}.")
    codes = [
        subprocess.run(
            [sys.executable, "-m", f"bench.{name}"], cwd=checkout, check=False
        ).returncode
        for name in chosen
    ]
    return next(filter(None, codes), 0)
