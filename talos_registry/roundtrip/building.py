"""Trees of documents as Talos writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, SingleQuotedScalarString

from talos_registry.documents import KINDS, TYPED
from talos_registry.documents.encoder import encoded
from talos_registry.goyaml.representer import from_value

if TYPE_CHECKING:
    from talos_registry.documents import RegistryDocument

__all__ = ["tree_of"]


def tree_of(document: RegistryDocument) -> CommentedMap:
    """A document as a tree: keys in the order in which Talos writes them, unset members left out, texts quoted as by Talos.

    PEM blocks, and other texts of several lines, are literal blocks. Secrets are in it as they are: it is to be dumped.

    Args:
        document: one of the four typed kinds.

    Raises:
        TypeError: for what is not one of the four typed documents; the text of an opaque one is what ``YAML().load``
            takes.

    Source: siderolabs/talos, pkg/machinery/config/encoder/encoder.go.
    """
    if type(document) not in TYPED.values():
        kinds = ", ".join(TYPED)
        raise TypeError(f"tree_of takes a document of these kinds: {kinds}; not a {type(document).__name__}")
    tree = _tree(encoded(KINDS[document.kind].struct, document.to_values()))
    assert isinstance(tree, CommentedMap)
    return tree


def _tree(value: Any) -> Any:
    if isinstance(value, dict):
        return _in_blocks(CommentedMap((key, _tree(item)) for key, item in value.items()))
    if isinstance(value, list):
        return _in_blocks(CommentedSeq(map(_tree, value)))
    return _text(value) if isinstance(value, str) else value


def _in_blocks(collection: Any) -> Any:
    collection.fa.set_block_style()
    return collection


_STYLES = {
    "": str,
    "'": SingleQuotedScalarString,
    '"': DoubleQuotedScalarString,
    "|": LiteralScalarString,
}
_BLOCK = re.compile(r"(?=[^\s#])[\n\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff]*(?<!\s)\n?")
"""The texts that ruamel.yaml writes as blocks that say the same."""
_RARE_BREAK = re.compile("[\x85\u2028\u2029]")
"""What it indents after, outside of double quotes."""


def _text(text: str) -> Any:
    """A text in the quotes of Talos; bytes for one that is not UTF-8."""
    written = from_value(text)
    if written.prefix:
        return text.encode("utf-8", "surrogateescape")
    style = written.style  # type: ignore[union-attr]  # a text
    if _RARE_BREAK.search(text) or (style == "|" and not _BLOCK.fullmatch(text)):
        style = '"'
    return _STYLES[style](text)
