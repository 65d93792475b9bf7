"""Measures how the time of each command grows with its input: ``python benchmarks/growth.py [--small]``.

Each dimension is an input of n and of 10 n of something; what next to nothing of it takes is taken off both. The table has
time(10 n) / time(n) and the exponent of n. Exit code 1 if a ratio is beyond 12, or with ``--small`` (for CI: smaller
inputs, and only commands that have something to do with what there is more of) beyond 20.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from functools import _lru_cache_wrapper
from io import BytesIO, TextIOWrapper
from itertools import product
from math import log10
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

sys.path.insert(0, str(Path(__file__).parents[1]))  # what is measured is the package beside this file

GATE, SMALL_GATE = 12, 20
FACTOR = 10
MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: {}\n"
AUTH = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: h{}:5000\nusername: u\npassword: p{}\n"


class Files(NamedTuple):
    """A config, another one to compare with, the patches of the config, and the images that its nodes pull."""

    config: str
    other: str
    patches: tuple[str, ...]
    images: tuple[str, ...] = ("nginx",)


class Dimension(NamedTuple):
    """Something there can be more of; ``size`` is the smaller number of it, with ``--small`` a quarter of that.

    ``concerns``: how the commands begin that are measured with ``--small``.
    """

    name: str
    size: int
    files: Callable[[int], Files]
    concerns: tuple[str, ...]


def documents(number: int) -> Files:
    """Mirrors and credentials, each a document of its own."""
    text = "---\n".join(
        _mirror(f"h{at}:5000", [f"https://m{at}.example/v2/x"]) + "---\n" + AUTH.format(at, at)
        for at in range(number // 2)
    )
    return Files(text, text.replace("/v2/x", "/v2/y"), (text.replace("/v2/x", "/v2/z"),))


def findings_in_a_list(number: int) -> Files:
    """Endpoints in a block list, each of which is refused."""
    return _one_mirror(f"  - url: bad{at}\n" for at in range(number))


def findings_on_a_line(number: int) -> Files:
    """Endpoints in a flow list, each of which is refused."""
    text = MIRROR.format("a.b") + "endpoints: [" + ", ".join(f"{{url: bad{at}}}" for at in range(number)) + "]\n"
    return Files(text, text.replace("bad", "worse"), (text,))


def endpoints(number: int) -> Files:
    """Endpoints in a list, all different."""
    return _one_mirror(f"  - url: http://m{at}.example\n" for at in range(number))


def equal_endpoints(number: int) -> Files:
    """Endpoints in a list, all the same."""
    return _one_mirror("  - url: http://m.example\n" for _ in range(number))


def alternating_endpoints(number: int) -> Files:
    """Two endpoints in turn; the other config begins with the second."""
    first, second = (
        "".join(f"  - url: http://{'ab'[(at + shift) % 2]}.example\n" for at in range(number)) for shift in (0, 1)
    )
    head = MIRROR.format("a.b") + "endpoints:\n"
    return Files(head + first, head + second, (head + second,))


def mirrors_on_a_host(number: int) -> Files:
    """Mirrors whose endpoints are all on one host."""
    text = "---\n".join(_mirror(f"h{at}:5000", ["http://cache.example:5000"]) for at in range(number))
    return Files(text, text.replace("cache", "other"), (text.replace("cache", "third"),))


def patches(number: int) -> Files:
    """Patch files that each add a document."""
    config = _mirror("a.b", ["http://a"])
    return Files(config, config, tuple(_mirror(f"h{at}:5000", ["http://a"]) for at in range(number)))


def patch_documents(number: int) -> Files:
    """A patch file that adds many documents."""
    config = _mirror("a.b", ["http://a"])
    text = "---\n".join(_mirror(f"h{at}:5000", ["http://a"]) for at in range(number))
    return Files(config, f"{config}---\n{text}", (text,))


def patches_of_two_sorts(number: int) -> Files:
    """Patch files that change one document, JSON Patches and strategic merge patches in turn."""
    config = _mirror("a.b", ["http://a"])
    sorts = (
        "- {{op: replace, path: /endpoints/0/url, value: 'http://m{}'}}\n",
        MIRROR.format("a.b") + "skipFallback: {}\n",
    )
    values = (str, lambda at: "true" if at % 4 == 1 else "false")
    return Files(config, config, tuple(sorts[at % 2].format(values[at % 2](at)) for at in range(number)))


def patches_of_a_list(number: int) -> Files:
    """Patch files that each add an endpoint to one mirror."""
    config = _mirror("a.b", ["http://a"])
    return Files(config, config, tuple(_mirror("a.b", [f"http://m{at}.example"]) for at in range(number)))


def patches_of_the_legacy_section(number: int) -> Files:
    """Patch files that each add a mirror to the legacy section."""
    entry = "machine: {{registries: {{mirrors: {{'h{0}:5000': {{endpoints: ['http://m{0}']}}}}}}}}\n"
    config = f"version: v1alpha1\n{entry.format('a')}"
    return Files(config, config, tuple(entry.format(at) for at in range(number)))


def images_and_mirrors(number: int) -> Files:
    """Mirrors, and images from other registry hosts, all of one domain."""
    text = "---\n".join(_mirror(f"mirror{_word(at)}.example:5000", [f"http://m{at}"]) for at in range(number))
    images = tuple(f"registry{_word(at)}.example:5000/team/app:1" for at in range(number))
    return Files(text, text.replace("//m", "//n"), (text.replace("//m", "//o"),), images)


def legacy_entries(number: int) -> Files:
    """Mirrors and credentials in the legacy section."""
    mirrors = "".join(f"      h{at}:5000:\n        endpoints: [http://m{at}.example]\n" for at in range(number // 2))
    config = "".join(
        f"      h{at}:5000:\n        auth: {{username: u, password: p{at}}}\n" for at in range(number // 2)
    )
    text = f"version: v1alpha1\nmachine:\n  registries:\n    mirrors:\n{mirrors}    config:\n{config}"
    return Files(text, text.replace("//m", "//n"), (text.replace("//m", "//o"),))


def comments(number: int) -> Files:
    """Comments in every place of a document."""
    lines = "".join(f"  # c{at}\n  - url: http://m{at}.example  # d{at}\n" for at in range(number // 100))
    text = "# x\n" * number + MIRROR.format("a.b") + "# y\n" * number + f"endpoints:\n{lines}"
    return Files(text, text.replace("example", "other"), (_mirror("a.b", ["http://new"]),))


def other_keys(number: int) -> Files:
    """Keys in a whole config that are none of ours."""
    keys = "".join(f"    key{at}: value{at}\n" for at in range(number))
    text = f"machine:\n  sysctls:\n{keys}  registries:\n    mirrors: {{a.b: {{endpoints: [http://a]}}}}\n"
    return Files(
        text, text.replace("//a", "//b"), ("machine:\n  registries:\n    mirrors: {c.d: {endpoints: [http://c]}}\n",)
    )


def long_text(number: int) -> Files:
    """One long value."""
    text = _mirror("a.b", [f"http://m.example/{'x' * number}"])
    return Files(text, text.replace("m.example", "n.example"), (text,))


def _word(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "abcdefghij"))


def _mirror(name: str, urls: Iterable[str]) -> str:
    return MIRROR.format(name) + "endpoints:\n" + "".join(f"  - url: {url}\n" for url in urls)


def _one_mirror(items: Iterable[str]) -> Files:
    text = MIRROR.format("a.b") + "endpoints:\n" + "".join(items)
    return Files(text, text.replace("example", "other").replace("bad", "worse"), (text,))


WRITES = ("lint FILE --fix", "fmt FILE --diff", "redact FILE", "migrate FILE --diff", "new")
"""Commands that go through all of a file, and look at what they have made of it."""

DIMENSIONS = (
    Dimension(
        "documents",
        200,
        documents,
        ("validate FILE --format text", "lint --merge", "patch", "resolve", "hosts", *WRITES),
    ),
    Dimension("findings in a list", 400, findings_in_a_list, ("validate",)),
    Dimension("findings on a line", 200, findings_on_a_line, ("validate FILE --format text", "lint FILE --fix")),
    Dimension("endpoints", 400, endpoints, ("lint FILE", "patch", "resolve", "hosts", *WRITES)),
    Dimension("equal endpoints", 200, equal_endpoints, ("lint", "patch make", "fmt FILE --diff")),
    Dimension("alternating endpoints", 200, alternating_endpoints, ("lint FILE --diff", "patch make", "patch check")),
    Dimension("mirrors on a host", 200, mirrors_on_a_host, ("lint FILE", "resolve", "hosts")),
    Dimension("patches", 40, patches, ("lint --merge", "patch apply", "patch check")),
    Dimension("documents of a patch", 80, patch_documents, ("lint --merge", "patch make", "patch apply")),
    Dimension("patches of two sorts", 40, patches_of_two_sorts, ("lint --merge", "patch apply")),
    Dimension("patches of a list", 40, patches_of_a_list, ("lint --merge", "patch apply", "patch check")),
    Dimension("patches of legacy entries", 40, patches_of_the_legacy_section, ("lint --merge", "patch apply")),
    Dimension("images and mirrors", 200, images_and_mirrors, ("lint FILE IMAGES",)),
    Dimension("legacy entries", 200, legacy_entries, ("lint FILE", "patch", "migrate", "redact FILE")),
    Dimension("comments", 4000, comments, ("validate FILE --format text", "patch apply", "migrate FILE --to", *WRITES)),
    Dimension("other keys", 800, other_keys, ("validate FILE --format text", "patch", "migrate FILE --to")),
    Dimension("long text", 40000, long_text, ("validate FILE --format text", "patch make", *WRITES)),
)

COMMANDS = (
    *(f"validate FILE --format {name}" for name in ("text", "json", "github", "sarif", "junit")),
    *(
        "lint FILE",
        "lint FILE IMAGES",
        "lint --merge FILE PATCHES",
        "lint FILE --fix --unsafe",
        "lint FILE --diff --unsafe",
    ),
    *("fmt FILE", "fmt FILE --check", "fmt FILE --diff", "redact FILE", "redact FILE --check"),
    *("patch make FILE OTHER", "patch apply FILE PATCHES", "patch check FILE PATCHES"),
    *("migrate FILE", "migrate FILE --diff", "migrate FILE --to legacy", "migrate FILE --patch"),
    *("resolve nginx a.b/c -f FILE", "resolve nginx a.b/c -f FILE --format json", "hosts -f FILE"),
    "new mirror new.example http://new.example -a FILE",
)
"""What is measured; ``FILE``, ``OTHER``, ``PATCHES`` and ``IMAGES`` stand for what a dimension has of them."""


class Growth(NamedTuple):
    """What ten times as much of a dimension does to a command; seconds without what next to nothing of it takes."""

    command: str
    dimension: str
    size: int
    seconds: float
    more_seconds: float

    @property
    def ratio(self) -> float:
        """time(10 n) / time(n)."""
        return self.more_seconds / self.seconds

    @property
    def exponent(self) -> float:
        """The power of n that the time grows with."""
        return log10(max(self.ratio, 0.1))


LEAST = 0.004
"""Seconds below which a time says nothing: a shorter one counts as this long, and a ratio can only be smaller for it."""


def measured(pairs: Iterable[tuple[Dimension, str]], share: int) -> Iterator[Growth]:
    """The growth of commands in dimensions; a size is a ``share``-th of the usual one. Takes all cores."""
    with ProcessPoolExecutor() as pool:
        yield from pool.map(growth, *zip(*((*pair, share) for pair in pairs), strict=True))


def growth(dimension: Dimension, command: str, share: int) -> Growth:
    """How the time of a command grows: measured again while the ratio is near the gate, as other processes disturb."""
    with TemporaryDirectory() as name:
        os.chdir(name)
        for _ in range(TURNS):
            measured_once = _growth(dimension, command, Path(name), max(dimension.size // share, 4))
            if not GATE < measured_once.ratio < GATE * 3:
                break
        os.chdir("/")
    return measured_once


def _growth(dimension: Dimension, command: str, folder: Path, size: int) -> Growth:
    """One measurement, each time being the least of some turns: other processes can only add to it."""
    base = seconds_of(command, dimension.files(LITTLE), folder, 3)
    less = seconds_of(command, dimension.files(size), folder, 5) - base
    more = seconds_of(command, dimension.files(size * FACTOR), folder, 2) - base
    return Growth(command, dimension.name, size, max(less, LEAST), max(more, LEAST))


LITTLE = 2
"""Of what start-up is measured with: the least of which every dimension makes something."""

TURNS = 4
"""How often a pair is measured at most while its ratio is near the gate."""


def seconds_of(command: str, files: Files, folder: Path, turns: int) -> float:
    """The least CPU time of some turns of a command in this process, the files made anew for each."""
    return min(_turn(command, files, folder) for _ in range(turns))


def _turn(command: str, files: Files, folder: Path) -> float:
    from talos_registry.cli import main

    (folder / "a.yaml").write_text(files.config)
    (folder / "b.yaml").write_text(files.other)
    names = [f"patch{number}.yaml" for number in range(len(files.patches))]
    for name, patch in zip(names, files.patches, strict=True):
        (folder / name).write_text(patch)
    stands_for = {"FILE": ["a.yaml"], "OTHER": ["b.yaml"], "PATCHES": names}
    stands_for["IMAGES"] = [f"--image={image}" for image in files.images]
    arguments = [argument for word in command.split() for argument in stands_for.get(word, [word])]
    gc.collect()
    _forget()
    started = process_time()
    with redirect_stdout(TextIOWrapper(BytesIO())), redirect_stderr(TextIOWrapper(BytesIO())):
        try:
            main(arguments)
        except SystemExit as end:
            if end.code not in {None, 0, 1}:
                raise
    seconds = process_time() - started
    gc.enable()
    return seconds


def _forget() -> None:
    """Empty the library's caches, as at the start of a process: a turn must not find what an earlier one has read."""
    for one in gc.get_objects():
        if isinstance(one, _lru_cache_wrapper) and one.__module__.startswith("talos_registry."):
            one.cache_clear()


