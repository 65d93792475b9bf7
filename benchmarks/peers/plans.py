"""Plans a second against references parsed a second, by turns in one process.

Prints the median number of each, ours first. Every turn takes references that were not seen before, so that no cache
of answers counts.
"""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING

from docker_image import reference as docker_image

from talos_registry import parse, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

MIRRORS = 100
REFERENCES = 5_000
CONFIG = "---\n".join(
    f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: r{number}.example\nendpoints:\n"
    f"  - url: https://cache-a.example:5000\n  - url: https://harbor.example/v2/r{number}\n    overridePath: true\n"
    for number in range(MIRRORS)
)
registries = parse(CONFIG).registries


def references(turn: int) -> list[str]:
    """Images of every mirror in turn, no two alike in a whole run."""
    return [f"r{number % MIRRORS}.example/team-{turn}/app-{number}:v1.{number}" for number in range(REFERENCES)]


def plan_all(texts: list[str]) -> int:
    """The number of attempts to pull each image."""
    return sum(len(resolve(text, registries, puller="talos").attempts) for text in texts)


def parse_all(texts: list[str]) -> int:
    """The number of images that have a tag, as docker-image-py reads them."""
    return sum(docker_image.Reference.parse_normalized_named(text)["tag"] is not None for text in texts)


def per_second(work: Callable[[list[str]], int], texts: list[str], expected: int) -> float:
    """How many references a second the work gets through."""
    started = perf_counter()
    result = work(texts)
    seconds = perf_counter() - started
    if result != expected:
        sys.exit(f"{work.__name__} gave {result}, not {expected}")
    return len(texts) / seconds


def main(turns: int) -> None:
    """Prints the two medians."""
    plans, parsed = [], []
    for turn in range(turns):
        texts = references(turn)
        plans.append(per_second(plan_all, texts, 3 * REFERENCES))
        parsed.append(per_second(parse_all, texts, REFERENCES))
    print(sorted(plans)[turns // 2], sorted(parsed)[turns // 2])


if __name__ == "__main__":
    main(int(sys.argv[1]))
