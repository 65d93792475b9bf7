from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Cli

SECRET = "S3CR3T"
_AUTH = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a.example\nusername: u\n"
_TLS = "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: a.example\n"
_MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a.example\nendpoints:\n"
_LEGACY = "machine:\n  registries:\n"
_LEGACY_MIRROR = f"{_LEGACY}    mirrors:\n      a.example:\n        endpoints:\n"
_LEGACY_CONFIG = f"{_LEGACY}    config:\n      a.example:\n"
LEAKY = [
    f"{_AUTH}password: {SECRET}\n",
    f"{_AUTH}password: {SECRET}\npassword: {SECRET}\n",
    f"{_AUTH}password: [{SECRET}]\n",
    f"{_AUTH}password: {{{SECRET}: 1}}\n",
    f"{_AUTH}password: '{SECRET}\n",
    f"{_AUTH}password: @{SECRET}\n",
    f"{_AUTH}password: %{SECRET}\n",
    f"{_AUTH}password: *{SECRET}\n",
    f"{_AUTH}password: !{SECRET} x\n",
    f'{_AUTH}password: "\\{SECRET}"\n',
    f"{_AUTH}password: |{SECRET}\n",
    f"{_AUTH}password: a: {SECRET}\n",
    f"{_AUTH}password:{SECRET}\n",
    f"{{apiVersion: v1alpha1, kind: RegistryAuthConfig, name: a.example, password:{SECRET}}}\n",
    f"{_AUTH}passwrd: {SECRET}\n",
    f"{_AUTH}auth: {SECRET}\nidentityToken: {SECRET}\npassword: {SECRET}\n",
    f"kind: RegistryAuthConfig\npassword: {SECRET}\n",
    f"apiVersion: v1alpha1\nkind: RegistryAuthConfg\npassword: {SECRET}\n",
    f"password: {SECRET}\n",
    f"{_TLS}ca: {SECRET}\n",
    f"{_TLS}clientIdentity: {SECRET}\n",
    f"{_TLS}clientIdentity: {{cert: {SECRET}, key: {SECRET}}}\n",
    f"{_TLS}clientIdentity: {{crt: {SECRET}, key: {SECRET}}}\n",
    f"{_MIRROR}  - url: http://u:{SECRET}@m.example\n",
    f"{_MIRROR}  - url: http://{SECRET}@m.example\n",
    f"{_MIRROR}  - url: http://u:{SECRET}@m.ex ample\n",
    f"{_MIRROR}  - url: http://u:{SECRET}@m.example:port\n",
    f"{_MIRROR}  - url: http://u:a/{SECRET}@m.example\n",
    f"{_MIRROR}  - url: ftp://u:{SECRET}@m.example\n",
    f"{_MIRROR}  - url: u:{SECRET}@m.example\n",
    f"{_MIRROR}  - http://u:{SECRET}@m.example\n",
    f"{_MIRROR}  - {{http://u:{SECRET}@m.example}}\n",
    f"{_MIRROR}  url: http://u:{SECRET}@m.example\n",
    f"{_LEGACY_MIRROR}          - http://u:{SECRET}@m.example\n",
    f"{_LEGACY_MIRROR}          - http://u:{SECRET}@m.ex ample\n",
    f"{_LEGACY_MIRROR}          - http://u:{SECRET}@m.example:port\n",
    f"{_LEGACY_MIRROR}          - u:{SECRET}@m.example\n",
    f"{_LEGACY_CONFIG}        auth: {{username: u, password: {SECRET}, pass: {SECRET}}}\n",
    f"{_LEGACY_CONFIG}        auth: {SECRET}\n",
    f"{_LEGACY_CONFIG}        tls: {{ca: {SECRET}%, clientIdentity: {{crt: {SECRET}%, key: {SECRET}%}}}}\n",
    f"machine:\n  token: {SECRET}\n  ca: {{crt: {SECRET}, key: {SECRET}}}\n  registries: []\n",
]


@pytest.mark.parametrize("config", LEAKY)
@pytest.mark.parametrize(
    "command",
    [
        ["validate", "-"],
        ["validate", "-", "--format", "json"],
        ["resolve", "a.example/x", "-f", "-"],
        ["resolve", "a.example/x", "-f", "-", "--format", "json"],
        ["resolve", "a.example/x", "-f", "-", "--format", "mermaid"],
        ["hosts", "-f", "-"],
    ],
    ids=" ".join,
)
def test_no_secret_is_printed(cli: Cli, command: list[str], config: str) -> None:
    outcome = cli(*command, stdin=config)
    assert outcome.out + outcome.err != ""
    assert SECRET not in outcome.out
    assert SECRET not in outcome.err


ODD_NAME = '"https://u:S3CR3T@h\\e[31m\\n"'


@pytest.mark.parametrize(
    "text",
    [
        f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: {ODD_NAME}\n",
        f"apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: {ODD_NAME}\nusername: u\npassword: S3CR3T\n",
        f"apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: {ODD_NAME}\nusernam: u\n",
        f"machine: {{registries: {{config: {{{ODD_NAME}: null}}}}}}\n",
    ],
)
@pytest.mark.parametrize(
    "command",
    ["validate -", "validate - --format json", "hosts -f -", "resolve a.example/x -f -"],
)
def test_names_bring_neither_secrets_nor_control_characters_to_the_terminal(cli: Cli, command: str, text: str) -> None:
    outcome = cli(*command.split(), stdin=text)
    shown = outcome.out + outcome.err
    assert "S3CR3T" not in shown
    assert "\x1b" not in shown
