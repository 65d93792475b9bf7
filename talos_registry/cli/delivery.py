"""What becomes of a new document: it is printed, or appended to a file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypedDict

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.files import read_file
from talos_registry.cli.options import talos_version_option
from talos_registry.cli.unrendered import check_rendered
from talos_registry.cli.writing import encoded_like, write_back
from talos_registry.diagnostic import Severity, TalosRegistryError
from talos_registry.loading import parse
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from talos_registry.diagnostic import Diagnostic
    from talos_registry.documents import RegistryDocument
    from talos_registry.loading import MachineConfig

__all__ = ["Delivery", "deliver", "delivery_options"]


class Delivery(TypedDict):
    """Where to, and for which Talos version."""

    target: str | None
    talos_version: str


def delivery_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that make a ``Delivery``."""
    append = click.option(
        "-a",
        "--append",
        "target",
        metavar="FILE",
        help="Append to FILE, of which everything stays, instead of printing.",
    )
    return append(talos_version_option(function))


def deliver(document: RegistryDocument, delivery: Delivery) -> None:
    """Print or append a document that Talos accepts, with what the rules say about it; otherwise end the process."""
    from talos_registry.documents import emit

    target, talos_version = delivery["target"], delivery["talos_version"]
    text = emit([document], talos_version=talos_version)
    alone = parse(text, talos_version=talos_version)
    _say(alone.diagnostics)
    if alone.diagnostics:
        sys.exit(Exit.FINDINGS)
    if target is None:
        _say(_findings(alone))
        click.echo(text, nl=False)
    else:
        _append(document, target, talos_version)


def _append(document: RegistryDocument, target: str, talos_version: str) -> None:
    from talos_registry.formatting import appended

    if target == "-":
        raise click.UsageError("standard input cannot be appended to")
    data = _read(target)
    source = parse(data, filename=target, talos_version=talos_version)
    _refuse_bad_file(source)
    try:
        result = appended(source, document)
    except TalosRegistryError as error:
        click.echo(f"talos-registry: {error}", err=True)
        sys.exit(Exit.FINDINGS)
    before, after = _findings(source), _findings(result)
    known = {(one.code, one.message) for one in before}
    _say(one for one in after if (one.code, one.message) not in known)
    write_back(target, data, encoded_like(result.text, data))
    click.echo(f"{target}: {document.kind} {quoted(document.name)} added", err=True)


def _read(target: str) -> bytes:
    data = read_file(target)
    if data is None:
        sys.exit(Exit.USAGE)
    check_rendered(target, data)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise click.UsageError(f"{target} is UTF-16; convert it to UTF-8 first")
    return data


def _refuse_bad_file(source: MachineConfig) -> None:
    """Stop at a file that Talos refuses; one without documents is a file to begin."""
    if source.diagnostics and source.entries:
        from talos_registry.report.as_text import render_finding

        for one in source.diagnostics:
            click.echo(render_finding(one), err=True)
        click.echo(f"talos-registry: {source.filename}: nothing is added to a file that Talos refuses", err=True)
        sys.exit(Exit.FINDINGS)


def _findings(config: MachineConfig) -> tuple[Diagnostic, ...]:
    """What the rules warn of in a config; mere hints suit whole configs better than a single document."""
    from talos_registry.linting import lint

    return tuple(one for one in lint(config) if one.severity is not Severity.INFO)


def _say(found: Iterable[Diagnostic]) -> None:
    for one in found:
        click.echo(f"talos-registry: {one.severity}[{one.code}]: {one.message}", err=True)
