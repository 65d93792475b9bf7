"""Configs as deep as this tool reads, edited by a caller that is deep in calls itself: no edit runs out of stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talos_registry import MachineConfig, apply_patches, make_patch, migrate, migration_patch, parse, redact
from talos_registry.formatting import format_config
from talos_registry.limits import MAX_DEPTH, MAX_VALUE_DEPTH
from talos_registry.patching.effects import effects
from talos_registry.redaction import find_secrets

if TYPE_CHECKING:
    from collections.abc import Callable

LEVELS, DECODED_LEVELS = MAX_DEPTH - 10, MAX_VALUE_DEPTH - 5
FRAMES = 400


def deep(kind: str, levels: int) -> str:
    blocks = "".join(f"\n{' ' * level}a: # c" for level in range(8, levels + 8)) + " 1\n"
    return {
        "mappings": f" {'{a: ' * levels}1{'}' * levels}\n",
        "lists": f" {'[' * levels}1{']' * levels}\n",
        "keys": f" {'{? ' * levels}1{'}' * levels}\n",
        "blocks": blocks,
        "dashes": f"\n        {'- ' * levels}1\n",
    }[kind]


DEEP = ("blocks", "dashes", "keys", "lists", "mappings")
MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a\nendpoints: [{url: http://a}]\n"
REGISTRIES = "  registries:\n    mirrors:\n      b: {endpoints: [http://b]}\n"
EDITS: dict[str, Callable[[MachineConfig, MachineConfig], object]] = {
    "redact": lambda config, _: redact(config),
    "redact --check": lambda config, _: find_secrets(config),
    "fmt": lambda config, _: format_config(config),
    "migrate": lambda config, _: migrate(config),
    "migrate --to legacy": lambda config, _: migrate(config, to="legacy"),
    "migrate --patch": lambda config, _: migration_patch(config),
    "patch": lambda config, _: apply_patches(config, [f"machine:\n{REGISTRIES}---\n{MIRROR}"]),
    "patch of deletions": lambda config, _: apply_patches(config, ["machine:\n  registries: {$patch: delete}\n"]),
    "patch with as deep a part": lambda config, other: apply_patches(config, [other.text]),
    "make": make_patch,
    "effects": effects,
}


def called_from(frames: int, function: Callable[[], object]) -> object:
    return called_from(frames - 1, function) if frames else function()


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("kind", [kind for kind in DEEP if kind != "keys"])
def test_what_is_deep_is_edited_by_a_caller_that_is_deep(kind: str, edit: str) -> None:
    edited(decoded(deep(kind, DECODED_LEVELS)), edit, talos_version="1.14")


@pytest.mark.parametrize("kind", [kind for kind in DEEP if kind != "keys"])
def test_values_of_any_shape_have_a_depth_of_their_own(kind: str) -> None:
    text = decoded(deep(kind, MAX_VALUE_DEPTH))
    diagnostics = called_from(FRAMES, lambda: parse(text).diagnostics)
    assert [diagnostic.code for diagnostic in diagnostics] == ["limit-exceeded"]  # type: ignore[attr-defined]


def decoded(part: str) -> str:
    return f"machine:\n  type: worker\n{REGISTRIES}  kubelet:\n    extraConfig:\n      x:{part}---\n{MIRROR}"


@pytest.mark.parametrize("edit", [edit for edit in EDITS if edit not in {"migrate", "migrate --patch", "patch"}])
@pytest.mark.parametrize("kind", DEEP)
def test_what_is_deep_and_not_decoded_is_edited_as_well(kind: str, edit: str) -> None:
    edited(f"machine:\n  type: worker\n{REGISTRIES}  x:{deep(kind, LEVELS - 8)}", edit, talos_version="1.11")


def edited(text: str, edit: str, *, talos_version: str) -> None:
    config, other = (
        parse(each, talos_version=talos_version) for each in (text, text.replace("worker", "controlplane"))
    )
    assert not config.diagnostics
    assert called_from(FRAMES, lambda: EDITS[edit](config, other)) is not None


@pytest.mark.parametrize("kind", ["mappings", "lists"])
def test_secrets_are_found_however_deep_they_are(kind: str) -> None:
    depth = DECODED_LEVELS
    opening, closing = ("{secret: ", "}") if kind == "mappings" else ("[", "]")
    head = "apiVersion: v1alpha1\nkind: KubeEtcdEncryptionConfig\nconfig:\n  secret: "
    text = f"{head}{opening * depth}hunter22{closing * depth}\n"
    assert "hunter22" not in str(called_from(FRAMES, lambda: redact(parse(text))))
