"""Documents as the YAML that Talos writes: its key order, its quoting, its layout, byte for byte.

Source: siderolabs/talos, pkg/machinery/config/encoder/encoder.go (comments disabled) and container/container.go.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from talos_registry.arguments import wrong_type
from talos_registry.documents import legacy
from talos_registry.documents.kinds import KINDS, struct_of
from talos_registry.documents.models import TYPED, OpaqueDocument
from talos_registry.documents.shapes import ANY, Leaf, ListOf, MapOf, Shape, Struct, Values, is_pointer, zero
from talos_registry.documents.texts import Octal, written_size
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.go.url import is_canonical
from talos_registry.goyaml import Tree, write
from talos_registry.goyaml import documents as trees
from talos_registry.goyaml.editing import ended, with_cuts
from talos_registry.goyaml.representer import NodeText, from_value, natural_key
from talos_registry.versions import LATEST, Release, release_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talos_registry.documents.models import RegistryDocument
    from talos_registry.goyaml.emitter import Branch

__all__ = ["canonical", "canonical_text", "emit", "encoded", "encoded_member", "is_empty", "written_form"]


class HoldsDocuments(Protocol):
    """A config: documents for a version of Talos."""

    @property
    def documents(self) -> Any:  # since to pyright a cached_property is none of a type
        """The documents, in the order of the file."""

    @property
    def talos_version(self) -> str:
        """The version they are for."""
        ...


Documents: TypeAlias = (
    "RegistryDocument | OpaqueDocument | HoldsDocuments | Iterable[RegistryDocument | OpaqueDocument]"
)


def emit(documents: Documents, *, talos_version: str | None = None) -> str:
    """The documents as a multi-document YAML stream: the v1alpha1 document first, opaque documents verbatim.

    Secrets are written out: this is a config. Comments of typed documents are not: ``append``, ``apply_patches`` and
    ``fix`` change a config and keep them.

    Args:
        documents: several, one alone, or a config.
        talos_version: the Talos to write for, ``MAJOR.MINOR[.PATCH]``; None is that of the config, and of documents the
            newest.

    Raises:
        ValueError: if ``talos_version`` is not a version.
        TypeError: for what is no document.

    Source: siderolabs/talos, pkg/machinery/config/encoder/encoder.go (comments disabled) and container/container.go.
    """
    own_version = getattr(documents, "talos_version", LATEST)
    release = release_of(own_version if talos_version is None else talos_version)
    ordered = sorted(_each(documents), key=lambda document: document.kind != legacy.KIND)
    texts = [_text(document, release) for document in ordered]
    return texts[0] + "".join(_separator(text) + text for text in texts[1:]) if texts else ""


_TYPES = (*TYPED.values(), OpaqueDocument)


def _each(documents: Documents) -> Iterator[RegistryDocument | OpaqueDocument]:
    if isinstance(documents, _TYPES):  # which pydantic makes iterable: their members would come
        yield documents
        return
    several = getattr(documents, "documents", documents)
    if not isinstance(several, Iterable) or isinstance(several, str | bytes):
        raise wrong_type("emit", "documents or a MachineConfig", documents)
    for document in several:
        if not isinstance(document, _TYPES):
            raise wrong_type("emit", "documents or a MachineConfig", document)
        yield document


def canonical_text(config: Iterable[tuple[str, Values]], release: Release) -> str:
    """The documents, kinds and decoded values, as the stream that Talos writes with comments disabled.

    Secrets are written out: this is a config.
    """
    ordered = sorted(config, key=lambda document: document[0] != legacy.KIND)
    structs = ((struct_of(kind, release), values) for kind, values in ordered)
    return "---\n".join(write(from_value(canonical(struct, values), release)) for struct, values in structs if struct)


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
    members = {
        key: encoded_member(shape, values.get(key))
        for key, shape in struct.fields.items()
        if _is_written(struct, key, values.get(key))
    }
    if not struct.is_open:
        return members
    return members | {key: value for key, value in values.items() if key not in struct.fields}


def _is_written(struct: Struct, key: str, value: Any) -> bool:
    return key in struct.always or _is_set(struct, key, value)


def _is_set(struct: Struct, key: str, value: Any) -> bool:
    return (key in struct.unless_nil and value is not None) or not is_empty(struct.fields[key], value)


def is_empty(shape: Shape, value: Any) -> bool:
    """Whether Talos leaves a member out."""
    if value is None or is_pointer(shape):
        return value is None
    if isinstance(shape, Leaf):
        return bool(value == zero(shape))
    if isinstance(shape, Struct):
        told = _TELLING.get(shape.go, shape.fields)
        is_set = any(_is_set(shape, key, value[key]) for key in told if key in value)
        return not is_set and not (shape.is_open and value)
    return not value


_TELLING = {"block.EncryptionSpec": ("provider", "keys"), "runtime.ProvisioningSpec": ("diskSelector",)}
"""The structs that say themselves whether they are empty, and the keys that they look at."""


def encoded_member(shape: Shape, value: Any) -> Any:
    """A value as Talos writes it."""
    if isinstance(shape, Leaf):
        return _encoded_leaf(shape, value)
    if isinstance(shape, Struct):
        if value is None and shape.is_pointer:
            return None
        return _encoded_keys(shape, value or {}) if shape.base64 else encoded(shape, value or {})
    if isinstance(shape, ListOf):
        return [encoded_member(shape.item, item) for item in value or ()]
    return {key: encoded_member(shape.item, item) for key, item in (value or {}).items()}


def _encoded_leaf(leaf: Leaf, value: Any) -> Any:
    if value is None:
        value = zero(leaf)
    if value is None:
        return "" if leaf.text and not leaf.is_pointer else None
    if leaf.form in _ENCODED:
        return _ENCODED[leaf.form](value)
    return written_size(value) if leaf.go == "v1alpha1.DiskSize" else value


def _encoded_keys(struct: Struct, values: Values) -> Values:
    """A certificate, and its key."""
    texts = {key: values.get(key) or "" for key in struct.fields}
    return {key: text if text == struct.raw.get(key) else _base64(text) for key, text in texts.items()}


def _base64(text: str) -> str:
    """Base64 without line breaks and other freedoms."""
    try:
        return b64encode(b64decode(text)).decode()
    except ValueError:
        return text


def _url(text: str) -> str:
    try:
        return text if not text or is_canonical(text) else str(parse_url(text))
    except InvalidURLError:
        return text


def _argument(value: str | list[str]) -> Any:
    """Both a text and a list of them are written as nodes."""
    if isinstance(value, list):
        return [NodeText(item) for item in value]
    return NodeText(value) if value else None


_ENCODED: dict[str, Callable[[Any], Any]] = {
    "args": _argument,
    "base64": _base64,
    "octal": Octal,
    "url": _url,
}
"""What is written of values of some forms."""


def canonical(struct: Struct, values: Values) -> Values:
    """The members Talos writes, the keys of maps in its order, too."""
    return _with_sorted_maps(struct, encoded(struct, values))  # type: ignore[no-any-return]  # of a dict comes a dict


def _with_sorted_maps(shape: Shape, member: Any) -> Any:
    if isinstance(shape, Struct) and isinstance(member, dict):
        own = {key: _with_sorted_maps(shape.fields[key], member[key]) for key in member if key in shape.fields}
        return own | _with_sorted_maps(_ANYTHING, {key: member[key] for key in member if key not in own})
    if isinstance(shape, ListOf):
        return [_with_sorted_maps(shape.item, item) for item in member]
    if isinstance(shape, MapOf) or (isinstance(member, dict) and shape is ANY):
        item = shape.item if isinstance(shape, MapOf) else ANY
        return {key: _with_sorted_maps(item, member[key]) for key in sorted(member, key=_in_words)}
    return [_with_sorted_maps(ANY, item) for item in member] if isinstance(member, list) and shape is ANY else member


_ANYTHING = MapOf(ANY)


def _in_words(key: Any) -> Any:
    return natural_key(str(key))
