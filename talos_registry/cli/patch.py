"""``talos-registry patch``."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import click

from talos_registry.cli.exits import Exit, Failure
from talos_registry.cli.help import Group
from talos_registry.cli.intake import Skipped
from talos_registry.cli.options import plain_options, quiet_option, talos_version_option
from talos_registry.cli.streams import note, print_config, print_findings, print_report, remark, say
from talos_registry.cli.taking import Taken
from talos_registry.cli.targets import warn_of_newer
from talos_registry.cli.together import read_one
from talos_registry.diagnostic import PatchError
from talos_registry.loading import recognise
from talos_registry.messages import printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talos_registry.cli.intake import Subject
    from talos_registry.diagnostic import Diagnostic
    from talos_registry.loading import MachineConfig

__all__ = ["command"]


@click.group("patch", cls=Group)
def command() -> None:
    """Make, apply and check patches of machine configs.

    A patch is a file with a strategic merge patch, $patch: delete included, or with a JSON Patch (RFC 6902).
    """


@command.command("make")
@click.argument("before", metavar="BEFORE", type=click.Path(allow_dash=True))
@click.argument("after", metavar="AFTER", type=click.Path(allow_dash=True))
@click.option("--once", is_flag=True, help="Make a patch that need not be applicable again.")
@click.option("--registries-only", is_flag=True, help="Leave out what is not about registries.")
@quiet_option
@talos_version_option
def make(before: str, after: str, *, once: bool, registries_only: bool, talos_version: str | None) -> None:
    """Print a patch that turns BEFORE into AFTER, and changes nothing when it is applied again.

    It fits talosctl (--patch @FILE, --config-patch @FILE), talhelper, and config_patches of Terraform.
    """
    from talos_registry.patching import make_patch

    old, (changed,) = _read([before, after], talos_version)
    new = changed.config()
    try:
        drafted = make_patch(old, new, once=once, only_registries=registries_only)
    except PatchError as error:
        broken = next((config for config in (old, new) if not config.loads), None)
        if broken is not None:
            _refuse_config(broken)
        _refuse(error, old.filename)
    print_config(drafted)
    if not registries_only:
        _say_misfits(old, new, drafted)


def _say_misfits(old: MachineConfig, new: MachineConfig, patch: str) -> None:
    from talos_registry.masking import mask_secrets
    from talos_registry.patching.making import misfits

    for version, why in misfits(old, new, patch):
        shown = printable(shortened(mask_secrets(" ".join(why.split()))))
        remark(f"the patch is for Talos {old.talos_version}; it does not fit {version}: {shown}")


@command.command("apply")
@click.argument("base", metavar="BASE", type=click.Path(allow_dash=True))
@click.argument("patches", nargs=-1, required=True, metavar="PATCH...", type=click.Path(allow_dash=True))
@click.option("--canonical", is_flag=True, help="Print documents as Talos does: its layout, no comments.")
@quiet_option
@talos_version_option
def apply(base: str, patches: tuple[str, ...], canonical: bool, talos_version: str | None) -> None:
    """Print the config BASE with the patches applied in order; what they do not touch stays as it is.

    Like Talos, this does not check whether the result is valid: see validate and lint --merge.
    """
    _, result, _ = _applied([base, *patches], talos_version)
    if canonical:
        print_config(_canonical(result))
    else:
        print_config(result.text)


@command.command("check")
@click.argument("files", nargs=-1, required=True, metavar="[BASE] PATCH...", type=click.Path(allow_dash=True))
@click.option(
    "--bases",
    multiple=True,
    metavar="DIR|GLOB",
    type=click.Path(),
    help="Configs to patch, each alone; a glob in quotes; may be repeated. All arguments are patches then.",
)
@quiet_option
@talos_version_option
def check(files: tuple[str, ...], bases: tuple[str, ...], talos_version: str | None) -> None:
    """Show what the patches do to BASE, and whether they can be applied again.

    Fails if applying them again repeats endpoints, or is refused. With --bases, what they do to each of several configs;
    equal answers are shown once.
    """
    if bases:
        sys.exit(_check_all(bases, files, talos_version))
    base, *patches = files
    if not patches:
        raise click.UsageError("Missing argument 'PATCH...'.")
    answer = _checked(*_applied([base, *patches], talos_version))
    print_report(answer.text)
    sys.exit(answer.code)


class _Answer(NamedTuple):
    """What the patches do to a config, and the exit code."""

    text: str
    code: Exit


def _check_all(bases: Sequence[str], names: Sequence[str], talos_version: str | None) -> Exit:
    """Show what the patches do to each of the configs; the worst exit code of all."""
    patches = [read_one(name, talos_version, form="patch") for name in names]
    for patch in patches:
        if recognise(patch.data).is_whole:
            raise Failure(f"{patch.name}: this is a whole config; give it to --bases")
    taken = Taken(bases, plain_options(talos_version))
    answers: dict[_Answer, list[str]] = {}
    for subject in taken.subjects():
        if isinstance(subject, Skipped):
            taken.skip(subject)
        elif subject.form == "carrier":
            note(f"not patched: this is {subject.what}", subject.name)
        else:
            answer = _answer(taken.config(subject._replace(form="config")), patches)
            answers.setdefault(answer, []).append(subject.name)
            taken.reach(answer.code)
    for answer, configs in answers.items():
        count = f"{len(configs)} configs" if len(configs) > 1 else "1 config"
        print_report(printable(f"{count}: {', '.join(configs)}"))
        print_report("\n".join(f"  {line}" for line in answer.text.split("\n")))
    return taken.worst


def _answer(base: MachineConfig, patches: Sequence[Subject]) -> _Answer:
    from talos_registry.patching import apply_patches
    from talos_registry.report.as_text import render_finding

    if not base.loads:
        return _Answer("\n".join(map(render_finding, base.diagnostics)), Exit.FINDINGS)
    try:
        return _checked(base, apply_patches(base, [patch.data for patch in patches]), patches)
    except PatchError as error:
        name = base.filename if error.patch_index is None else patches[error.patch_index].name
        return _Answer(_message(error, name), Exit.FINDINGS)


def _checked(config: MachineConfig, result: MachineConfig, patches: Sequence[Subject]) -> _Answer:
    from talos_registry.patching.effects import effects
    from talos_registry.report.effects_text import render_effects

    messages = list(_applied_again(result, patches))
    text = "\n".join([render_effects(effects(config, result), config.release), *messages])
    return _Answer(text, Exit.FINDINGS if messages else Exit.CLEAN)


def _canonical(config: MachineConfig) -> str:
    """The config as Talos writes it; what is not decoded for the target keeps its text."""
    from talos_registry.documents import emit
    from talos_registry.documents.encoder import canonical_text

    if any(entry.values is None for entry in config.entries):
        return emit(config.documents, talos_version=config.talos_version)
    return canonical_text(((entry.kind, entry.values or {}) for entry in config.entries), config.release)


_REPEATED = "repeated-after-merge"


def _read(names: Sequence[str], talos_version: str | None) -> tuple[MachineConfig, list[Subject]]:
    """A config and other files for the same Talos, one for each name; the process ends if one cannot be read."""
    first, *others = names
    base = read_one(first, talos_version).config()
    warn_of_newer([base.talos_version])
    return base, [read_one(name, base.talos_version) for name in others]


def _applied(names: Sequence[str], talos_version: str | None) -> tuple[MachineConfig, MachineConfig, list[Subject]]:
    """The config, what the patches make of it, and the patches; the process ends if they cannot be applied."""
    from talos_registry.patching import apply_patches

    base, patches = _read(names, talos_version)
    try:
        return base, apply_patches(base, [patch.data for patch in patches]), patches
    except PatchError as error:
        if error.patch_index is None and not base.loads:
            _refuse_config(base)
        _refuse(error, base.filename if error.patch_index is None else patches[error.patch_index].name)


def _refuse_config(config: MachineConfig) -> NoReturn:
    print_findings(config.diagnostics)
    sys.exit(Exit.FINDINGS)


def _refuse(error: PatchError, name: str) -> NoReturn:
    say(_message(error, name))
    sys.exit(Exit.FINDINGS)


def _message(error: PatchError, name: str) -> str:
    from talos_registry.masking import mask_secrets

    place = "" if error.line is None else f":{error.line}:{error.column}"
    return printable(f"{name}{place}: {mask_secrets(str(error))}")


def _applied_again(result: MachineConfig, patches: Sequence[Subject]) -> Iterator[str]:
    """What happens when the patches are applied again."""
    from talos_registry.linting import lint
    from talos_registry.patching import apply_patches
    from talos_registry.patching.effects import repeats
    from talos_registry.report.as_text import render_finding

    try:
        again = apply_patches(result, [patch.data for patch in patches])
    except PatchError as error:
        yield _message(error, patches[error.patch_index or 0].name) + " (when the patches are applied again)"
        return
    if repeats(result, again):
        diagnostics = lint([result, *(patch.config() for patch in patches)], select=[_REPEATED])
        lines = (render_finding(_again(diagnostic)) for diagnostic in diagnostics if diagnostic.code == _REPEATED)
        yield from dict.fromkeys(lines)


def _again(diagnostic: Diagnostic) -> Diagnostic:
    """A finding that is about the config as the patches have left it already."""
    message = diagnostic.message
    return replace(diagnostic, message=f"Applied again, {message[0].lower()}{message[1:]}", fix=None)
