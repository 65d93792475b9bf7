"""The files of a command that goes through them one by one, and the exit code that comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.cli.candidates import candidates
from talos_registry.cli.exits import Exit
from talos_registry.cli.intake import Skipped, Skips, examined, policy_for
from talos_registry.cli.streams import complain, print_findings
from talos_registry.cli.targets import warn_of_newer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talos_registry.cli.candidates import Candidate
    from talos_registry.cli.intake import Subject
    from talos_registry.cli.options import IntakeOptions
    from talos_registry.loading import MachineConfig

__all__ = ["Taken"]


class Taken:
    """The files that names stand for, and the ``worst`` that was found in them so far.

    ``follows``: those that carriers name are among them. ``is_alone``: there is one file, and nothing else is said of it
    if it is of another tool.
    """

    def __init__(self, names: Sequence[str], options: IntakeOptions, *, follows: bool = False) -> None:
        self._files = candidates(names, options, follows=follows)
        self._policy = policy_for(names, self._files, options)
        self._skips = Skips(self._policy, is_verbose=options["verbose"])
        self._newer: set[str] = set()
        self.is_alone = self._policy.foreign == "tell"
        self.worst = Exit.CLEAN

    def reach(self, code: Exit) -> None:
        """End with this exit code, unless there is a worse one."""
        self.worst = max(self.worst, code)

    def subjects(self) -> Iterator[Subject | Skipped]:
        """The files in order, also those to ``skip``; what cannot be read is named on stderr."""
        for file in self._files:
            subject = self._examined(file)
            if subject is None:
                self.reach(Exit.USAGE)
                continue
            yield subject
        self._skips.tell()

    def _examined(self, file: Candidate) -> Subject | Skipped | None:
        if not file.is_there:
            return None
        try:
            return examined(file, self._policy)
        except OSError as error:
            complain(error.strerror or str(error), file.name)
            return None

    def skip(self, skipped: Skipped) -> None:
        """Say that a file is passed over, or report it."""
        reported = self._skips.take(skipped)
        if reported is not None:
            print_findings([reported], err=False)
            self.reach(Exit.FINDINGS)

    def config(self, subject: Subject) -> MachineConfig:
        """What is in a file; a target that this tool does not know is named once."""
        config = subject.config()
        if config.talos_version not in self._newer:
            self._newer.add(config.talos_version)
            warn_of_newer([config.talos_version])
        return config
