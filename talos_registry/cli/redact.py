"""``talos-registry redact``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.files import read_files
from talos_registry.cli.options import talos_version_option
from talos_registry.cli.streams import complain, print_config, print_findings
from talos_registry.cli.unrendered import reason_to_skip
from talos_registry.diagnostic import InvalidConfigError, TalosRegistryError
from talos_registry.loading import parse
from talos_registry.messages import printable
from talos_registry.redaction import REPLACEMENT, literal_secrets, redact
from talos_registry.redaction.literals import CODES

if TYPE_CHECKING:
    from talos_registry.diagnostic import Diagnostic
    from talos_registry.loading import MachineConfig

__all__ = ["command"]


@click.command("redact")
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@click.option("--check", is_flag=True, help="Print nothing but the secrets' places; exit with 1 if there are any.")
@click.option(
    "--replacement", default=REPLACEMENT, show_default=True, metavar="TEXT", help="What to put in their place."
)
@talos_version_option
def command(files: tuple[str, ...], check: bool, replacement: str, talos_version: str) -> None:
    """Print FILES without their secrets, for showing to others; layout and comments stay.

    Secrets are what Talos redacts, in documents of all kinds, private keys among certificates, and user and password
    in names and URLs. For --check, placeholders such as ${VAR}, encrypted values and what has been redacted
    are none. Templates, and files encrypted with SOPS, are not shown.
    """
    worst = Exit.CLEAN
    shown: list[tuple[str, str]] = []
    for file in read_files(files):
        if file.data is None:
            worst = Exit.USAGE
            continue
        config = parse(file.data, filename=file.name, talos_version=talos_version)
        reason = reason_to_skip(file.name, file.data)
        diagnostics = _literal(config, replacement, is_rendered=reason is None) if check else ()
        print_findings(diagnostics, err=False)
        if diagnostics:
            worst = max(worst, Exit.FINDINGS)
        elif reason is not None:
            complain(f"skipped: {reason}", file.name)
        if check or reason is not None:
            continue
        text = _redacted(config, replacement)
        if text is None:
            worst = max(worst, Exit.FINDINGS)
        else:
            shown.append((file.name, text))
    print_config(_stream(shown))
    sys.exit(worst)


def _literal(config: MachineConfig, replacement: str, *, is_rendered: bool) -> tuple[Diagnostic, ...]:
    """The secrets' places, and what keeps a config from being read that no other tool has yet to be at."""
    diagnostics = literal_secrets(config, replacement)
    return diagnostics if is_rendered else tuple(diagnostic for diagnostic in diagnostics if diagnostic.code in CODES)


def _redacted(config: MachineConfig, replacement: str) -> str | None:
    """The text to show; None where nobody can tell what is secret, which is reported."""
    try:
        return redact(config, replacement)
    except InvalidConfigError as error:
        print_findings(error.diagnostics)
        complain("not shown: its secrets cannot be told from the rest", config.filename)
    except TalosRegistryError as error:
        complain(str(error))
    return None


def _stream(shown: list[tuple[str, str]]) -> str:
    """One text as it is; several as one stream, each below its name."""
    if len(shown) == 1:
        return shown[0][1]
    texts = [
        f"# {printable(name)}\n{text}" if text.endswith("\n") else f"# {printable(name)}\n{text}\n"
        for name, text in shown
    ]
    return texts[0] + "".join(_separator(text) + text for text in texts[1:]) if texts else ""


def _separator(text: str) -> str:
    """What ends the document before; one that brings its own beginning needs no other."""
    return "...\n" if "\n%" in text or "\n---" in text else "---\n"