def main() -> None:
    """Measures, prints the table, and exits with 1 if a ratio is beyond the gate."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", action="store_true", help="fewer pairs, a quarter of each input, and a gate of 20")
    parser.add_argument("--command", default="", help="only commands that begin like this")
    parser.add_argument("--dimension", default="", help="only dimensions that begin like this")
    options = parser.parse_args()
    gate, share = (SMALL_GATE, 4) if options.small else (GATE, 1)
    pairs = [
        (dimension, command)
        for dimension, command in product(DIMENSIONS, COMMANDS)
        if dimension.name.startswith(options.dimension)
        and command.startswith(options.command)
        and (command.startswith(dimension.concerns) or not options.small)
    ]
    failed = []
    print(f"{'command':<52}{'dimension':<26}{'n':>7}{'time(n)':>10}{'time(10n)':>11}{'ratio':>8}{'exponent':>10}")
    for row in measured(pairs, share):
        is_beyond = row.ratio > gate
        failed += [row] if is_beyond else []
        print(
            f"{row.command:<52}{row.dimension:<26}{row.size:>7}{row.seconds * 1000:>8.1f}ms"
            f"{row.more_seconds * 1000:>9.1f}ms{row.ratio:>8.1f}{row.exponent:>10.2f}"
            f"{'  FAILED' if is_beyond else ''}",
            flush=True,
        )
    print(f"\n{len(failed)} of {len(pairs)} beyond the gate of {gate}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
