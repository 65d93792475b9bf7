"""Measures talos-registry against what one would use instead: ``python benchmarks/run.py``.

Every command is a fresh process of the same Python; the commands take turns, and medians are compared. Only ratios are
judged: exit code 1 if one misses its gate. ``requirements/bench.txt`` has what must be installed beside the package.
"""

from __future__ import annotations

# What is imported here counts: a child process starts with the peak memory of its parent.
import argparse
import json
import os
import sys
import sysconfig
from pathlib import Path
from subprocess import DEVNULL, Popen, check_output, run
from tempfile import TemporaryDirectory, TemporaryFile
from time import perf_counter
from typing import Literal, NamedTuple

HERE = Path(__file__).parent
TOOL = (sys.executable, str(Path(sysconfig.get_path("scripts")) / "talos-registry"))
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


class Command(NamedTuple):
    """A command line to measure, what it reads; a slow one takes part in ``every`` so many rounds only."""

    arguments: tuple[str, ...]
    every: int = 1
    stdin: str = os.devnull


class Cost(NamedTuple):
    """What one command takes: the medians of its wall times and CPU times, in seconds, and of its peaks of memory, in KiB."""

    seconds: float
    cpu: float
    peak: float


class Row(NamedTuple):
    """A line of the table: a ratio, and what it is held against."""

    measure: str
    ratio: float
    bound: Literal[">=", "<="]
    gate: float
    goal: float

    def reaches(self, limit: float) -> bool:
        """Whether the ratio is on the right side of a limit."""
        return self.ratio >= limit if self.bound == ">=" else self.ratio <= limit

    @property
    def verdict(self) -> str:
        """The better of gate and goal that is reached, or ``FAILED``."""
        if not self.reaches(self.gate):
            return "FAILED"
        return "goal" if self.reaches(self.goal) else "gate"


def commands(inputs: Path, schema: Path) -> dict[str, Command]:
    """The commands by name: ours first, then the peers."""
    files = tuple(str(path) for path in sorted((inputs / "files").iterdir()))
    sizes = {"one": "one.yaml", "12": "small.yaml", "500": "500.yaml", "5000": "5000.yaml"}
    ours = {f"validate {size}": Command((*TOOL, "validate", str(inputs / name))) for size, name in sizes.items()}
    light: dict[str, tuple[str, ...]] = {"--help": ("--help",), "--version": ("--version",)}
    light["explain"] = ("explain", "doubled-v2")
    return {
        **ours,
        **linting(inputs, files),
        "validate files": Command((*TOOL, "validate", *files)),
        **{name: Command((*TOOL, *arguments)) for name, arguments in light.items()},
        "load 5000": Command((sys.executable, str(HERE / "peers" / "load.py"), str(inputs / "5000.yaml"))),
        "jsonschema 5000": Command(
            (sys.executable, str(HERE / "peers" / "jsonschema_validate.py"), str(schema), str(inputs / "5000.yaml")),
            every=8,
        ),
        "check-jsonschema files": Command(
            (sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), *files), every=3
        ),
        "pydantic and yaml": Command((sys.executable, "-c", "from pydantic import BaseModel; import yaml")),
        "click": Command((sys.executable, "-c", "import click")),
        **whole_configs(inputs),
    }


def whole_configs(inputs: Path) -> dict[str, Command]:
    """Whole machine configs: ours, then Talos' own code."""
    files = [str(path) for path in sorted((inputs / "fleet").iterdir())]
    request = inputs / "fleet.json"
    request.write_text(json.dumps({"op": "bench", "files": files}))
    return {
        "validate fleet": Command((*TOOL, "validate", *files), every=3),
        "Talos fleet": Command((of_newest_oracle("build"),), every=3, stdin=str(request)),
    }


def linting(inputs: Path, files: tuple[str, ...]) -> dict[str, Command]:
    """The commands that lint, if there are any."""
    listed = check_output([*TOOL, "--help"], env=ENVIRONMENT, text=True).splitlines()
    if not any(line.startswith("  lint ") for line in listed):
        return {}
    lint = (*TOOL, "lint", "--fail-on", "error")
    return {
        "lint 5000": Command((*lint, str(inputs / "5000.yaml"))),
        "lint files": Command((*lint, "--jobs", "1", *files)),
        "lint files, 2 jobs": Command((*lint, "--jobs", "2", *files)),
    }


