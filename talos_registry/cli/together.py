"""Several files that are one config: the first is the base, the others are merged into it in the order given."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal, NamedTuple

import click

from talos_registry.cli.candidates import named_files
from talos_registry.cli.exits import Exit, Failure
from talos_registry.cli.files import find_files
from talos_registry.cli.intake import Skipped, Skips, examined, policy_for
from talos_registry.cli.options import plain_options
from talos_registry.loading import parse, recognise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from talos_registry.cli.candidates import Candidate
    from talos_registry.cli.intake import Policy, Subject
    from talos_registry.cli.options import IntakeOptions
    from talos_registry.loading import MachineConfig

__all__ = ["Parts", "read_one", "read_parts"]


class Parts(NamedTuple):
    """A config and its patches, in merge order; the base says which Talos they are for."""

    base: MachineConfig
    patches: tuple[MachineConfig, ...]


def read_parts(names: Sequence[str], options: IntakeOptions, *, repeated: bool = False) -> Parts:
    """The files that names stand for, as one config; the process ends if one of them cannot be a part of it.

    ``repeated``: a patch that is named twice is applied twice, and may be a whole config.
    """
    calls = [[name] for name in names] if repeated else [names]
    files = [file for call in calls for file in named_files(call, options)]
    policy = policy_for(names, files, options)
    if not all(file.is_there for file in files):
        sys.exit(Exit.USAGE)
    subjects = [*_subjects(files, names, policy, Skips(policy, is_verbose=options["verbose"]))]
    _refuse_several_nodes(names, subjects, options["exclude"], by_name=not repeated)
    if not subjects:
        raise Failure("there is no Talos config among these files")
    first, *others = subjects
    if first.form == "patch" and others:
        raise Failure(f"{first.name}: this is a patch; name the config that it is for before it")
    base = first._replace(form="config").config()
    return Parts(base, tuple(_part(other, base) for other in others))


def read_one(name: str, talos_version: str | None, *, form: Literal["config", "patch"] = "config") -> Subject:
    """A file that is a config, or a patch, whatever it looks like; the process ends if it cannot be one."""
    options = plain_options(talos_version)
    files = named_files([name], options)
    if not all(file.is_there for file in files):
        sys.exit(Exit.USAGE)
    if len(files) != 1:
        raise click.UsageError(f"{name} stands for {len(files)} files; name one, for nothing says their order")
    return _usable(_read(files[0], policy_for([name], files, options)))._replace(form=form)


def _part(subject: Subject, base: MachineConfig) -> MachineConfig:
    return parse(subject.data, filename=subject.name, talos_version=base.talos_version)


def _subjects(files: Iterable[Candidate], names: Sequence[str], policy: Policy, skips: Skips) -> Iterator[Subject]:
    for file in files:
        subject = _read(file, policy)
        if not isinstance(subject, Skipped):
            yield _usable(subject)
        elif file.name in names and not (subject.is_foreign and policy.foreign == "skip"):
            _usable(subject)
        else:
            skips.take(subject)
    skips.tell()


def _read(file: Candidate, policy: Policy) -> Subject | Skipped:
    try:
        return examined(file, policy)
    except OSError as error:
        raise Failure(f"{file.name}: {error.strerror or error}") from None


def _usable(subject: Subject | Skipped) -> Subject:
    """A file that a command cannot do without, which ends the process if it holds no config and no patch."""
    if isinstance(subject, Skipped):
        what = f"this is {subject.why}, no Talos config" if subject.is_foreign else subject.why
        raise Failure(f"{subject.name}: {what}")
    if subject.form == "carrier":
        raise Failure(f"{subject.name}: this is {subject.what}; render it and name a node's file")
    return subject


def _refuse_several_nodes(
    names: Iterable[str], subjects: Sequence[Subject], exclude: tuple[str, ...], *, by_name: bool
) -> None:
    """End the process if a directory or pattern stands for the configs of several nodes, or these are named one by one."""
    nodes = [subject.name for subject in subjects if _is_whole(subject)] if len(subjects) > 1 else []
    if len(nodes) <= 1:
        return
    for name in names:
        below = set(nodes).intersection(file for file, _ in find_files([name], exclude))
        if len(below) > 1:
            raise Failure(f"{name}: {len(below)} machine configs; name one")
    if by_name:
        raise Failure(f"{nodes[0]} and {nodes[1]} are both whole machine configs; name one")


def _is_whole(subject: Subject) -> bool:
    return recognise(subject.data, filename=subject.name).is_whole
