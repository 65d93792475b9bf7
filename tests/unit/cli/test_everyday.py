"""What people type every day: many files at once, terminals, colours, help and completion."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from talos_registry.cli import _cli
from talos_registry.cli.process import wants_colour
from tests.unit.cli.samples import AUTH, BAD, GOOD

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

LEGACY = "machine:\n  registries:\n    mirrors:\n      ghcr.io:\n        endpoints: [https://cache.example]\n"
WHOLE = "version: v1alpha1\nmachine:\n  type: worker\ncluster:\n  clusterName: x\n"
REPEATED = GOOD + "  - url: http://10.5.0.1:5000\n"


def commands() -> dict[str, click.Command]:
    """Every command, those below a command included, by what one types."""
    context = click.Context(_cli)
    found: dict[str, click.Command] = {}
    for name in _cli.list_commands(context):
        command = _cli.get_command(context, name)
        assert command is not None
        inner = command.commands if isinstance(command, click.Group) else {}
        found |= {f"{name} {sub}": subcommand for sub, subcommand in inner.items()} or {name: command}
    return found


# Help


@pytest.mark.parametrize("name", sorted(commands()))
def test_shared_options_stand_last_in_one_order(cli: Cli, name: str) -> None:
    own, _, shared = cli(*name.split(), "--help").out.partition("Shared options:")
    names = re.findall(r"^  (?:-\w, )?(--[\w-]+)", shared, re.MULTILINE)
    order = ["--quiet", "--verbose", "--exclude", "--foreign", "--talos-version", "--format", "--jobs", "--help"]
    assert names == [option for option in order if option in names]
    assert names[-1] == "--help"
    assert not any(f"{option} " in own.partition("Options:")[2] for option in names)


def test_help_is_as_wide_as_the_terminal_and_cuts_nothing(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*commands(), "patch", "new", ""):
        monkeypatch.setenv("COLUMNS", "160")
        wide = cli(*name.split(), "--help").out
        monkeypatch.setenv("COLUMNS", "60")
        narrow = cli(*name.split(), "--help").out
        assert max(map(len, wide.splitlines())) <= 160
        assert "..." not in re.sub(r"[\w\[\]=]+\.\.\.|<\(.*", "", wide)
        assert re.sub(r"\s+", "", narrow) == re.sub(r"\s+", "", wide)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ("lnt a", 'did you mean "lint"'),
        ("patch aply a b", 'did you mean "apply"'),
        ("new miror a", 'did you mean "mirror"'),
        ("lint --fromat json a", "Did you mean '--format'?"),
    ],
)
def test_the_nearest_command_or_option_is_named(cli: Cli, arguments: str, hint: str) -> None:
    outcome = cli(*arguments.split())
    assert outcome.code == 2
    assert hint.lower() in outcome.err.lower()


# Quiet


@pytest.mark.parametrize("command", ["validate", "lint", "fmt", "redact --check"])
def test_quiet_says_nothing_but_what_is_wrong(cli: Cli, write: Write, command: str) -> None:
    write("good.yaml", GOOD)
    write("map.yaml", "apiVersion: v1\nkind: ConfigMap\n")
    assert cli(*command.split(), "-q", ".") == (0, "", "")
    assert "missing.yaml" in cli(*command.split(), "-q", "missing.yaml").err


def test_quiet_leaves_out_how_files_are_merged(cli: Cli, write: Write) -> None:
    write("a.yaml", GOOD)
    write("b.yaml", AUTH)
    assert cli("resolve", "nginx", "-q", "-f", "a.yaml", "b.yaml").err == ""


# Colours


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, None),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, None),
        ({"FORCE_COLOR": ""}, None),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ],
)
def test_who_wants_colours(environment: dict[str, str], wanted: bool | None) -> None:
    assert wants_colour(environment) is wanted


@pytest.mark.parametrize(
    ("variables", "coloured"), [({"FORCE_COLOR": "1"}, True), ({}, False), ({"NO_COLOR": "1"}, False)]
)
def test_colours_go_where_they_are_forced_to(write: Write, variables: dict[str, str], coloured: bool) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}}
    done = subprocess.run(
        [sys.executable, "-m", "talos_registry", "lint", write("a.yaml", BAD)],
        env={**kept, **variables, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdout=subprocess.PIPE,
        check=False,
    )
    assert (b"\x1b[" in done.stdout) is coloured


# Standard input


def test_fix_of_standard_input_goes_to_standard_output(cli: Cli) -> None:
    assert cli("lint", "--fix", "-", stdin=REPEATED).out == GOOD
    same = cli("lint", "--fix", "-", stdin=BAD)
    assert same.out == BAD
    assert "error[endpoint-without-scheme]" in same.err
    foreign = "apiVersion: v1\nkind: ConfigMap\n"
    assert cli("lint", "--fix", "-", stdin=foreign).out == foreign


# Many files


def test_many_files_are_migrated_in_place(cli: Cli, write: Write) -> None:
    for name in ("a.yaml", "d/b.yaml"):
        write(name, LEGACY)
    write("map.yaml", "apiVersion: v1\nkind: ConfigMap\n")
    write("patch.yaml", "machine: {env: {$patch: delete}}\n")
    outcome = cli("migrate", "--in-place", ".")
    assert outcome.code == 0
    assert "skipped 1 file that is no Talos config" in outcome.err
    for name in ("a.yaml", "d/b.yaml"):
        assert "kind: RegistryMirrorConfig" in Path(name).read_text(encoding="utf-8")
    assert Path("patch.yaml").read_text(encoding="utf-8") == "machine: {env: {$patch: delete}}\n"
    assert cli("migrate", "a.yaml", "d/b.yaml").code == 2


def test_many_files_are_redacted_below_a_directory(cli: Cli, write: Write) -> None:
    write("talos/a.yaml", AUTH)
    write("talos/d/b.yaml", AUTH)
    write("c.yaml", AUTH)
    assert cli("redact", "-o", "out", "talos", "c.yaml").err == "3 files written below out\n"
    for name in ("a.yaml", "d/b.yaml", "c.yaml"):
        text = (Path("out") / name).read_text(encoding="utf-8")
        assert "p4ss" not in text
        assert "**REDACTED**" in text
    assert Path("talos/a.yaml").read_text(encoding="utf-8") == AUTH


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["-o", "out", "x/a.yaml", "y/a.yaml"], "x/a.yaml and y/a.yaml would both be out/a.yaml; nothing is written"),
        (["-o", "x", "x/a.yaml"], "x/a.yaml would take the place of x/a.yaml; nothing is written"),
        (["-o", ".", "x"], "./a.yaml would take the place of"),
    ],
)
def test_copies_take_no_place_that_is_taken(cli: Cli, write: Write, arguments: list[str], why: str) -> None:
    for name in ("x/a.yaml", "y/a.yaml", "a.yaml"):
        write(name, AUTH)
    if arguments[1] == ".":
        arguments = [*arguments, "a.yaml"]
    outcome = cli("redact", *arguments)
    assert outcome.code == 2
    assert outcome.err.startswith(f"talos-registry: {why}")
    assert Path("x/a.yaml").read_text(encoding="utf-8") == AUTH


# Bases


def test_patches_are_checked_against_many_configs(cli: Cli, write: Write) -> None:
    for name in ("n/1.yaml", "n/2.yaml"):
        write(name, WHOLE)
    write("n/3.yaml", WHOLE.replace("worker", "controlplane"))
    write("p.yaml", "machine:\n  type: worker\n")
    outcome = cli("patch", "check", "--bases", "n", "p.yaml")
    assert outcome.code == 0
    assert outcome.out.splitlines() == [
        "2 configs: n/1.yaml, n/2.yaml",
        "  changes nothing",
        "1 config: n/3.yaml",
        "  changes v1alpha1",
        "    machine.type: controlplane -> worker",
    ]


def test_a_whole_config_is_no_patch(cli: Cli, write: Write) -> None:
    write("a.yaml", WHOLE)
    outcome = cli("patch", "check", "--bases", "*.yaml", "a.yaml")
    assert outcome == (2, "", "talos-registry: a.yaml: this is a whole config; give it to --bases\n")


def test_a_patch_that_does_not_fit_one_of_the_configs(cli: Cli, write: Write) -> None:
    write("n/1.yaml", WHOLE)
    write("n/2.yaml", "machine: [\n")
    write("p.yaml", "machine:\n  typ: worker\n")
    outcome = cli("patch", "check", "--bases", "n/*.yaml", "p.yaml")
    assert outcome.code == 1
    assert "1 config: n/2.yaml\n  n/2.yaml:2:1: error[yaml-syntax]" in outcome.out
    assert "unknown keys" in outcome.out


# Smaller things


def test_several_codes_are_explained_in_any_case(cli: Cli) -> None:
    out = cli("explain", "Doubled-V2", "missing-name").out
    assert out.startswith("doubled-v2")
    assert "\n\nmissing-name" in out


def test_pullers_may_be_repeated(cli: Cli, write: Write) -> None:
    write("a.yaml", GOOD)
    both = cli("resolve", "nginx", "-f", "a.yaml", "--format", "json")
    assert cli("resolve", "nginx", "-f", "a.yaml", "--format", "json", "--puller", "cri", "--puller", "talos") == both


def test_hosts_takes_files_as_they_are(cli: Cli, write: Write) -> None:
    write("a.yaml", GOOD)
    assert cli("hosts", "a.yaml") == cli("hosts", "-f", "a.yaml")
    assert cli("hosts").code == 2


@pytest.mark.usefixtures("write")
def test_new_makes_the_file_that_it_appends_to(cli: Cli) -> None:
    outcome = cli("new", "mirror", "ghcr.io", "https://cache.example", "-a", "new.yaml")
    assert outcome == (0, "", 'new.yaml: created, with RegistryMirrorConfig "ghcr.io"\n')
    assert cli("validate", "new.yaml").code == 0
    assert Path("new.yaml").stat().st_mode & 0o077 == 0
    assert cli("new", "mirror", "quay.io", "https://cache.example", "-a", "new.yaml").code == 0
    assert Path("new.yaml").read_text(encoding="utf-8").count("kind:") == 2


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
def test_a_password_is_asked_for_on_a_terminal_and_not_shown() -> None:
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "talos_registry", "new", "auth", "cache.example", "--username", "puller"],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        start_new_session=True,
    )
    os.close(terminal)
    shown = b""
    while b"cache.example" not in shown:
        shown += os.read(controller, 1000)
    os.write(controller, b"hunter2\n")
    out, _ = process.communicate()
    assert b"Password of puller for cache.example" in shown
    assert b"hunter2" not in shown
    assert b"password: hunter2" in out


def test_curl_lines_ask_as_a_node_does(cli: Cli, write: Write) -> None:
    write("a.yaml", GOOD.replace("http://10.5.0.1:5000", "https://cache.example:5000/v2/hub\n    overridePath: true"))
    write("b.yaml", AUTH.replace("10.5.0.1:5000", "cache.example:5000"))
    ca = "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: cache.example:5000\ninsecureSkipVerify: true\n"
    write("c.yaml", ca)
    out = cli("resolve", "nginx", "--format", "curl", "-f", "a.yaml", "b.yaml", "c.yaml").out
    first = next(line for line in out.splitlines() if line.startswith("curl"))
    assert "--head --path-as-is --header 'Accept: application/vnd.docker.distribution.manifest.v2+json, " in first
    assert (
        " --user u --insecure 'https://cache.example:5000/v2/hub/library/nginx/manifests/latest?ns=docker.io'" in first
    )
    assert "p4ss" not in out
    assert out.splitlines()[0] == "# docker.io/library/nginx:latest (talos and cri)"
    assert "WWW-Authenticate" in out
