"""Names, keys, values and certificates with control characters, line breaks and workflow commands: text and nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

ROOT = Path(__file__).parents[2]
EVIL = "\x1b]0;x\x07\n::error::injected\r\u2028"
COMMAND = re.compile(r"^\s*::(?!(?:error|warning|notice) file=)", re.MULTILINE)
"""A command of a GitHub workflow that is none of our own."""

NAMES = ["a\n::error::x.yaml", "::error::x.yaml", "\x1b[31m.yaml", "\u2028.yaml", "\u202e.yaml"]
FORMATS = ["text", "json", "github", "sarif", "junit"]
Q = json.dumps(EVIL)

MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"
GOOD = f"{MIRROR}endpoints:\n  - url: http://10.5.0.1:5000\n"
BAD = f"{MIRROR}endpoints:\n  - url: 10.5.0.1:5000\n"
CONFIGS = {
    "name": f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: {Q}\nendpoints:\n  - url: http://a\n",
    "kind": f"apiVersion: v1alpha1\nkind: {Q}\nname: a\n",
    "version": f"apiVersion: {Q}\nkind: RegistryMirrorConfig\nname: a\n",
    "key": f"{MIRROR}{Q}: 1\n",
    "key of an endpoint": f"{MIRROR}endpoints:\n  - {{url: http://a, {Q}: 1}}\n",
    "url": f"{MIRROR}endpoints:\n  - url: {Q}\n  - url: {json.dumps('http://a/' + EVIL)}\n",
    "type": f"{MIRROR}skipFallback: {Q}\n",
    "tag": f"{MIRROR}skipFallback: !{EVIL.encode().hex()} x\n",
    "legacy name": f"machine:\n  registries:\n    mirrors:\n      {Q}:\n        endpoints: [http://a]\n    config: {{{Q}: {{auth: {{username: {Q}}}}}}}\n",
    "username": f"apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\nusername: {Q}\npassword: p\n",
    "certificates": f"apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: a\nca: {Q}\n",
    "text among certificates": (
        "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: a\nca: |-\n"
        "  ::error::injected\n  -----BEGIN CERTIFICATE-----\n  YQ==\n  -----END CERTIFICATE-----\n  ::error::injected\n"
    ),
    "syntax": f"{MIRROR}x: [{Q}\n",
    "template": f"{MIRROR}endpoints: {{{{ {EVIL[-20:-2]} }}}}\n",
}  # fmt: skip


def check_text(text: str, *, ours: str = "") -> None:
    """Nothing but printable text in lines, none of which is a command."""
    assert not [char for line in text.split("\n") for char in line if not char.isprintable() and char not in ours]
    assert not COMMAND.search(text)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("content", ["", GOOD, BAD, "a: [", "sops: {mac: ENC[AES256_GCM,x]}\n"])
@pytest.mark.parametrize(
    "command",
    [
        *(f"validate --format {output}" for output in FORMATS),
        *(f"lint --format {output}" for output in FORMATS),
        "lint --fix --unsafe",
        "lint --diff --unsafe",
        "resolve nginx -f",
        "hosts -f",
        "fmt --check",
        "fmt --diff",
        "fmt",
        "redact --check",
        "migrate --diff",
        "migrate --in-place",
        "patch make good.yaml",
        "patch check good.yaml",
        "patch check",
        "new mirror a.example http://b.example -a",
        "new tls a.example --ca-file",
        "validate good.yaml --schema",
        "hosts -f good.yaml -o",
    ],
)
def test_a_file_name_is_text(cli: Cli, write: Write, command: str, name: str, content: str) -> None:
    write("good.yaml", GOOD)
    write(name, content)
    outcome = cli(*command.split(), name)
    check_text(outcome.out)
    check_text(outcome.err)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "command",
    [
        "validate",
        "lint --merge good.yaml",
        "resolve nginx -f",
        "fmt",
        "redact",
        "migrate",
        "patch apply",
        "lint --jobs 2 good.yaml",
    ],
)
def test_the_name_of_a_file_that_is_not_there_is_text(cli: Cli, write: Write, command: str, name: str) -> None:
    write("good.yaml", GOOD)
    outcome = cli(*command.split(), name)
    assert outcome.code == 2
    check_text(outcome.out)
    check_text(outcome.err)


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())
@pytest.mark.parametrize(
    "command",
    [
        *(f"validate a.yaml --format {output}" for output in FORMATS),
        *(f"lint a.yaml --format {output}" for output in FORMATS),
        "lint --merge good.yaml a.yaml",
        "lint --diff --unsafe a.yaml",
        "resolve nginx -f a.yaml",
        "resolve nginx -f a.yaml --requests",
        "resolve nginx -f a.yaml --format mermaid",
        "resolve nginx -f a.yaml --format json",
        "hosts -f a.yaml",
        "hosts -f a.yaml -o out",
        "fmt --check a.yaml",
        "fmt --diff a.yaml",
        "redact --check a.yaml",
        "migrate --diff a.yaml",
        "migrate --to legacy --diff a.yaml",
        "patch check good.yaml a.yaml",
        "patch check a.yaml good.yaml",
        "new auth a.example --username u -a a.yaml",
    ],
)
def test_words_of_a_config_are_text(cli: Cli, write: Write, command: str, config: str) -> None:
    write("good.yaml", GOOD)
    write("a.yaml", config)
    outcome = cli(*command.split())
    check_text(outcome.out)
    check_text(outcome.err)


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())
@pytest.mark.parametrize(
    "command",
    ["patch make good.yaml a.yaml", "patch apply good.yaml a.yaml", "migrate a.yaml", "redact a.yaml", "fmt - <a.yaml"],
)
def test_errors_of_commands_that_print_configs_are_text(cli: Cli, write: Write, command: str, config: str) -> None:
    write("good.yaml", GOOD)
    write("a.yaml", config)
    command, _, stdin = command.partition(" <")
    check_text(cli(*command.split(), stdin=config if stdin else "").err)


@pytest.mark.parametrize(
    "arguments",
    [
        [EVIL],
        ["validate", f"--{EVIL}", "a"],
        ["validate", "--talos-version", EVIL, "a"],
        ["lint", "--select", EVIL, "a"],
        ["lint", "--image", EVIL, "a"],
        ["explain", EVIL],
        ["schema", EVIL],
        ["resolve", EVIL, "-f", "a"],
        ["resolve", "a", "-f", "good.yaml", "--requests", "--down", EVIL],
        ["new", "mirror", EVIL, EVIL],
        ["new", "auth", EVIL, "--password-env", EVIL],
        ["hosts", "-f", "good.yaml", "-o", f"missing/{EVIL}"],
    ],
)
def test_arguments_are_text(cli: Cli, write: Write, arguments: list[str]) -> None:
    write("good.yaml", GOOD)
    outcome = cli(*arguments)
    if arguments[0] != "new":
        check_text(outcome.out)
    check_text(outcome.err)


@pytest.mark.skipif(sys.platform == "win32", reason="names of files are bytes on POSIX")
def test_a_file_name_that_is_no_text_is_shown(folder: Path) -> None:
    name = b"\xff.yaml"
    (Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).write_text(BAD)
    done = subprocess.run(
        [sys.executable, "-m", "talos_registry", "validate", name, b"\xfe"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8:strict"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout.startswith(b"\\udcff.yaml:5:10: error[endpoint-without-scheme]")
    assert done.stderr.startswith(b"talos-registry: \\udcfe: No such file or directory\n")
