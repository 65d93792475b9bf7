"""``talos-registry lint``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypedDict

import click

from talos_registry.cli.checking import Mended, Outcome, check_files, checked
from talos_registry.cli.options import talos_version_option
from talos_registry.cli.reporting import finish, format_option
from talos_registry.diagnostic import InvalidReferenceError, Severity
from talos_registry.linting import lint
from talos_registry.linting.rules import codes
from talos_registry.loading import parse
from talos_registry.messages import did_you_mean
from talos_registry.resolution import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Unpack

    from talos_registry.diagnostic import Diagnostic
    from talos_registry.loading import MachineConfig

__all__ = ["command"]


class _Selection(TypedDict):
    """The options that are those of ``lint``."""

    images: tuple[str, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]


class _Options(_Selection):
    """What is to be done with each file."""

    talos_version: str
    output: str
    merge: bool
    fix: bool
    unsafe: bool
    diff: bool


def _checked_codes(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    known = codes()
    wanted = tuple(code.strip() for text in value for code in text.split(","))
    for code in wanted:
        if code not in known:
            raise click.BadParameter(f"there is no code {code!r}{did_you_mean(code, known)}", ctx, param)
    return wanted


def _checked_images(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    for image in value:
        try:
            Reference.parse(image)
        except InvalidReferenceError as error:
            raise click.BadParameter(f"{image!r}: {error}", ctx, param) from None
    return value


@click.command("lint")
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
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
    "--select", multiple=True, metavar="CODE", callback=_checked_codes, help="Only these rules; may be repeated."
)
@click.option(
    "--ignore", multiple=True, metavar="CODE", callback=_checked_codes, help="Not these rules; may be repeated."
)
@click.option("--fix", is_flag=True, help="Mend what can be mended without a change to any pull that works.")
@click.option("--unsafe", is_flag=True, help="With --fix or --diff: mend what else has a fix, too.")
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
@talos_version_option
@format_option
def command(files: tuple[str, ...], fail_on: str, jobs: int, **options: Unpack[_Options]) -> None:
    """Check FILES for what Talos refuses, and for what it accepts and you would regret.

    Each file is judged alone, unless --merge is given. What Talos refuses is always reported; --select and --ignore
    choose among the rules, and so does a comment on a line: # talos-registry: ignore[CODE]
    """
    _check_combination(files, options)
    outcomes: Iterable[Outcome] = (
        _merged(files, options) if options["merge"] else check_files(files, partial(_check, options), jobs=jobs)
    )
    if options["fix"] or options["diff"]:
        from talos_registry.cli import mending

        show = partial(mending.show_difference, talos_version=options["talos_version"])
        outcomes = map(show if options["diff"] else mending.put_back, list(outcomes))
    finish(outcomes, options["output"], fail_on=Severity(fail_on))


def _check_combination(files: tuple[str, ...], options: _Options) -> None:
    mends = options["fix"] or options["diff"]
    if options["unsafe"] and not mends:
        raise click.UsageError("--unsafe goes with --fix or --diff.")
    if options["merge"] and mends:
        raise click.UsageError("--fix and --diff mend files one by one; give them without --merge.")
    if options["diff"] and options["output"] != "text":
        raise click.UsageError("--diff is text; give it without --format.")
    if options["fix"] and not options["diff"] and "-" in files:
        raise click.UsageError("--fix cannot write standard input back; --diff shows the change.")


def _check(options: _Options, data: bytes, name: str) -> Outcome:
    config = parse(data, filename=name, talos_version=options["talos_version"])
    if options["fix"] or options["diff"]:
        return _mended(config, data, options)
    return Outcome(name, checked(config, _found(config, options), options["output"]))


def _mended(config: MachineConfig, data: bytes, options: _Options) -> Outcome:
    from talos_registry.linting import fix

    fixed = fix(config, unsafe=options["unsafe"], **_selection(options))
    codes = ", ".join(sorted({one.code for one in fixed.refused}))
    said = f"not mended, because Talos would refuse the result: {codes}" if codes else ""
    outcome = Outcome(
        config.filename, checked(fixed.config, _found(fixed.config, options), options["output"]), said=said
    )
    if not fixed.applied:
        return outcome
    return outcome._replace(mended=Mended(data, fixed.config.text, fixed.applied))


def _merged(files: tuple[str, ...], options: _Options) -> Iterator[Outcome]:
    """The outcomes of files that are one config; when one cannot be read, nothing is known about the whole."""
    configs: list[MachineConfig] = []

    def keep(data: bytes, name: str) -> Outcome:
        configs.append(parse(data, filename=name, talos_version=options["talos_version"]))
        return Outcome(name)

    outcomes = list(check_files(files, keep))
    yield from outcomes
    if configs and not any(outcome.is_unreadable for outcome in outcomes):
        found = _found(configs, options)
        for config in {config.filename: config for config in configs}.values():
            yield Outcome(
                config.filename,
                checked(config, tuple(one for one in found if one.file == config.filename), options["output"]),
            )


def _found(configs: MachineConfig | list[MachineConfig], options: _Options) -> tuple[Diagnostic, ...]:
    return lint(configs, **_selection(options))


def _selection(options: _Options) -> _Selection:
    return {"images": options["images"], "select": options["select"], "ignore": options["ignore"]}
