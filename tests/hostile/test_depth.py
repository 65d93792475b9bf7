"""Nesting nearly as deep as this tool reads, for a caller that is deep itself: an answer, never a RecursionError."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from talos_registry import (
    MachineConfig,
    TalosRegistryError,
    apply_patches,
    emit,
    lint,
    make_patch,
    migrate,
    migration_patch,
    parse,
    redact,
    render_hosts,
)
from talos_registry.formatting import format_config
from talos_registry.schema import check_schema

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "talos.schema.json").read_text())
FRAMES, LEVELS = 400, 190
HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"
BASE = "machine:\n  type: worker\n  registries:\n    mirrors:\n      docker.io:\n        endpoints: [http://a]\n"


def block(line: str, step: int, levels: int) -> str:
    return "".join(f"\n{' ' * (2 + step * level)}{line}" for level in range(levels)) + " b"


VALUES = {
    "flow mappings": " " + "{a: " * LEVELS + "b" + "}" * LEVELS,
    "flow lists": " " + "[" * LEVELS + "b" + "]" * LEVELS,
    "flow keys": " " + "{? " * LEVELS + "b" + "}" * LEVELS,
    "flow lists of mappings": " " + "[{a: " * (LEVELS // 2) + "b" + "}]" * (LEVELS // 2),
    "flow lists as keys": " " + "{? [" * (LEVELS // 2) + "b" + "]}" * (LEVELS // 2),
    "block mappings": block("a:", 1, LEVELS),
    "block lists": "\n  " + "- " * LEVELS + "b",
    "block lists of mappings": block("- a:", 2, LEVELS // 2),
    "block keys": "\n  " + "? " * LEVELS + "b",
    "flow in block": block("a:", 1, LEVELS // 2).removesuffix("b") + "{a: " * (LEVELS // 2) + "b" + "}" * (LEVELS // 2),
}
TEXTS = {
    "unknown key": lambda value: f"{HEAD}x:{value}\n",
    "endpoints": lambda value: f"{HEAD}endpoints:{value}\n",
    "rest of the machine config": lambda value: BASE.replace("type: worker", f"env:{value}"),
    "other kind": lambda value: f"apiVersion: v1alpha1\nkind: SysctlConfig\nparams:{value}\n",
    "unknown root key": lambda value: f"machine: {{}}\nx:{value}\n",
}
OPERATION: dict[str, Any] = {"op": "add", "path": "/machine/registries/mirrors/x"}
for _ in range(LEVELS):
    OPERATION = {**OPERATION, "value": {"a": OPERATION.get("value", "b")}}

CALLS: dict[str, Callable[[MachineConfig], object]] = {
    "parse": lambda config: config.diagnostics,
    "registries": lambda config: (config.documents, render_hosts(config.registries)),
    "emit": lambda config: emit(config.documents),
    "lint": lint,
    "lint --merge": lambda config: lint([parse(BASE), config]),
    "check_schema": lambda config: check_schema(config, SCHEMA),
    "fmt": format_config,
    "redact": redact,
    "migrate": migrate,
    "migration_patch": migration_patch,
    "patch it": lambda config: apply_patches(config, [f"{HEAD}endpoints: [{{url: http://z}}]\n"]),
    "patch with it": lambda config: apply_patches(parse(BASE), [config.text]),
    "patch it with JSON": lambda config: apply_patches(config, [json.dumps([OPERATION])]),
    "make a patch": lambda config: make_patch(parse(BASE), config),
    "make a patch beside it": lambda config: make_patch(config, parse(config.text.replace("http://a", "http://b"))),
}


def deep(frames: int, run: Callable[[], object]) -> object:
    return deep(frames - 1, run) if frames else run()


@pytest.mark.parametrize("place", TEXTS)
@pytest.mark.parametrize("shape", VALUES)
def test_a_deep_caller_gets_an_answer_about_deep_text(shape: str, place: str) -> None:
    text = TEXTS[place](VALUES[shape])
    for call in CALLS.values():
        with suppress(TalosRegistryError):  # a refusal is an answer
            deep(FRAMES, lambda call=call: call(parse(text)))  # type: ignore[misc]  # mypy knows no defaults of lambdas


@pytest.mark.parametrize("link", ["{<<: *a#N}", "{<<: [*a#N]}", "[*a#N]", "{k: *a#N}", "{? *a#N : b}"])
@pytest.mark.parametrize("talos_version", ["1.12", "1.13", "1.14"])
def test_a_long_chain_of_aliases_has_an_end(link: str, talos_version: str) -> None:
    chain = "".join(f"- &a{number} {link.replace('#N', str(number - 1))}\n" for number in range(1, 3000))
    text = f"{HEAD}x:\n- &a0 {{url: http://a}}\n{chain}endpoints:\n- *a2999\n- {{<<: *a2999}}\n"
    config = deep(FRAMES, lambda: parse(text, talos_version=talos_version))
    assert isinstance(config, MachineConfig)
    codes = {diagnostic.code for diagnostic in config.diagnostics}
    assert ("limit-exceeded" in codes) == ("<<" in link)


@pytest.mark.parametrize("shape", ["{a: ", "["])
def test_flow_style_just_below_the_limit_is_written(shape: str) -> None:
    close = "}" if shape == "{a: " else "]"
    value = shape * 197 + "b" + close * 197
    error_text = parse(f"{HEAD}x: {value}\n").talos_error
    assert error_text is not None
    assert f"x: {value}" in error_text
