from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talos_registry import __version__

if TYPE_CHECKING:
    from tests.conftest import Cli


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["validte", "x"], 'No such command "validte"; did you mean "validate"?'),
        (["xyz"], 'No such command "xyz".'),
        (["validate", "--nope", "x"], "No such option '--nope'."),
        (["validate", "--talos-version", "new", "x"], "not a Talos version: 'new'"),
        (["validate", "--format", "xml", "x"], "'xml' is not one of 'text', 'json'"),
        (["resolve", "nginx"], "Missing option '-f' / '--file'."),
        (["resolve", "-f", "x"], "Missing argument 'REF...'."),
        (["resolve", "Foo:1:2", "-f", "x"], "invalid reference format"),
        (["resolve", "nginx", "-f", "x", "--puller", "docker"], "'docker' is no puller"),
        (["hosts"], "Give a FILE, or several that are one config."),
        (["schema", "NoKind"], "'NoKind' is not one of"),
    ],
)
def test_wrong_usage(cli: Cli, args: list[str], message: str) -> None:
    outcome = cli(*args)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err.replace("Error: No such option: ", "Error: No such option ")


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", [[], ["validate"], ["lint"], ["resolve"], ["hosts"], ["explain"], ["schema"]])
def test_help(cli: Cli, command: list[str], flag: str) -> None:
    outcome = cli(*command, flag)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("Usage: talos-registry")


def test_version_says_which_yaml_parser_is_active(cli: Cli) -> None:
    assert cli("--version") in {
        (0, f"talos-registry {__version__} (YAML parser: {parser})\n", "") for parser in ("libyaml", "pure Python")
    }