def cost_of_one_run(command: Command) -> Cost:
    """What a single run takes; stops the benchmark if it fails, as then it did not do the work."""
    with TemporaryFile() as errors, open(command.stdin, "rb") as stdin:  # noqa: PTH123 - pathlib takes memory
        started = perf_counter()
        process = Popen(command.arguments, stdin=stdin, stdout=DEVNULL, stderr=errors, env=ENVIRONMENT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            said = errors.read().decode(errors="replace")[-2000:]
            sys.exit(f"exit code {process.returncode}: {' '.join(command.arguments)[:300]}\n{said}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def interleaved(rounds: int, entries: dict[str, Command]) -> dict[str, Cost]:
    """The cost of every command over ``rounds`` rounds, after a run of the quick ones that is not counted."""
    for command in entries.values():
        if command.every == 1:
            cost_of_one_run(command)
    samples: dict[str, list[Cost]] = {name: [] for name in entries}
    for number in range(rounds):
        for name, command in entries.items():
            if number % command.every == 0:
                samples[name].append(cost_of_one_run(command))
    return {name: Cost(*(median(values) for values in zip(*taken, strict=True))) for name, taken in samples.items()}


def median(values: tuple[float, ...]) -> float:
    """The middle value, the upper one of two."""
    return sorted(values)[len(values) // 2]


def plans_against_parsing(turns: int) -> float:
    """How many plans ``resolve`` makes while docker-image-py parses one reference."""
    script = str(HERE / "peers" / "plans.py")
    plans, parsed = check_output([sys.executable, script, str(turns)], env=ENVIRONMENT, text=True).split()
    return float(plans) / float(parsed)


def table(cost: dict[str, Cost], plans: float) -> list[Row]:
    """Every measure with its gate and its goal."""

    def times(peer: str, name: str) -> float:
        return cost[peer].seconds / cost[name].seconds

    start = cost["validate one"].seconds
    growth = (cost["validate 5000"].seconds - start) / (cost["validate 500"].seconds - start)
    light = ("--help", "--version", "explain")
    lint = {"5000": "lint 5,000 vs validate 5,000", "files": "lint 500 files vs validate 500 files"}
    return [
        Row("validate 5,000 vs CSafeLoader + jsonschema", times("jsonschema 5000", "validate 5000"), ">=", 30, 60),
        Row("validate 5,000 vs CSafeLoader alone", times("validate 5000", "load 5000"), "<=", 1.8, 0.8),
        Row("validate 500 files vs check-jsonschema", times("check-jsonschema files", "validate files"), ">=", 8, 15),
        Row(
            "validate 1,000 machine configs vs Talos' code, CPU",
            cost["validate fleet"].cpu / cost["Talos fleet"].cpu,
            "<=",
            1.6,
            1.0,
        ),
        Row("cold validate of 12 vs import BaseModel, yaml", times("validate 12", "pydantic and yaml"), "<=", 2.0, 1.2),
        *(
            Row(measure, times(f"lint {what}", f"validate {what}"), "<=", 2.5, 1.8)
            for what, measure in lint.items()
            if f"lint {what}" in cost
        ),
        *(Row(f"{name} vs import click", times(name, "click"), "<=", 1.5, 1.2) for name in light),
        Row("time(5,000) / time(500), start-up taken off", growth, "<=", 11, 10),
        Row("peak memory, 5,000 vs 12", cost["validate 5000"].peak / cost["validate 12"].peak, "<=", 1.6, 1.2),
        Row("resolve, 100 mirrors vs docker-image-py parsing", plans, ">=", 1, 3),
    ]


def report(cost: dict[str, Cost], rows: list[Row]) -> None:
    """Prints the medians, then the table."""
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores\n")
    for name, (seconds, cpu, peak) in cost.items():
        print(f"{name:<24}{seconds * 1000:>10.1f} ms{cpu * 1000:>10.1f} ms of CPU{peak / 1024:>9.1f} MiB")
    print(f"\n{'measure':<50}{'ratio':>9}{'gate':>10}{'goal':>10}  reached")
    for row in rows:
        limits = (f"{row.bound} {limit:g}" for limit in (row.gate, row.goal))
        print(f"{row.measure:<50}{row.ratio:>8.2f}x", *(f"{limit:>9}" for limit in limits), "", row.verdict)


def of_newest_oracle(what: Literal["build", "schema"]) -> str:
    """The path of its program, or of Talos' own JSON Schema in the Go module that it is built from."""
    program = f"from tests.oracle.oracle import TALOS_VERSIONS, {what}; print({what}(TALOS_VERSIONS[-1]))"
    return check_output([sys.executable, "-c", program], cwd=HERE.parent, text=True).strip()


def main() -> None:
    """Makes the inputs, measures, prints, and exits with 1 if a gate is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--schema", type=Path, help="Talos' own JSON Schema; by default that of the newest oracle")
    parser.add_argument("--rounds", type=int, default=21, help="default 21; slow peers take part in 7 and 3 of them")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        run([sys.executable, HERE / "inputs.py", folder], check=True)
        cost = interleaved(options.rounds, commands(Path(folder), options.schema or Path(of_newest_oracle("schema"))))
    rows = table(cost, plans_against_parsing(options.rounds))
    report(cost, rows)
    sys.exit(any(row.verdict == "FAILED" for row in rows))


if __name__ == "__main__":
    main()
