from __future__ import annotations

import pytest

from talos_registry import PatchError, apply_patches, make_patch, parse

MIRROR_HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"
MIRROR = f"{MIRROR_HEAD}endpoints:\n    - url: http://a\n"
AUTH_HEAD = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: h:5000\n"
LINK = "apiVersion: v1alpha1\nkind: LinkConfig\nname: a\n"
UNKNOWN = (
    AUTH_HEAD.replace("v1alpha1", "v2") + "username: machine\n"
)  # which is taken for a machine config, for this word
HOSTNAME = "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: node # mine\n"
LEGACY = """\
version: v1alpha1
machine:
    registries:
        mirrors:
            docker.io:
                endpoints:
                    - http://a
        config:
            h:5000:
                auth:
                    username: u
                    password: p
"""


def made(before: str, after: str, *, talos_version: str = "1.14") -> str:
    return make_patch(*(parse(text, talos_version=talos_version) for text in (before, after)))


@pytest.mark.parametrize(
    ("before", "after", "patch"),
    [
        # only what differs
        (f"{MIRROR}---\n{AUTH_HEAD}username: u\npassword: p\n", f"{MIRROR}---\n{AUTH_HEAD}username: v\npassword: p\n", f"{AUTH_HEAD}username: v\n"),
        (f"{AUTH_HEAD}username: u\npassword: p\n", f"{AUTH_HEAD}identityToken: t\n", f"{AUTH_HEAD}username:\n    $patch: delete\npassword:\n    $patch: delete\nidentityToken: t\n"),
        (f"{MIRROR}skipFallback: true\n", MIRROR, f"{MIRROR_HEAD}skipFallback:\n    $patch: delete\n"),
        (f"{MIRROR}skipFallback: true\n", f"{MIRROR}skipFallback: false\n", f"{MIRROR_HEAD}skipFallback: false\n"),
        # lists
        (MIRROR, MIRROR_HEAD, f"{MIRROR_HEAD}endpoints:\n    $patch: delete\n"),
        (MIRROR, MIRROR.replace("//a", "//b"), f"{MIRROR_HEAD}endpoints:\n    $patch: delete\n---\n{MIRROR.replace('//a', '//b')}"),
        # documents
        (f"{MIRROR}---\n{HOSTNAME}", MIRROR, "apiVersion: v1alpha1\nkind: HostnameConfig\n$patch: delete\n"),
        (MIRROR, f"{MIRROR}---\n{AUTH_HEAD}username: u\n", f"{AUTH_HEAD}username: u\n"),
        (f"{AUTH_HEAD}username: u\n", f"{AUTH_HEAD}username: u\n---\n{MIRROR}", f"{MIRROR_HEAD}$patch: delete\n---\n{MIRROR}"),
        (HOSTNAME, HOSTNAME.replace("node", "other"), "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: other\n"),
        # the legacy section
        (LEGACY, LEGACY.replace("//a", "//b"), "machine:\n    registries:\n        mirrors:\n            docker.io:\n                endpoints:\n                    $patch: delete\n---\nmachine:\n    registries:\n        mirrors:\n            docker.io:\n                endpoints:\n                    - http://b\n"),
        (LEGACY, LEGACY.replace("password: p", "password: q"), "machine:\n    registries:\n        config:\n            h:5000:\n                auth:\n                    password: q\n"),
        (LEGACY, LEGACY.replace("docker.io", "ghcr.io"), "machine:\n    registries:\n        mirrors:\n            $patch: delete\n---\nmachine:\n    registries:\n        mirrors:\n            ghcr.io:\n                endpoints:\n                    - http://a\n"),
        (LEGACY, f"{LEGACY}cluster: {{id: x}}\n", "cluster:\n    id: x\n"),
        (f"{LEGACY}---\n{MIRROR}", MIRROR, 'apiVersion: ""\nkind: ""\n$patch: delete\n'),
        # nothing
        (MIRROR, MIRROR.replace("    - ", "- "), f"# nothing to change\n{MIRROR_HEAD}"),
        (f"{LEGACY}---\n{HOSTNAME}", f"{LEGACY}---\n{HOSTNAME}", "# nothing to change\nmachine: {}\n"),
        (HOSTNAME, HOSTNAME, ""),
    ],
)  # fmt: skip
def test_patch(before: str, after: str, patch: str) -> None:
    assert made(before, after) == patch
    once = apply_patches(parse(before), [patch])
    assert apply_patches(once, [patch]).text == once.text


def test_documents_that_are_not_read_before_1_12_are_replaced() -> None:
    after = HOSTNAME.replace("node", "other")
    patch = f"apiVersion: v1alpha1\nkind: HostnameConfig\n$patch: delete\n---\n{after}"
    assert made(HOSTNAME, after, talos_version="1.11") == patch


@pytest.mark.parametrize("talos_version", ["1.12", "1.13"])
def test_older_versions_replace_the_document(talos_version: str) -> None:
    after = MIRROR.replace("//a", "//b")
    assert made(MIRROR, after, talos_version=talos_version) == f"{MIRROR_HEAD}$patch: delete\n---\n{after}"


@pytest.mark.parametrize(
    ("before", "after", "talos_version", "why"),
    [
        (f"{AUTH_HEAD}---\n{MIRROR}", AUTH_HEAD, "1.13", "Talos 1.13 cannot write a config after a patch deletes from v1alpha1/RegistryMirrorConfig/docker.io, which is not in it"),
        (AUTH_HEAD, f"{AUTH_HEAD}---\n{MIRROR}", "1.13", "applied twice, it leaves another v1alpha1/RegistryMirrorConfig/docker.io, because Talos 1.13 merges a document that is already there, and appends to its lists"),
        (f"{HOSTNAME}---\n{LINK}", f"{HOSTNAME}---\n{LINK}", "1.14", "JSON6902 patches are not supported for multi-document machine configuration"),
        (UNKNOWN, UNKNOWN, "1.14", 'error decoding document v2/RegistryAuthConfig/h:5000 (line 2): "RegistryAuthConfig" "v2": not registered'),
        (f"{HOSTNAME}---\n{MIRROR.replace('docker.io', chr(34) * 2)}", HOSTNAME, "1.14", "applied once, it leaves another v1alpha1/RegistryMirrorConfig/, because Talos 1.14 deletes nothing from documents without a name"),
    ],
)  # fmt: skip
def test_there_is_none_and_it_says_why(before: str, after: str, talos_version: str, why: str) -> None:
    with pytest.raises(PatchError) as caught:
        made(before, after, talos_version=talos_version)
    assert str(caught.value) == f"no patch that can be applied again does this: {why}"


@pytest.mark.parametrize(("before", "after"), [("a: [", MIRROR), (MIRROR, "a: ["), (MIRROR, "")])
def test_both_configs_must_load(before: str, after: str) -> None:
    with pytest.raises(PatchError, match=r"decode error|config not found"):
        made(before, after)
