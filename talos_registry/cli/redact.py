"""``talos-registry redact``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from talos_registry.cli.copies import copies, write_copy
from talos_registry.cli.exits import Exit
from talos_registry.cli.help import Command
from talos_registry.cli.intake import Skipped
from talos_registry.cli.options import intake_options
from talos_registry.cli.streams import complain, print_config, print_findings, remark
from talos_registry.cli.taking import Taken
from talos_registry.cli.writing import encoded_like
from talos_registry.diagnostic import InvalidConfigError, TalosRegistryError
from talos_registry.loading import parse
from talos_registry.messages import printable
from talos_registry.redaction import REPLACEMENT, find_secrets, redact
from talos_registry.redaction.literals import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Unpack

    from talos_registry.cli.intake import Subject
    from talos_registry.cli.options import IntakeOptions
    from talos_registry.diagnostic import Diagnostic
    from talos_registry.loading import MachineConfig

__all__ = ["command"]


@click.command("redact", cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILES...", type=click.Path(allow_dash=True))
@click.option("--check", is_flag=True, help="Print nothing but the secrets' places; exit with 1 if there are any.")
@click.option(
    "--replacement", default=REPLACEMENT, show_default=True, metavar="TEXT", help="What to put in their place."
)
@click.option(
    "-o",
    "--output",
    "directory",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Write each file below DIR instead of printing it; the paths below an argument are kept.",
)
@intake_options
def command(
    files: tuple[str, ...], check: bool, replacement: str, directory: str | None, **options: Unpack[IntakeOptions]
) -> None:
    """Print FILES without their secrets, for showing to others; layout and comments stay.

    Secrets are what Talos redacts, in documents of all kinds, private keys among certificates, and user and password
    in names and URLs. For --check, placeholders such as ${VAR}, encrypted values and what has been redacted
    are none. Templates, and files encrypted with SOPS, are not shown; neither are files of other tools, of which --check
    looks at the patches that they carry.
    """
    if check and directory is not None:
        raise click.UsageError("--check writes nothing; give it without -o")
    taken = Taken(files, options, follows=check)
    if check:
        for subject in taken.subjects():
            _report(taken, subject, [*_literal(taken, subject, replacement)])
    elif directory is None:
        print_config(_stream([(subject.name, text) for subject, text in _shown(taken, replacement)]))
    else:
        _write_all(taken, replacement, directory, copies(files, directory))
    sys.exit(taken.worst)


def _write_all(taken: Taken, replacement: str, directory: str, targets: Mapping[str, str]) -> None:
    """Write the files that can be shown, each where it belongs below a directory."""
    count = 0
    for subject, text in _shown(taken, replacement):
        write_copy(targets[subject.name], encoded_like(text, subject.data))
        count += 1
    remark(f"{count} {'file' if count == 1 else 'files'} written below {directory}")


def _report(taken: Taken, subject: Subject | Skipped, diagnostics: Sequence[Diagnostic]) -> None:
    print_findings(diagnostics, err=False)
    if diagnostics:
        taken.reach(Exit.FINDINGS)
    elif isinstance(subject, Skipped):
        taken.skip(subject)


def _literal(taken: Taken, subject: Subject | Skipped, replacement: str) -> Iterator[Diagnostic]:
    """The secrets' places, and what keeps a config from being read that no other tool has yet to be at."""
    if isinstance(subject, Skipped):
        if subject.is_foreign:
            return
        config = parse(subject.data, filename=subject.name)
        yield from (finding for finding in find_secrets(config, replacement) if finding.code in CODES)
    elif subject.form != "carrier":
        yield from find_secrets(taken.config(subject), replacement)
    else:
        for patch in subject.carried:
            yield from map(patch.outward, find_secrets(subject.patch(patch), replacement))


def _shown(taken: Taken, replacement: str) -> Iterator[tuple[Subject, str]]:
    """The files that can be shown, without their secrets."""
    for subject in taken.subjects():
        if isinstance(subject, Skipped):
            taken.skip(subject)
            taken.reach(Exit.FINDINGS if taken.is_alone and subject.is_foreign else Exit.CLEAN)
            continue
        text = None
        if subject.form == "carrier":
            complain(f"not shown: this is {subject.what}; --check looks at its patches", subject.name)
        else:
            text = _redacted(taken.config(subject), replacement)
        if text is None:
            taken.reach(Exit.FINDINGS)
        else:
            yield subject, text


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
