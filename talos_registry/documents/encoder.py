"""Documents as the YAML that Talos writes: its key order, its quoting, its layout, byte for byte.

Source: siderolabs/talos, pkg/machinery/config/encoder/encoder.go (comments disabled) and container/container.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.documents import legacy
from talos_registry.documents.kinds import KINDS
from talos_registry.documents.models import OpaqueDocument
from talos_registry.documents.shapes import ListOf, MapOf, ScalarType, Shape, Struct, Values
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.goyaml import Tree, write
from talos_registry.goyaml import documents as trees
from talos_registry.goyaml.editing import ended, with_cuts
from talos_registry.goyaml.representer import from_value
from talos_registry.versions import LATEST, Release, release_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.documents.models import RegistryDocument
    from talos_registry.goyaml.emitter import Branch

__all__ = ["emit", "encoded", "encoded_member", "is_empty", "written_form"]


def emit(documents: Iterable[RegistryDocument | OpaqueDocument], *, talos_version: str = LATEST) -> str:
    """The documents as a multi-document YAML stream: the v1alpha1 document first, opaque documents verbatim.

    Secrets are written out: this is a config.

    Raises:
        ValueError: if ``talos_version`` is not a version.
    """
    release = release_of(talos_version)
    ordered = sorted(documents, key=lambda document: document.kind != legacy.KIND)
    texts = [_text(document, release) for document in ordered]
    return texts[0] + "".join(_separator(text) + text for text in texts[1:]) if texts else ""


def _separator(text: str) -> str:
    return "...\n" if text.startswith("%") else "---\n"


def _text(document: RegistryDocument | OpaqueDocument, release: Release) -> str:
    if isinstance(document, OpaqueDocument):
        return document.text if document.text.endswith("\n") else _ended(document.text, release)
    return write(written_form(document, release))


def written_form(document: RegistryDocument, release: Release) -> Branch:
    """A document as Talos writes it, before it is text."""
    values = encoded(KINDS[document.kind].struct, document.to_values())
    return from_value(values, release)  # type: ignore[return-value]  # of a dict comes a branch


def _ended(text: str, release: Release) -> str:
    """The text of a document with a line break at its end that changes nothing."""
    roots = [item.root for item in trees(text, release) if isinstance(item, Tree)]
    return with_cuts(text, ended(roots[-1], text) if roots else ()) + "\n"


def encoded(struct: Struct, values: Values) -> Values:
    """The members Talos writes, in its order: what is empty is left out unless it is always written."""
    members = ((key, shape, encoded_member(shape, values.get(key))) for key, shape in struct.fields.items())
    return {key: member for key, shape, member in members if key in struct.always or not is_empty(shape, member)}


def is_empty(shape: Shape, member: Any) -> bool:
    """Whether Talos leaves a member out."""
    return member in (None, "", []) or (member == {} and not (isinstance(shape, Struct) and shape.is_pointer))


def encoded_member(shape: Shape, value: Any) -> Any:
    """A value as Talos writes it."""
    if isinstance(shape, Struct):
        return None if value is None and shape.is_pointer else encoded(shape, value or {})
    if isinstance(shape, ListOf):
        return [encoded_member(shape.item, item) for item in value or ()]
    if isinstance(shape, MapOf):
        return {key: encoded_member(shape.item, item) for key, item in (value or {}).items()}
    if shape is ScalarType.URL:
        return _url(value or "")
    return value or "" if shape is ScalarType.STRING else value


def _url(text: str) -> str:
    try:
        return str(parse_url(text))
    except InvalidURLError:
        return text
