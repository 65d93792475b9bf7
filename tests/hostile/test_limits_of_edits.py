"""Results of edits that are more than this tool reads: one clear error, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talos_registry import RegistryMirrorConfig, TalosRegistryError, apply_patches, migrate, parse, redact
from talos_registry.formatting import append, format_config
from talos_registry.limits import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: "
MIRROR = f"{HEAD}a\n"
AUTH = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\npassword: p\n"
LEGACY = "machine:\n  registries:\n    mirrors:\n      a: {endpoints: [http://a]}\n"
FLOW = ", ".join(["{url: http://a}"] * 10)
MANY = "".join("  - url: http://a\n" for _ in range(15_000))


def filled(text: str, below: int) -> str:
    """A text with comments, as many bytes short of the limit as ``below`` says."""
    head = f"# {'x' * (MAX_BYTES - len(text.encode()) - below - 3)}\n"
    return head + text


@pytest.mark.parametrize(
    "edit",
    [
        lambda: apply_patches(parse(filled(MIRROR, 10)), [f"{HEAD}b\n"]),
        lambda: migrate(parse(filled(LEGACY, 10))),
        lambda: migrate(parse(filled(f"{MIRROR}endpoints: [{{url: http://a}}]\n", 1)), to="legacy"),
        lambda: redact(parse(filled(AUTH, 4)), "x" * 50),
        lambda: format_config(parse(filled(f"{MIRROR}endpoints: [{FLOW}]\n", 4))),
        lambda: append(parse(filled(MIRROR, 10)), RegistryMirrorConfig(name="b")),
    ],
    ids=["patch", "to documents", "to legacy", "redact", "fmt", "append"],
)
def test_a_result_over_the_limit_of_bytes_is_refused(edit: Callable[[], object]) -> None:
    with pytest.raises(
        TalosRegistryError, match=r"the result is more than this tool reads: .* larger than the 16 MiB"
    ) as caught:
        edit()
    assert "\n" not in str(caught.value)


def test_a_result_over_the_limit_of_nodes_is_refused() -> None:
    patch = f"{MIRROR}endpoints:\n{MANY}"
    with pytest.raises(TalosRegistryError, match=r"the result is more than this tool reads: .*100000 nodes") as caught:
        apply_patches(parse(patch), [patch])
    assert "\n" not in str(caught.value)
