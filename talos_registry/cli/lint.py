"""``talos-registry lint``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypedDict

import click

from talos_registry.cli.checking import Judge, Outcome, check_files, checked
from talos_registry.cli.completing import completed
from talos_registry.cli.help import Command
from talos_registry.cli.options import IntakeOptions, intake_options
from talos_registry.cli.reporting import finish, format_option
from talos_registry.cli.together import read_parts
from talos_registry.diagnostic import InvalidReferenceError, Severity
from talos_registry.linting import lint
from talos_registry.linting.rules import codes
from talos_registry.messages import did_you_mean, quoted
from talos_registry.resolution import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Unpack

    from talos_registry.diagnostic import Diagnostic
    from talos_registry.linting import Fixed
    from talos_registry.loading import MachineConfig

__all__ = ["command"]


class _Selection(TypedDict):
    """The options that are those of ``lint``."""

    images: tuple[str, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]


class _Options(_Selection):
    """What is to be done with each file."""

    output: str
    merge: bool
    fix: bool
    unsafe: bool
    diff: bool


class _AllOptions(_Options, IntakeOptions):
    """All there are."""


def _checked_codes(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    known = codes()
    wanted = tuple(code.strip() for text in value for code in text.split(","))
    for code in wanted:
        if code not in known:
            raise click.BadParameter(f"there is no code {quoted(code)}{did_you_mean(code, known)}", ctx, param)
    return wanted


def _checked_images(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    for image in value:
        try:
            Reference.parse(image)
        except InvalidReferenceError as error:
            raise click.BadParameter(f"{quoted(image)}: {error}", ctx, param) from None
    return value


@click.command("lint", cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILES...", type=click.Path(allow_dash=True))
@click.option(
    "--image",
    "images",
    multiple=True,
    metavar="REF",
    callback=_checked_images,
    help="An image that nodes will pull; may be repeated.",
)
@click.option("--merge", is_flag=True, help="FILES are one config and its patches, in the order they are applied.")
@click.option(
    "--select",
    multiple=True,
    metavar="CODE",
    callback=_checked_codes,
    shell_complete=completed(codes),
    help="Only these rules; may be repeated.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="CODE",
    callback=_checked_codes,
    shell_complete=completed(codes),
    help="Not these rules; may be repeated.",
)
@click.option("--fix", is_flag=True, help="Fix what can be fixed without a change to any pull that works.")
@click.option("--unsafe", is_flag=True, help="With --fix or --diff: fix what else has a fix, too.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, secrets masked, and change nothing.")
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    default=Severity.ERROR.value,
    show_default=True,
    help="The least severity that makes the exit code 1.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=0),
    default=1,
    metavar="N",
    help="Check many files in N processes; 0 for one on each core.",
)
@intake_options
@format_option
def command(files: tuple[str, ...], fail_on: str, jobs: int, **options: Unpack[_AllOptions]) -> None:
    """Check FILES for what Talos refuses, and for what it accepts and you would regret.

    Each file is judged alone, unless --merge is given. What Talos refuses is always reported; --select and --ignore
    choose among the rules, and so does a comment on a line: # talos-registry: ignore[CODE]
    """
    _check_combination(files, options)
    outcomes: Iterable[Outcome] = (
        _merged(files, options, options)
        if options["merge"]
        else check_files(files, _judge(options), options, jobs=jobs)
    )
    if options["fix"] or options["diff"]:
        from talos_registry.cli import fixing

        outcomes = map(fixing.show_difference if options["diff"] else fixing.write_fixed, list(outcomes))
    err = _writes_input_on(files, options)
    finish(outcomes, options["output"], fail_on=Severity(fail_on), err=err)


def _check_combination(files: tuple[str, ...], options: _Options) -> None:
    fixes = options["fix"] or options["diff"]
    if options["unsafe"] and not fixes:
        raise click.UsageError("--unsafe goes with --fix or --diff.")
    if options["merge"] and fixes:
        raise click.UsageError("--fix and --diff fix files one by one; give them without --merge.")
    if options["diff"] and options["output"] != "text":
        raise click.UsageError("--diff is text; give it without --format.")
    if _writes_input_on(files, options) and (len(files) > 1 or options["output"] != "text"):
        raise click.UsageError(
            "--fix writes standard input, fixed, to standard output: give - alone, without --format."
        )


def _writes_input_on(files: tuple[str, ...], options: _Options) -> bool:
    """Whether the fixed text goes to standard output, and findings to stderr."""
    return options["fix"] and not options["diff"] and "-" in files


def _judge(options: _Options) -> Judge:
    fixes = options["fix"] or options["diff"]
    selection = _selection(options)
    return Judge(
        partial(_diagnostics, selection),
        partial(_fixed, selection, unsafe=options["unsafe"]) if fixes else None,
        options["output"],
    )


def _fixed(selection: _Selection, config: MachineConfig, *, unsafe: bool) -> Fixed:
    from talos_registry.linting import fix

    return fix(config, unsafe=unsafe, **selection)


def _merged(files: tuple[str, ...], options: _Options, intake: IntakeOptions) -> Iterator[Outcome]:
    """The outcomes of files that are one config; when one cannot be read, nothing is known about the whole."""
    base, patches = read_parts(files, intake, repeated=True)
    configs = [base, *patches]
    by_name = {config.filename: config for config in configs}
    found: dict[str, list[Diagnostic]] = {name: [] for name in by_name}
    for diagnostic in _diagnostics(_selection(options), configs):
        found[diagnostic.file].append(diagnostic)
    for name, config in by_name.items():
        yield Outcome(name, checked(config, tuple(found[name]), options["output"]))


def _diagnostics(selection: _Selection, configs: MachineConfig | list[MachineConfig]) -> tuple[Diagnostic, ...]:
    return lint(configs, **selection)


def _selection(options: _Options) -> _Selection:
    return {"images": options["images"], "select": options["select"], "ignore": options["ignore"]}
