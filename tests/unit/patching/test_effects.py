from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talos_registry import MachineConfig, apply_patches, parse
from talos_registry.patching.effects import Effect, ValueChange, effects, repeats
from talos_registry.report.effects_text import render_effects
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from collections.abc import Iterable

MIRROR = (
    "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints: [{url: http://a}, {url: http://b}]\n"
)
AUTH = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: h:5000\npassword: p\n"
HOSTNAME = "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: x\n"


def config(*documents: str) -> MachineConfig:
    return parse("---\n".join(documents))


def rendered(found: Iterable[Effect]) -> str:
    return render_effects(found, release_of(LATEST))


def test_effects_are_told_document_by_document() -> None:
    found = effects(config(MIRROR, AUTH, HOSTNAME), config(f"{MIRROR}skipFallback: true\n", HOSTNAME.replace("x", "y")))
    assert found == (
        Effect("changes", "RegistryMirrorConfig", "docker.io", (ValueChange(("skipFallback",), None, True),)),
        Effect("removes", "RegistryAuthConfig", "h:5000"),
        Effect("changes", "HostnameConfig", "", (ValueChange(("hostname",), "x", "y"),)),
    )
    assert effects(config(AUTH), config(AUTH, MIRROR)) == (Effect("adds", "RegistryMirrorConfig", "docker.io"),)
    assert effects(config(MIRROR), config(MIRROR.replace("[{", "[ {"))) == ()
    assert effects(config(MIRROR), parse("")) == (Effect("removes", "RegistryMirrorConfig", "docker.io"),)


def test_legacy_values_have_their_path() -> None:
    before = "machine: {registries: {mirrors: {docker.io: {endpoints: [http://a]}}}}\n"
    (effect,) = effects(parse(before), parse(before.replace("http://a", "http://u:secret@b")))
    assert (
        rendered([effect])
        == 'changes v1alpha1\n  machine.registries.mirrors["docker.io"].endpoints: - http://a, + http://***@b'
    )


def test_text_shows_no_secret() -> None:
    after = AUTH.replace("password: p", "username: bob\nidentityToken: hunter2")
    shown = rendered(
        effects(
            config(AUTH, MIRROR),
            config(after, MIRROR.replace("http://a}, {url: http://b", "http://b}, {url: http://a")),
        )
    )
    assert shown == (
        "changes RegistryAuthConfig h:5000\n  username: + bob\n  password: is removed\n  identityToken: is set\n"
        "changes RegistryMirrorConfig docker.io\n  endpoints: in another order"
    )
    assert rendered(effects(config(AUTH), config(AUTH.replace("p\n", "q\n")))).endswith("password: is another")


def test_items_show_their_flags() -> None:
    after = config(MIRROR.replace("http://b}", "http://b, overridePath: true}"))
    assert rendered(effects(config(MIRROR), after)).endswith("endpoints: - http://b, + http://b (overridePath: true)")
    assert rendered(()) == "changes nothing"


def test_repeats_are_items_that_were_there() -> None:
    assert repeats(config(MIRROR), config(MIRROR.replace("{url: http://b}", "{url: http://b}, {url: http://a}")))
    assert not repeats(config(MIRROR), config(MIRROR.replace("{url: http://b}", "{url: http://b}, {url: http://c}")))


def test_a_v1alpha1_document_that_is_replaced_is_told_with_all_its_parts() -> None:
    before = parse("machine:\n  type: worker\n  token: hunter2\n  install: {disk: /dev/sda, wipe: true}\n")
    after = apply_patches(
        before,
        [
            "apiVersion: ''\nkind: ''\n$patch: delete\n",
            "machine: {token: swordfish, install: {disk: /dev/sdb, wipe: true}, sysctls: {a: b}}\n",
        ],
    )
    assert rendered(effects(before, after)).splitlines() == [
        "changes v1alpha1",
        '  machine.type: worker -> ""',
        "  machine.token: is another",
        "  machine.install.disk: /dev/sda -> /dev/sdb",
        "  machine.sysctls.a: + b",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "machine: {network: {interfaces: [{interface: %s, wireguard: {privateKey: hunter2}}]}}\n",
        "machine: {systemDiskEncryption: {state: {provider: %s, keys: [{slot: 0, static: {passphrase: hunter2}}]}}}\n",
        "apiVersion: v1alpha1\nkind: WireguardConfig\nname: wg\npeers: [{publicKey: %s, presharedKey: hunter2}]\n",
        "apiVersion: v1alpha1\nkind: SideroLinkConfig\napiUrl: https://%s/?jointoken=hunter2\n",
    ],
)
def test_secrets_of_other_parts_are_not_shown(text: str) -> None:
    shown = rendered(effects(parse(text % "a"), parse(text % "b")))
    assert shown.startswith("changes ")
    assert "hunter2" not in shown


def test_what_is_emptied_is_removed() -> None:
    before, after = "machine: {ca: {crt: YQ==, key: YQ==}}\n", "machine: {ca: {key: Yg==}}\n"
    shown = rendered(effects(parse(before), apply_patches(parse(before), [after])))
    assert shown == "changes v1alpha1\n  machine.ca.crt: is removed\n  machine.ca.key: is another"
