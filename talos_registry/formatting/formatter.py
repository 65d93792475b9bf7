"""Configs in the form in which Talos writes them, with the comments, blank lines and anchors that Talos drops.

Documents of the typed kinds are written anew. The kind-less v1alpha1 document and documents of other kinds, which this
library does not decode, stay as they are.
"""

from __future__ import annotations

import operator
import re
from itertools import chain, dropwhile
from typing import TYPE_CHECKING

from talos_registry.diagnostic import TalosRegistryError
from talos_registry.documents import KINDS, OpaqueDocument
from talos_registry.documents.encoder import encoded
from talos_registry.formatting.annotation import Annotation, hoisted
from talos_registry.formatting.notes import Notes, lines_of
from talos_registry.goyaml import Tree, documents, write
from talos_registry.goyaml.comments import comments
from talos_registry.goyaml.editing import difference, ended, is_planned, with_cuts
from talos_registry.goyaml.emitter import Branch
from talos_registry.goyaml.representer import from_value
from talos_registry.goyaml.text import ends_line, line_break_of
from talos_registry.loading import excess, require_config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.documents import RegistryDocument
    from talos_registry.goyaml.nodes import Node
    from talos_registry.loading import MachineConfig

__all__ = ["format_config"]


def format_config(config: MachineConfig) -> str:
    """The text of a config in canonical form, comments kept; formatting that again changes nothing.

    A text without a document of the typed kinds stays as it is.

    Args:
        config: what ``parse`` made of the file.

    Raises:
        InvalidConfigError: if Talos refuses the config.
        TalosRegistryError: if its layout cannot be changed without changing what it says.
        TypeError: for what is no MachineConfig.

    Source: siderolabs/talos, pkg/machinery/config/encoder/encoder.go, for the form.
    """
    require_config("format_config", config)
    config.raise_for_errors()
    if all(isinstance(document, OpaqueDocument) for document in config.documents):
        return config.text
    trees = [item for item in documents(config.text, config.release) if isinstance(item, Tree)]
    for in_order in (True, False):  # an alias may need its anchor to stay before it
        text = _written(config, trees, in_order=in_order)
        after = config.with_text(text)
        if _says_the_same(config, trees, after):
            return text
    reason = excess(after) or "more than its layout would change"
    raise TalosRegistryError(f"{config.filename}: not formatted: {reason}")


def _says_the_same(config: MachineConfig, trees: Iterable[Tree], after: MachineConfig) -> bool:
    roots = [tree.root for tree in trees if not tree.is_null]
    return (
        not after.diagnostics
        and len(config.documents) == len(after.documents)
        and is_planned(_undecoded(config, roots, after.trees))
        and all(map(_is_same_value, config.documents, after.documents))
        and not difference(_all_comments(config.text, trees), _all_comments(after.text, after.trees))
    )


def _undecoded(
    config: MachineConfig, roots: Iterable[Node], trees: Iterable[Tree]
) -> Iterator[tuple[Node, None, Node]]:
    """The documents that are not decoded, before and after."""
    for document, root, tree in zip(config.documents, roots, trees, strict=True):
        if isinstance(document, OpaqueDocument):
            yield root, None, tree.root


def _is_same_value(before: RegistryDocument | OpaqueDocument, after: RegistryDocument | OpaqueDocument) -> bool:
    return before == after or isinstance(before, OpaqueDocument)


def _all_comments(text: str, trees: Iterable[Tree]) -> Iterator[str]:
    return (text[begin:end].rstrip() for begin, end in comments((tree.root for tree in trees), text))


def _written(config: MachineConfig, trees: Iterable[Tree], *, in_order: bool) -> str:
    line_break = line_break_of(config.text)
    text = _written_with(line_break, config, trees, in_order=in_order)
    # Without a marker above it, another line can be the first that says how lines end.
    now = line_break_of(text)
    return text if now == line_break else _written_with(now, config, trees, in_order=in_order)


def _written_with(line_break: str, config: MachineConfig, trees: Iterable[Tree], *, in_order: bool) -> str:
    stream = _StreamWriter(config, line_break, in_order=in_order)
    stream.write(trees)
    return stream.text()


