"""What a file is judged as: a config, a patch, or for the patches in it; files of other tools are left out and counted."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from talos_registry.cli.files import read_bytes
from talos_registry.cli.streams import note
from talos_registry.diagnostic import Diagnostic, Severity, Span
from talos_registry.loading import (
    is_plainly_config,
    parse,
    parse_for_its_target,
    parse_patch,
    recognise,
    unrendered_form,
)
from talos_registry.versions import LATEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talos_registry.cli.candidates import Candidate
    from talos_registry.cli.options import IntakeOptions
    from talos_registry.loading import CarriedPatch, MachineConfig, Recognition

__all__ = ["Policy", "Skipped", "Skips", "Subject", "examined", "not_a_talos_config", "policy_for", "with_texts"]

Foreign = Literal["skip", "report", "tell"]
"""What becomes of a file of another tool: it is passed over, an error, or said to be one."""


class Policy(NamedTuple):
    """What becomes of files of other tools, and whether one of which nobody can tell is judged."""

    foreign: Foreign
    takes_broken: bool


class Skipped(NamedTuple):
    """A file that is not judged, and why: it ``is_foreign``, or must be rendered or decrypted first."""

    name: str
    data: bytes
    why: str
    is_foreign: bool = False


class Subject(NamedTuple):
    """A file that is judged: as a config, as a patch, or for the patches that it carries."""

    name: str
    data: bytes
    form: Literal["config", "patch", "carrier"]
    talos_version: str | None
    what: str = ""
    carried: tuple[CarriedPatch, ...] = ()
    fills_in: bool = False

    def config(self) -> MachineConfig:
        """What is in the file, read anew; of carriers see ``patch``."""
        if self.form == "patch":
            config = parse_patch(self.data, filename=self.name, talos_version=self.talos_version or LATEST)
        elif self.talos_version is None:
            config = parse_for_its_target(self.data, filename=self.name)
        else:
            config = parse(self.data, filename=self.name, talos_version=self.talos_version)
        return _filled_in(config) if self.fills_in else config

    def patch(self, carried: CarriedPatch) -> MachineConfig:
        """What is in one of the patches that it carries."""
        config = parse_patch(carried.text, filename=self.name, talos_version=self.talos_version or LATEST)
        return _filled_in(config) if carried.fills_in else config


def _filled_in(config: MachineConfig) -> MachineConfig:
    """A config without the findings that are gone once its tool has put values in the place of placeholders."""
    kept = (diagnostic for diagnostic in config.diagnostics if diagnostic.code != "template-not-rendered")
    return replace(config, diagnostics=tuple(kept))


def policy_for(
    names: Sequence[str], found: Sequence[Candidate], options: IntakeOptions, *, alone: Foreign = "tell"
) -> Policy:
    """What becomes of files of other tools in a call; ``alone``: of one that is its only file."""
    is_alone = len(names) == 1 and [candidate.name for candidate in found[:1]] == [*names]
    foreign = options["foreign"] or (alone if is_alone else "skip")
    return Policy(foreign, takes_broken=is_alone and options["foreign"] is None)


def examined(candidate: Candidate, policy: Policy) -> Subject | Skipped:
    """What is to be judged of a file.

    Raises:
        OSError: if it cannot be read.
    """
    name, version, fills_in = candidate.name, candidate.talos_version, candidate.fills_in
    data = read_bytes(name)
    unrendered = unrendered_form(name, data) or _of_chart(name, data)
    if unrendered is not None:
        return Skipped(name, data, _UNRENDERED[unrendered])
    if is_plainly_config(data):
        return Subject(name, data, "patch" if candidate.is_patch else "config", version, fills_in=fills_in)
    recognised = recognise(data, filename=name)
    if recognised.form == "carrier":
        version = version or recognised.talos_version or None
        return Subject(name, data, "carrier", version, recognised.what, with_texts(recognised))
    if candidate.is_patch or recognised.form == "patch":
        return Subject(name, data, "patch", version, fills_in=fills_in)
    if recognised.form == "config" or (recognised.is_broken and policy.takes_broken):
        return Subject(name, data, "config", version, fills_in=fills_in)
    return Skipped(name, data, recognised.what, is_foreign=True)


def _of_chart(name: str, data: bytes) -> Literal["template"] | None:
    """Whether a file is among the templates of a Helm chart, which have the names of what they are rendered to."""
    if b"{{" not in data:
        return None
    folder = os.path.dirname(os.path.abspath(name))
    while (above := os.path.dirname(folder)) != folder:
        if os.path.basename(folder) == "templates" and os.path.isfile(os.path.join(above, "Chart.yaml")):
            return "template"
        folder = above
    return None


def with_texts(recognised: Recognition) -> tuple[CarriedPatch, ...]:
    """The patches that stand in a carrier themselves."""
    return tuple(patch for patch in recognised.patches if patch.text)


_UNRENDERED = {"template": "a template; render it first", "encrypted": "encrypted with SOPS; decrypt it first"}


class Skips:
    """Says which files are not judged, and counts those of other tools."""

    def __init__(self, policy: Policy, *, is_verbose: bool) -> None:
        self._foreign = policy.foreign
        self._is_verbose = is_verbose
        self._count = 0

    def take(self, skipped: Skipped) -> Diagnostic | None:
        """Say that a file is not judged; what is to be reported of it instead, if anything."""
        if not skipped.is_foreign:
            note(f"skipped: {skipped.why}", skipped.name)
        elif self._foreign == "report":
            return not_a_talos_config(skipped)
        elif self._foreign == "tell":
            note(f"not a Talos config: this is {skipped.why}", skipped.name)
        else:
            self._count += 1
            if self._is_verbose:
                note(f"skipped: {skipped.why}", skipped.name)
        return None

    def tell(self) -> None:
        """Say how many files of other tools were passed over."""
        if self._count:
            what = "file that is no Talos config" if self._count == 1 else "files that are not Talos configs"
            note(f"skipped {self._count} {what}")


def not_a_talos_config(skipped: Skipped) -> Diagnostic:
    """The finding about a file of another tool."""
    return Diagnostic(
        code="not-a-talos-config",
        severity=Severity.ERROR,
        message=f"This is {skipped.why}; it is no Talos config, and carries no patch of one.",
        file=skipped.name,
        span=Span(1, 1, 1, 1),
    )
