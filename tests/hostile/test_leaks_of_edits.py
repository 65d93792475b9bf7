"""What commands that change configs print about them: never a secret, wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from talos_registry import parse, redact
from talos_registry.cli import _cli
from talos_registry.redaction import find_secrets

CANARY = "hunter22"
NAME = f"http://bob:{CANARY}@h.example"
HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\n"
MIRROR = f"{HEAD}name: {NAME}\nendpoints:\n  - url: http://a\n"
AUTH = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: h\n"
VOLUME = f"apiVersion: v1alpha1\nkind: VolumeConfig\nname: {NAME}\n"
FLAGS = "endpoints:\n  - url: http://a\n  - {url: http://b, overridePath: true}\n"
SHADOWED = f"machine:\n  registries:\n    config:\n      h:\n        auth:\n          password: {CANARY}"
OLD = ["--talos-version", "1.12"]


def legacy(mirrors: str, config: str = "{}") -> str:
    return f"machine:\n  registries:\n    mirrors: {mirrors}\n    config: {config}\n"


@pytest.mark.parametrize(
    ("command", "base", "patch"),
    [
        (["migrate"], legacy(f'{{"{NAME}": {{endpoints: [m.example]}}}}'), ""),
        (["migrate"], legacy("{}", f'{{"{NAME}": {{auth: {{}}, tls: {{}}}}}}'), ""),
        (["migrate"], legacy(f'{{"{NAME}": {{endpoints: [http://a]}}}}') + f"---\n{MIRROR}", ""),
        (["migrate", "--diff"], legacy(f'{{"{NAME}": {{endpoints: [http://a]}}}}'), ""),
        (
            ["migrate", "--patch"],
            legacy(f'{{"[bob:{CANARY}@h]": {{endpoints: [http://a]}}, b: {{endpoints: [c]}}}}'),
            "",
        ),
        (["migrate", "--diff"], f"{AUTH}---\n{SHADOWED}  # {CANARY}\n", ""),
        (["migrate", "--diff"], f"{AUTH}password: another\n---\n{SHADOWED}  # another {CANARY}\n", ""),
        (["migrate", "--diff"], f"{AUTH}---\n{SHADOWED.replace(CANARY, '')} #{CANARY}\n", ""),
        (["migrate", "--to", "legacy"], f"{HEAD}name: {NAME}\n{FLAGS}", ""),
        (["patch", "apply"], f"{MIRROR}---\n{MIRROR}", MIRROR),
        (["patch", "apply"], MIRROR, f"{MIRROR}---\n{MIRROR}"),
        (["patch", "apply", *OLD], f"{AUTH}username: u\n", f"{HEAD}name: {NAME}\n$patch: delete\n"),
        (["patch", "apply"], MIRROR, f'[{{"op": "remove", "path": "/endpoints/http:~1~1bob:{CANARY}@h"}}]'),
        (["patch", "apply"], MIRROR, f'[{{"op": "remove", "path": "/endpoints/bob:{CANARY}@h"}}]'),
        (["patch", "apply"], legacy("{}"), legacy(f'{{"{NAME}": {{endpoints: [{{$patch: delete}}]}}}}')),
        (["patch", "apply"], legacy("{}"), f'machine: {{"{NAME}": {{a: b}}}}\n'),
        (["patch", "apply"], VOLUME, f"{VOLUME}x: 1\n"),
        (["patch", "apply"], f"{MIRROR}nope: 1\n", MIRROR),
        (["patch", "check"], MIRROR, f"{HEAD}name: {NAME}x\n---\n{MIRROR}"),
        (["patch", "make", *OLD], MIRROR, f"{AUTH}username: u\n"),
        (["fmt", "--diff"], f"{HEAD}name:   {NAME}\n", ""),
        (["fmt", "--diff"], f"{AUTH}password:   #{CANARY}\n", ""),
        (["fmt", "--diff"], f"{AUTH}password:   x #{CANARY}\n", ""),
        (["redact", "--check"], f"{AUTH}password: #{CANARY}\n", ""),
    ],
)
def test_no_message_and_no_diff_shows_a_secret(
    command: list[str], base: str, patch: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"base.yaml": base, **({"patch.yaml": patch} if patch else {})}
    for name, text in files.items():
        Path(name).write_text(text, encoding="utf-8")
    result = CliRunner().invoke(_cli, [*command, *files], prog_name="talos-registry")
    assert isinstance(result.exception, SystemExit | None)
    is_config = command[:2] in (["migrate"], ["migrate", "--to"], ["migrate", "--patch"], ["patch", "apply"])
    shown = result.stderr if is_config else result.output
    assert shown or result.exit_code == 0
    assert CANARY not in shown


@pytest.mark.parametrize(
    ("written", "redacted"),
    [
        ("password: #p4ss\n", "password: #X\n"),
        ("password:   # p4ss word\nusername: u\n", "password:   #X\nusername: u\n"),
        ("password: ''  #p4ss\n", "password: ''  #X\n"),
        ("password: abc #tail\n", "password: X #X\n"),
        ("password: abc # why\n", "password: X # why\n"),
        ("password: 'abc' #why\n", "password: X #why\n"),
        ("password: ${P} #why\n", "password: X #why\n"),
        ("password: #${P}\n", "password: #${P}\n"),
        ("username: u #why\n", "username: u #why\n"),
    ],
)
def test_a_comment_in_the_place_of_a_secret_is_taken_for_one(written: str, redacted: str) -> None:
    text = redact(parse(AUTH + written), "X")
    assert text == AUTH + redacted
    assert redact(parse(text), "X") == text


def test_such_a_comment_is_a_finding_where_there_is_no_other_value() -> None:
    found = find_secrets(parse(f"{AUTH}password: #p4ss\n---\n{AUTH}identityToken: # later\nauth: #${{A}}\n"))
    assert [(finding.line, finding.column, finding.message) for finding in found] == [
        (
            4,
            11,
            "The value is missing, and the comment in its place looks like a secret: text that begins with # needs quotes.",
        )
    ]