_DIRECTIVE = re.compile(r"^%", re.MULTILINE)
_AFTER_MARKER = re.compile(r"\A[ \t]*(?:\r?\n)?")


class _StreamWriter:
    """A stream piece by piece: documents, the markers between them, and every line beside those."""

    def __init__(self, config: MachineConfig, line_break: str, *, in_order: bool) -> None:
        self._config = config
        self._text = config.text
        self._release = config.release
        self._in_order = in_order
        self.line_break = line_break
        self._pieces: list[str] = []
        self._blank_lines = 0
        self._has_document = self._after_opaque = False

    def text(self) -> str:
        """What has been written, without blank lines at both ends."""
        return "".join(self._pieces)

    def write(self, trees: Iterable[Tree]) -> None:
        """Write all documents, which are read as ``trees``."""
        done, waiting = 0, list[str]()
        documents = iter(self._config.documents)
        for tree in trees:
            between, done = self._text[done : tree.begin], tree.end
            waiting.extend(lines_of(between))
            if tree.is_null:
                waiting.extend(self._lines_in(tree))
                continue
            document = next(documents)
            if _DIRECTIVE.search(between + self._text[tree.begin : tree.root.start_mark.index]):
                self._add(between + self._ended(tree))  # what it declares is not this tool's to judge
            elif isinstance(document, OpaqueDocument):
                self._add_opaque(waiting, between, tree)
            else:
                self._add_typed(waiting, document, tree)
            self._has_document, self._after_opaque = True, isinstance(document, OpaqueDocument)
            waiting = []
        waiting.extend(lines_of(self._text[done:]))
        self._add_apart(waiting)

    def _add(self, piece: str) -> None:
        self._pieces.append(self.line_break * self._blank_lines + piece)
        self._blank_lines = 0

    def _add_lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            if line:
                self._add(f"{line}{self.line_break}")
            elif self._pieces and not self._ends_with_kept_lines():
                self._blank_lines += 1

    def _ends_with_kept_lines(self) -> bool:
        """Whether one more blank line would be part of a block scalar."""
        return self._pieces[-1].endswith(self.line_break * 2)

    def _add_apart(self, lines: list[str]) -> None:
        """Add lines below a document; below an opaque one, of which they are no part, they need a marker."""
        if self._after_opaque and any(lines):
            self._add_lines(["---"])
        if any(lines) or not self._after_opaque:
            self._add_lines(lines)

    def _lines_in(self, tree: Tree) -> Iterator[str]:
        """The comments and blank lines around a null."""
        notes = Notes(tree.root, self._text, tree.begin, tree.end)
        return chain(filter(None, [notes.marker]), notes.all(tree.root))

    def _ended(self, tree: Tree) -> str:
        if ends_line(self._text[tree.begin : tree.end]):
            return self._text[tree.begin : tree.end]
        return with_cuts(self._text, ended(tree.root, self._text), tree.begin, tree.end) + self.line_break

    def _add_opaque(self, above: list[str], between: str, tree: Tree) -> None:
        self._add_apart(above)
        own = self._ended(tree)
        if self._pieces:
            self._add(f"---{own}")
        else:
            self._add(_AFTER_MARKER.sub("", own) if between else own)

    def _add_typed(self, above: list[str], document: RegistryDocument, tree: Tree) -> None:
        notes = Notes(tree.root, self._text, tree.begin, tree.end)
        if not self._after_opaque:
            self._add_lines(above)
        self._add_lines([f"--- {notes.marker}".rstrip()] if self._has_document else filter(None, [notes.marker]))
        if self._after_opaque:
            self._add_lines(above)
        head = notes.first_lead(tree.root)
        values = encoded(KINDS[document.kind].struct, document.to_values())
        annotation = Annotation(notes, self._text, self._release, in_order=self._in_order)
        document_branch = annotation.of(from_value(values, self._release), tree.root)
        assert isinstance(document_branch, Branch)
        lead, branch = hoisted(document_branch)
        self._add_lines(head)
        self._add_lines(lead if any(head) else dropwhile(operator.not_, lead))
        self._add_lines(filter(None, [branch.prefix.rstrip()]))
        self._add(write(branch._replace(foot=())).replace("\n", self.line_break))
        self._add_lines(branch.foot)
