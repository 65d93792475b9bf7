"""What is wrong, where, and how to fix it: the one value every check returns, and the exceptions for callers.

How they follow each other: a *problem* is what Talos refuses in the values of one document, at a path relative to it.
A *finding* is what a rule regrets, at a path that begins with the index of the document (``linting.finding.Finding``),
or what a JSON Schema refuses (``schema.findings.SchemaFinding``). Whoever judges a whole file makes a *diagnostic* of
each: it adds the severity, the document's kind and name, the file, the lines and columns, and the fix.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "WITHIN",
    "CacheError",
    "Diagnostic",
    "Edit",
    "Fix",
    "HostsError",
    "InstallationError",
    "InvalidConfigError",
    "InvalidReferenceError",
    "MigrateError",
    "PatchError",
    "Path",
    "Problem",
    "Severity",
    "Span",
    "TalosRegistryError",
    "by_place",
    "dotted",
]

Path = tuple[str | int, ...]
"""Keys and list indices, from the root of a document to a value."""

WITHIN = " > "
"""The step of a path from a text in a file of another tool to what is in that text."""


class Span(NamedTuple):
    """A stretch of text; columns count characters, not bytes.

    Attributes:
        line: the line it begins on, from 1.
        column: the column it begins at, from 1.
        end_line: the line it ends on, from 1.
        end_column: the column it ends before, from 1.
    """

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, repr=False)
class Edit:
    """Replace a stretch of the text of a config.

    Attributes:
        span: what is replaced; where begin and end are the same, something is put in between.
        text: what stands there then.
    """

    span: Span
    text: str

    def __repr__(self) -> str:
        from talos_registry.masking import masked_repr

        return masked_repr(self, ("span", "text"))


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that fixes a finding.

    Attributes:
        title: what it does, in one sentence.
        safe: whether no correct pull changes by it.
        edits: all of them together, each for the text as it is before any.
        plan: what the edits make of the document, by which several fixes can be made at once and are proved.
    """

    title: str
    safe: bool
    edits: tuple[Edit, ...]
    plan: Any = field(default=None, repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The fix as it is in reports of format ``json``: plain values, which JSON can hold."""
        edits = [{**edit.span._asdict(), "text": edit.text} for edit in self.edits]
        return {"title": self.title, "safe": self.safe, "edits": edits}


class Problem(NamedTuple):
    """One thing Talos refuses, before it has a place in a file.

    ``path`` is relative to the document; ``text`` is what Talos prints, ``message`` what this tool says.
    """

    code: str
    path: Path
    text: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True, init=False, repr=False)
class Diagnostic:
    """One thing that is wrong with a config; several are sorted by file and place.

    A place can be given to the constructor by ``line``, ``column``, ``end_line`` and ``end_column`` as well; without an
    end it is where it begins.

    Attributes:
        code: what it is about, for ``explain`` and to select or ignore it.
        severity: how bad it is.
        message: one sentence, which shows no secret.
        path: the index of the document in the file, then keys and list indices, all from 0; empty for the whole file.
        kind: that of the document.
        name: that of the document.
        file: the name of the file.
        span: where it is, None when it has no place; then the four properties that take it apart are None, too.
        fix: what to change, None if that is not known.
    """

    code: str
    severity: Severity
    message: str
    path: Path = ()
    kind: str = ""
    name: str = ""
    file: str = "<config>"
    span: Span | None = None
    fix: Fix | None = None

    def __init__(  # noqa: PLR0913 - each is a keyword
        self,
        *,
        code: str,
        severity: Severity,
        message: str,
        path: Path = (),
        kind: str = "",
        name: str = "",
        file: str = "<config>",
        span: Span | None = None,
        line: int | None = None,
        column: int | None = None,
        end_line: int | None = None,
        end_column: int | None = None,
        fix: Fix | None = None,
    ) -> None:
        if line is not None:
            column = column or 1
            span = Span(line, column, end_line or line, end_column or column)
        put = object.__setattr__
        put(self, "code", code)
        put(self, "severity", severity)
        put(self, "message", message)
        put(self, "path", path)
        put(self, "kind", kind)
        put(self, "name", name)
        put(self, "file", file)
        put(self, "span", span)
        put(self, "fix", fix)

    def __repr__(self) -> str:
        from talos_registry.masking import masked_repr

        return masked_repr(self, (member.name for member in fields(self)))

    @property
    def line(self) -> int | None:
        """The line it begins on, from 1."""
        return self.span and self.span.line

    @property
    def column(self) -> int | None:
        """The column it begins at, from 1, in characters."""
        return self.span and self.span.column

    @property
    def end_line(self) -> int | None:
        """The line it ends on, from 1."""
        return self.span and self.span.end_line

    @property
    def end_column(self) -> int | None:
        """The column it ends before, from 1, in characters."""
        return self.span and self.span.end_column

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Diagnostic):
            return NotImplemented
        return self._order() < other._order()

    def _order(self) -> tuple[Any, ...]:
        return self.file, by_place(self), self.span or (), self.code, self.message

    @property
    def shown_fix(self) -> Fix | None:
        """The fix, unless there is in it what can be user and password of a URL."""
        fix = self.fix
        if fix is None or any("@" in text for text in (fix.title, *(edit.text for edit in fix.edits))):
            return None
        return fix

    def to_dict(self) -> dict[str, Any]:
        """The finding as it is in reports of format ``json``: plain values, which JSON can hold, and no secret."""
        from talos_registry.masking import mask_path, mask_url

        fix = self.shown_fix
        return {
            "code": self.code,
            "severity": str(self.severity),
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "kind": mask_url(self.kind),
            "name": mask_url(self.name),
            "path": dotted(mask_path(self.path[1:])),
            "fix": None if fix is None else fix.to_dict(),
        }

    def __str__(self) -> str:
        """The finding on one line, as compilers write it."""
        place = "" if self.line is None else f":{self.line}:{self.column}"
        return f"{self.file}{place}: {self.severity}[{self.code}]: {self.message}"


def by_place(diagnostic: Diagnostic) -> tuple[int, int]:
    """A sort key for the order of a file; what has no place comes first."""
    return diagnostic.span[:2] if diagnostic.span else (0, 0)


def dotted(path: Path) -> str:
    """The path inside a document as people write it: ``endpoints[0].url``, ``mirrors["docker.io"]``."""
    text = ""
    for step in path:
        if step == WITHIN:
            return text + WITHIN + dotted(path[path.index(WITHIN) + 1 :])
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.replace("-", "_").isidentifier():
            text += f".{step}" if text else step
        else:
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{escaped}"]'
    return text


class TalosRegistryError(ValueError):
    """Base of everything this library raises on purpose."""


class InstallationError(TalosRegistryError):
    """A file of this library that is missing or damaged."""


class InvalidConfigError(TalosRegistryError):
    """A config that Talos refuses.

    Attributes:
        diagnostics: what Talos refuses of it.
    """

    diagnostics: tuple[Diagnostic, ...]

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(map(str, self.diagnostics)))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.diagnostics,)


class InvalidReferenceError(TalosRegistryError):
    """An image reference that is not one; ``str()`` is the text of ``distribution/reference``."""


class HostsError(TalosRegistryError):
    """A registry set for which Talos generates no hosts directory; ``str()`` is Talos' text."""


class CacheError(TalosRegistryError):
    """A cache that cannot be set up as it is described; ``str()`` is the reason."""


class PatchError(TalosRegistryError):
    """A patch that cannot be made or applied; ``str()`` is Talos' text where Talos has one, and can quote secrets.

    Attributes:
        patch_index: which of the patches it is about, counted from 0; None when it is about the config.
        line: the line in that text, from 1; None when there is no place.
        column: the column in that line, from 1.
    """

    patch_index: int | None
    line: int | None
    column: int | None

    def __init__(
        self, text: str, *, patch_index: int | None = None, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(text)
        self.patch_index = patch_index
        self.line = line
        self.column = column


class MigrateError(TalosRegistryError):
    """What cannot be migrated.

    Attributes:
        entries: each entry or document that has to stay where it is, and why.
        text: the config with all others migrated; None when nothing can be.
    """

    entries: tuple[Diagnostic, ...]
    text: str | None

    def __init__(self, message: str, *, entries: Iterable[Diagnostic] = (), text: str | None = None) -> None:
        self.entries = tuple(entries)
        self.text = text
        super().__init__(message)
