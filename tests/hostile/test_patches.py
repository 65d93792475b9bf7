"""Patches made to hang, crash or flood the tool: each ends in a PatchError, never in anything else."""

from __future__ import annotations

import json

import pytest

from talos_registry import PatchError, apply_patches, parse

HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"
MIRROR = f"{HEAD}endpoints:\n  - url: http://a\n"
ONES = "1" * 5000


def copies(*pairs: tuple[str, str]) -> str:
    return json.dumps([{"op": "copy", "from": source, "path": path} for source, path in pairs])


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        ("[" * 100_000, "nested deeper than the 200 levels"),
        ('{"a":\t' + "[" * 50_000, "nested deeper than the 200 levels"),
        (
            '[{"op": "add", "path": "/x", "value": ' + "[" * 5000 + "]" * 5000 + "}]",
            "nested deeper than the 200 levels",
        ),
        (f'[{{"op": "add", "path": "/skipFallback", "value": {ONES}}}]', "into bool"),
        ('[{"op": "add", "path": "/\\ud800", "value": "x"}]', "unknown keys found during decoding:\n\ufffd: x"),
        (copies(*[("/endpoints", "/endpoints/-")] * 60), "the copies are larger than the 100000 nodes"),
        (json.dumps([{"op": "add", "path": "/x" * 300, "value": 1}]), "more than the 200 steps"),
        (f"{HEAD}endpoints:\n" + "  - {url: http://a, $patch: delete}\n" * 20_000, "larger than the 100000 nodes"),
        ("machine: &m\n  features: *m\n", "value contains itself"),
        ("x" * 17 * 1024 * 1024, "larger than the 16 MiB"),
    ],
    ids=["lists", "tabs", "value", "digits", "surrogate", "copies", "path", "deletions", "circle", "size"],
)
def test_hostile_patches_are_refused(patch: str, said: str) -> None:
    with pytest.raises(PatchError) as caught:
        apply_patches(parse(MIRROR), [patch])
    assert said in str(caught.value)


def test_nested_copies_are_refused() -> None:
    patch = json.dumps([{"op": "add", "path": "/x", "value": {}}, *json.loads(copies(*[("/x", "/x/a")] * 400))])
    with pytest.raises(PatchError):
        apply_patches(parse(MIRROR), [patch])


def test_a_patch_of_many_documents_takes_its_time_by_their_number() -> None:
    patch = "---\n".join(MIRROR.replace("docker", f"docker{number}") for number in range(3000))
    assert len(apply_patches(parse(MIRROR), [patch]).entries) == 3001


def test_one_text_is_no_list_of_patches() -> None:
    with pytest.raises(TypeError, match="put the one you have into a list"):
        apply_patches(parse(MIRROR), HEAD)
