"""What becomes of a new document: it is printed, or appended to a file."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, TypedDict

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.options import quiet_option, talos_version_option
from talos_registry.cli.streams import complain, print_config, print_findings, remark
from talos_registry.cli.targets import warn_of_newer
from talos_registry.cli.together import read_one
from talos_registry.cli.writing import create, encoded_like, write_back
from talos_registry.diagnostic import Severity, TalosRegistryError
from talos_registry.loading import parse
from talos_registry.messages import quoted
from talos_registry.versions import LATEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from talos_registry.diagnostic import Diagnostic
    from talos_registry.documents import RegistryDocument
    from talos_registry.loading import MachineConfig

__all__ = ["Delivery", "deliver", "delivery_options"]


class Delivery(TypedDict):
    """Where to, and for which Talos version."""

    append_to: str | None
    talos_version: str | None


def delivery_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that make a ``Delivery``."""
    append = click.option(
        "-a",
        "--append",
        "append_to",
        metavar="FILE",
        type=click.Path(),
        help="Append to FILE, of which everything stays, instead of printing; a new one is made.",
    )
    return append(quiet_option(talos_version_option(function)))


def deliver(document: RegistryDocument, delivery: Delivery) -> None:
    """Print or append a document that Talos accepts, with what the rules say about it; otherwise end the process."""
    from talos_registry.documents import emit

    name = delivery["append_to"]
    is_new = name not in {None, "-"} and not os.path.lexists(str(name))
    config, data = (None, b"") if name is None or is_new else _read(name, delivery["talos_version"])
    talos_version = config.talos_version if config else delivery["talos_version"] or LATEST
    warn_of_newer([talos_version])
    text = emit([document], talos_version=talos_version)
    alone = parse(text, talos_version=talos_version)
    _print(alone.diagnostics)
    if alone.diagnostics:
        sys.exit(Exit.FINDINGS)
    if config is None:
        _print(_warnings(alone))
        if name is None:
            print_config(text)
        else:
            create(name, text.encode("utf-8", "surrogateescape"))
            remark(f"{name}: created, with {document.kind} {quoted(document.name)}")
    else:
        _append(document, config, data)


def _append(document: RegistryDocument, config: MachineConfig, data: bytes) -> None:
    from talos_registry.formatting import append

    name = config.filename
    _refuse_bad_file(config)
    known = {(diagnostic.code, diagnostic.message) for diagnostic in _warnings(config)}
    try:
        config = append(config, document)
    except TalosRegistryError as error:
        complain(str(error))
        sys.exit(Exit.FINDINGS)
    _print(diagnostic for diagnostic in _warnings(config) if (diagnostic.code, diagnostic.message) not in known)
    write_back(name, data, encoded_like(config.text, data))
    remark(f"{name}: {document.kind} {quoted(document.name)} added")


def _read(name: str, talos_version: str | None) -> tuple[MachineConfig, bytes]:
    if name == "-":
        raise click.UsageError("standard input cannot be appended to")
    subject = read_one(name, talos_version)
    if subject.name != name:
        raise click.UsageError(f"{name} is no file; name the one to append to")
    if subject.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise click.UsageError(f"{name} is UTF-16; convert it to UTF-8 first")
    return subject.config(), subject.data


def _refuse_bad_file(config: MachineConfig) -> None:
    """Stop at a file that Talos refuses; one without documents is a file to begin."""
    if config.diagnostics and config.entries:
        print_findings(config.diagnostics)
        complain("nothing is added to a file that Talos refuses", config.filename)
        sys.exit(Exit.FINDINGS)


def _warnings(config: MachineConfig) -> tuple[Diagnostic, ...]:
    """What the rules warn of in a config; mere hints suit whole configs better than a single document."""
    from talos_registry.linting import lint

    return tuple(diagnostic for diagnostic in lint(config) if diagnostic.severity is not Severity.INFO)


def _print(diagnostics: Iterable[Diagnostic]) -> None:
    for diagnostic in diagnostics:
        complain(f"{diagnostic.severity}[{diagnostic.code}]: {diagnostic.message}")
