"""Commands that change configs take their time by the size of what they are given: ten times as much, ten times as long."""

from __future__ import annotations

import gc
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from talos_registry.cli import _cli

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Run = tuple[list[str], dict[str, str]]

LIMIT = 20  # what grows as the square takes a hundred times as long; the rest is for the noise of small inputs
HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\n"


@pytest.fixture(autouse=True)
def no_collections() -> Iterator[None]:
    """Whether Python looks for garbage just now is not what is measured."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def mirror(name: str, endpoints: list[str]) -> str:
    return f"{HEAD}name: {name}\nendpoints:\n" + "".join(f"  - url: https://{host}\n" for host in endpoints)


def hosts(count: int, letter: str = "m", step: int = 1) -> list[str]:
    return [f"{letter}{number}.example" for number in range(0, count, step)]


def mirrors(count: int, letter: str = "m") -> str:
    return "---\n".join(mirror(name, [f"{letter}.example"]) for name in hosts(count, "r"))


def legacy(count: int, letter: str = "m") -> str:
    entries = "".join(
        f"      {name}: # why\n        endpoints: [https://{letter}.example]\n" for name in hosts(count, "r")
    )
    return f"machine:\n  type: worker\n  registries:\n    mirrors:\n{entries}"


def chained(count: int) -> str:
    """Entries of which each refers to the one before, and something else to the last."""
    names = ("".join(f"*a{number - 1}, " for _ in range(number > 0)) + f"&a{number}" for number in range(count))
    entries = "".join(
        f"      r{number}.example:\n        endpoints: [{anchors} https://m.example]\n"
        for number, anchors in enumerate(names)
    )
    return f"machine:\n  registries:\n    mirrors:\n{entries}  x: *a{count - 1}\n"


def auths(count: int) -> str:
    head = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: "
    return "---\n".join(f"{head}{name}\npassword: of-{name} # not of-r0.example\n" for name in hosts(count, "r"))


def patch(base: str, *patches: str, command: str = "apply") -> Run:
    names = [f"patch{number}" for number in range(len(patches))]
    return ["patch", command, "base", *names], {"base": base, **dict(zip(names, patches, strict=True))}


def deletions(count: int) -> str:
    return "---\n".join(f"{HEAD}name: {name}\n$patch: delete\n" for name in hosts(count, "r"))


def one_file(*command: str) -> Callable[[str], Run]:
    return lambda text: ([*command, "base"], {"base": text})


CASES: dict[str, tuple[int, Callable[[int], Run]]] = {
    "apply to many documents": (60, lambda n: patch(mirrors(n), mirrors(n, "z"))),
    "apply many new documents": (60, lambda n: patch(mirrors(1), mirrors(n).replace("name: r", "name: q"))),
    "apply to many endpoints": (200, lambda n: patch(mirror("r", hosts(n)), mirror("r", hosts(n, "z")))),
    "apply to many entries": (100, lambda n: patch(legacy(n), legacy(n, "z").replace("  type: worker\n", ""))),
    "apply many deletions": (60, lambda n: patch(mirrors(n + 1), deletions(n))),
    "apply many patches": (20, lambda n: patch(mirrors(1), *[mirror("r0.example", [host]) for host in hosts(n)])),
    "apply many patches with new documents": (
        40,
        lambda n: patch(mirrors(1), *[mirror(name, ["m.example"]) for name in hosts(n, "q")]),
    ),
    "make of alternating endpoints": (
        100,
        lambda n: (["patch", "make", "a", "b"], {"a": mirror("r", hosts(n)), "b": mirror("r", hosts(n, step=2))}),
    ),
    "make of many documents": (40, lambda n: (["patch", "make", "a", "b"], {"a": mirrors(n), "b": mirrors(n, "z")})),
    "make of many entries": (40, lambda n: (["patch", "make", "a", "b"], {"a": legacy(n), "b": legacy(n, "z")})),
    "fmt of many documents": (60, lambda n: one_file("fmt", "--check")(mirrors(n))),
    "fmt of many endpoints": (200, lambda n: one_file("fmt", "--check")(mirror("r", hosts(n)))),
    "fmt --diff of many documents": (60, lambda n: one_file("fmt", "--diff")(mirrors(n))),
    "fmt --diff of equal lines": (200, lambda n: one_file("fmt", "--diff")(mirror("r", ["m.example"] * n))),
    "migrate --diff": (60, lambda n: one_file("migrate", "--diff")(legacy(n))),
    "migrate to documents": (60, lambda n: one_file("migrate")(legacy(n))),
    "migrate to the legacy section": (60, lambda n: one_file("migrate", "--to", "legacy")(mirrors(n))),
    "migrate entries that refer to each other": (200, lambda n: one_file("migrate")(chained(n))),
    "redact many secrets": (100, lambda n: one_file("redact")(auths(n))),
    "redact --check of many secrets": (100, lambda n: one_file("redact", "--check")(auths(n))),
    "new -a": (60, lambda n: one_file("new", "mirror", "new.example", "https://m.example", "--append")(mirrors(n))),
}


@pytest.mark.parametrize("case", CASES)
def test_time_grows_as_the_input_does(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    count, run = CASES[case]

    def seconds(size: int, times: int) -> float:
        command, files = run(size)
        taken = []
        for _ in range(times):
            for name, text in files.items():
                Path(name).write_text(text, encoding="utf-8")
            start = time.process_time()
            result = CliRunner().invoke(_cli, command, prog_name="talos-registry")
            taken.append(time.process_time() - start)
            assert isinstance(result.exception, SystemExit | None)
            assert result.exit_code < 2
        return min(taken)

    seconds(3, 1)
    assert seconds(10 * count, 1) <= LIMIT * seconds(count, 3)
