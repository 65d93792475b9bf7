"""What a file is, before anyone judges it: a config, a patch, something that carries patches, or none of Talos' business."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from talos_registry.arguments import require_source
from talos_registry.documents import KINDS, legacy
from talos_registry.documents.kinds import kubernetes_document, struct_of
from talos_registry.documents.shapes import Struct
from talos_registry.goyaml import Broken, Source, documents
from talos_registry.goyaml.nodes import Mapping, Scalar, Sequence, pairs
from talos_registry.goyaml.paths import members
from talos_registry.goyaml.tags import is_null, resolved, scalar_tag, scalar_text
from talos_registry.goyaml.text import each_line
from talos_registry.limits import MAX_BYTES, MAX_DOCUMENTS
from talos_registry.loading.carriers import CarriedPatch, carrier_of, patches_in, version_in
from talos_registry.loading.templates import has_marker
from talos_registry.messages import nearest_word
from talos_registry.versions import KINDS_SINCE, LATEST, release_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.goyaml import Tree
    from talos_registry.goyaml.nodes import Node, Target

__all__ = ["Form", "Recognition", "recognise", "recognise_trees", "unrendered_form"]

Form: TypeAlias = Literal["encrypted", "template", "foreign", "carrier", "config", "patch"]


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a file is.

    Attributes:
        form: ``"config"``, ``"patch"``, ``"carrier"`` (a file of another tool with patches in it), ``"foreign"`` (of
            another tool, or nothing that Talos knows), ``"template"`` or ``"encrypted"``.
        what: the same in words, such as "a talhelper config".
        patches: those of a carrier, in the order of the file.
        talos_version: the Talos that a carrier names, "" if it names none.
        fills_in: whether the tool of a carrier fills in values that are missing.
    """

    form: Form
    what: str
    patches: tuple[CarriedPatch, ...] = ()
    talos_version: str = ""
    fills_in: bool = False

    @property
    def is_broken(self) -> bool:
        """Whether nobody can tell what it is, because it is empty or cannot be read: what keeps it from that can be told."""
        return self.form == "foreign" and self.what in {_EMPTY, _NO_YAML, _TOO_MUCH, _UNRENDERED}

    @property
    def is_whole(self) -> bool:
        """Whether it is a config with all that a node needs."""
        return self.form == "config" and self.what == _WHOLE


_WHOLE, _PART = "a whole machine config", "a machine config"
_EMPTY, _UNRENDERED = "an empty file", "a template that is not rendered"
_NO_YAML, _TOO_MUCH = "a file that cannot be read as YAML", "a file that is larger or deeper than this tool reads"


def recognise(source: str | bytes, *, filename: str = "") -> Recognition:
    """What the text or the bytes of a file are; a file is never read further than it takes to tell.

    Nothing is judged: a config can be one that Talos refuses.

    Args:
        source: as ``parse`` takes it.
        filename: by its ending a template is known.

    Raises:
        TypeError: as ``parse``.
    """
    require_source("recognise", source, filename)
    decoded = Source.of(source)
    unrendered = unrendered_form(filename, decoded.data)
    if unrendered is not None:
        return Recognition(unrendered, "a template" if unrendered == "template" else "a file encrypted with SOPS")
    if len(source) > MAX_BYTES:
        return _recognition([_look_at_lines(decoded.text, otherwise=_TOO_MUCH)], decoded.text)
    return recognise_trees(documents(decoded, release_of(LATEST)), decoded.text)


def recognise_trees(items: Iterable[Tree | Broken], text: str) -> Recognition:
    """What a file with this text is, by its documents, of which no more are taken than it takes to tell.

    Whether it is a template or encrypted ``unrendered_form`` tells.
    """
    return _recognition(_looks(items, text), text)


_DOCUMENT = re.compile(rb"^apiVersion: v1alpha1\r?$", re.MULTILINE)
_MACHINE = re.compile(rb"^machine:[ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE)
_OTHER = re.compile(
    rb"^(?![ \t\r\n#]|\Z|---\r?$|(?:version|debug|persist|cluster):|machine:[ \t]*(?:#|\r?$))", re.MULTILINE
)
"""The beginning of a line that may be of anything else than the v1alpha1 document."""


def is_plainly_config(data: bytes) -> bool:
    """Whether a file is a config by the looks of its lines, which need not be read as YAML then; False says nothing."""
    is_one = _DOCUMENT.search(data) or (_MACHINE.search(data) and not _OTHER.search(data))
    return bool(is_one) and b"$patch" not in data


# Files for another tool first


_TEMPLATES = (".tpl", ".j2", ".tftpl", ".tmpl", ".gotmpl")
_SOPS_KEY = rb"""(?m)^(?:sops:[ \t]*[{\r\n]|[ \t]*"sops":[ \t]*\{)"""
_SOPS_MARK = rb"""[\s{,]"?mac"?:[ \t]|ENC\[AES256_GCM,"""


def unrendered_form(name: str, data: bytes) -> Literal["encrypted", "template"] | None:
    """Why a file is not to be judged as it is, None if it is: it is a template, or encrypted with SOPS."""
    if name.endswith(_TEMPLATES):
        return "template"
    if b"sops" in data and re.search(_SOPS_KEY, data) and re.search(_SOPS_MARK, data):
        return "encrypted"
    return None


# One document


class _Look(NamedTuple):
    """What one document is; ``is_patch``: it holds a ``$patch``; ``is_known`` is said of those that are foreign for sure."""

    form: Literal["foreign", "carrier", "config", "patch"]
    what: str
    is_patch: bool = False
    is_known: bool = False
    patches: tuple[CarriedPatch, ...] = ()
    talos_version: str = ""
    fills_in: bool = False


_STATEMENT = "$patch"


def _looks(items: Iterable[Tree | Broken], text: str) -> Iterator[_Look]:
    """What the documents are that are no nulls; those after a config are left out that cannot change what the file is."""
    may_be_patch, last_machine = _STATEMENT in text, text.rfind("machine")
    for item in islice(items, MAX_DOCUMENTS):
        if isinstance(item, Broken):
            look = _look_at_lines(text[item.begin : item.end], otherwise=_TOO_MUCH if item.limit else _NO_YAML)
        elif item.is_null:
            continue
        else:
            look = _look_at(item, text)._replace(is_patch=may_be_patch and _holds_statement(item.root))
        yield look
        if look.form == "config" and not may_be_patch and (look.what == _WHOLE or item.end > last_machine):
            return


def _look_at(tree: Tree, text: str) -> _Look:
    root = resolved(tree.root)
    if isinstance(root, Sequence):
        return _Look("patch", "a JSON Patch") if _is_json_patch(root) else _Look("foreign", "a list")
    if not isinstance(root, Mapping):
        return _Look("foreign", "plain text")
    keys = members(root)
    known = _known_foreign(keys)
    if known:
        return _Look("foreign", known, is_known=True)
    carrier = carrier_of(keys)
    if carrier is not None:
        patches = tuple(patches_in(carrier, tree, text))
        version = version_in(carrier, keys)
        return _Look("carrier", carrier.what, patches=patches, talos_version=version, fills_in=carrier.fills_in)
    if _is_config(keys):
        return _Look("config", _WHOLE if _is_whole(keys) else _PART)
    return _Look("foreign", _other_tool(keys))


def _holds_statement(root: Node) -> bool:
    """Whether a key of a tree is ``$patch``; what aliases refer to stands elsewhere in the file."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping) and any(resolved(key).value == _STATEMENT for key, _ in pairs(node)):
            return True
        if isinstance(node, Mapping | Sequence):
            waiting.extend(node.content)
    return False


# Configs


_ROOT_KEYS = legacy.MARKS | {"version"}
"""What the v1alpha1 document holds; ``version`` says nothing, Taskfiles and CI files have it, too."""


def _is_config(keys: dict[str, Target]) -> bool:
    if _names_document(keys):
        return True
    if "kind" in keys:
        return False
    if "machine" in keys and _is_section(keys["machine"]):
        return True
    if not keys.keys() <= _ROOT_KEYS:
        return False
    is_switch = any(key in keys and _is_flag(keys[key]) for key in ("debug", "persist"))
    return is_switch or ("cluster" in keys and _is_cluster(keys["cluster"]))


def _is_cluster(node: Target) -> bool:
    """Whether a section is for Talos: it is empty, or has a key that Talos knows, or nearly does."""
    if not _is_section(node) or "name" in (keys := members(node)):
        return False
    struct = struct_of(legacy.KIND, release_of(LATEST))
    known = struct.fields["cluster"] if struct else None
    fields = known.fields if isinstance(known, Struct) else {}
    return not keys or any(key in fields or nearest_word(key, fields) for key in keys)


def _names_document(keys: dict[str, Target]) -> bool:
    """Whether a document calls itself one of Talos': by its apiVersion, or by a kind of its own that is in no API group."""
    api_version = _text(keys.get("apiVersion"))
    return api_version == "v1alpha1" or ("/" not in api_version and _text(keys.get("kind")) in KINDS_SINCE)


def _is_section(node: Target) -> bool:
    return isinstance(node, Mapping) or is_null(node)


def _is_flag(node: Target) -> bool:
    return isinstance(node, Scalar) and scalar_tag(node) == "!!bool"


def _is_whole(keys: dict[str, Target]) -> bool:
    return "kind" not in keys and "type" in members(keys.get("machine")) and isinstance(keys.get("cluster"), Mapping)


# Patches


_BELOW = legacy.MARKS | {"version"} | {key for kind in KINDS.values() for key in kind.struct.fields}
"""The first steps of the paths of JSON Patches for configs."""


def _is_json_patch(root: Sequence) -> bool:
    return bool(root.content) and all(map(_is_operation, _distinct(root.content)))


def _is_operation(node: Target) -> bool:
    keys = members(node)
    before, *steps = _text(keys.get("path")).split("/", 2)
    return "op" in keys and not before and bool(steps) and steps[0] in _BELOW


# What others keep


class _Shape(NamedTuple):
    """Root keys by which one knows a file: ``all_of`` them, ``one_of`` them, and none but ``only`` these."""

    what: str
    all_of: frozenset[str] = frozenset()
    one_of: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()

    def fits(self, keys: dict[str, Target]) -> bool:
        """Whether a document with these keys has the shape."""
        names = keys.keys()
        return (
            self.all_of <= names
            and (not self.one_of or not self.one_of.isdisjoint(names))
            and (not self.only or all(name in self.only or name.startswith("x-") for name in names))
        )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FOREIGN = (
    _Shape("a secrets bundle of talosctl gen secrets", _words("cluster secrets trustdinfo")),
    _Shape("a talosconfig", _words("context contexts")),
    _Shape(
        "an Image Factory schematic",
        one_of=_words("customization overlay"),
        only=_words("customization overlay owner"),
    ),
    _Shape("a k3s registries.yaml", one_of=_words("mirrors configs"), only=_words("mirrors configs auths")),
    _Shape(
        "a Docker Compose file",
        _words("services"),
        only=_words("name version include services networks volumes configs secrets models"),
    ),
    _Shape("a GitHub workflow", _words("on jobs")),
    _Shape("a CircleCI config", _words("version jobs")),
    _Shape("an Azure pipeline", _words("steps"), one_of=_words("trigger pool")),
)
"""What is never for Talos, whatever else it holds."""

_OTHERS = (
    _Shape("a Taskfile", _words("version tasks")),
    _Shape("a Helm chart", _words("apiVersion name version")),
    _Shape("a GitHub action", _words("name runs")),
    _Shape("a pre-commit config", _words("repos")),
)


def _known_foreign(keys: dict[str, Target]) -> str:
    """What a document is that is not for Talos for sure, "" if it may be."""
    if keys.keys() <= _ROOT_KEYS or _names_document(keys):
        return ""
    if _text(keys.get("apiVersion")) and _text(keys.get("kind")):
        return kubernetes_document(_text(keys["apiVersion"]), _text(keys["kind"]))
    return _fitting(_FOREIGN, keys) or ("a GitLab CI file" if _is_gitlab_ci(keys) else "")


def _other_tool(keys: dict[str, Target]) -> str:
    """What a document looks like that nothing shows to be for Talos."""
    return _fitting(_OTHERS, keys) or ("a file of another tool" if keys else "an empty mapping")


def _fitting(shapes: Iterable[_Shape], keys: dict[str, Target]) -> str:
    return next((shape.what for shape in shapes if shape.fits(keys)), "")


def _is_gitlab_ci(keys: dict[str, Target]) -> bool:
    return any("script" in members(job) for job in _distinct(keys.values()))


# Texts


_OURS = re.compile(
    rf"""(?:\A|(?<=[\r\n]))(?:
        (?:machine|cluster):(?=[\s]|\Z)
        |apiVersion:[ \t]+["']?v1alpha1["']?(?=\s|\Z)
        |kind:[ \t]+["']?(?:{"|".join(KINDS)})["']?(?=\s|\Z)
    )""",
    re.VERBOSE,
)


_CLUSTER_NAME, _ENDPOINT = (re.compile(f"^{key}:[ \\t]", re.MULTILINE) for key in ("clusterName", "endpoint"))
"""What stands in a talhelper config that is broken."""


def _look_at_lines(text: str, *, otherwise: str) -> _Look:
    """What a text is that is not read as YAML: ``otherwise`` if no line says that it is a config."""
    if _OURS.search(text) or (_CLUSTER_NAME.search(text) and _ENDPOINT.search(text)):
        return _Look("config", _PART)
    return _Look("foreign", _UNRENDERED if has_marker(text) else otherwise)


def _holds_comments_alone(text: str) -> bool:
    """Whether a text whose documents are all null is one with comments, and without a null that is written."""
    rest = (line.removeprefix("---").removeprefix("...").strip() for line in each_line(text))
    return "#" in text and all(not line or line.startswith("#") for line in rest)


# The file


def _recognition(looks: Iterable[_Look], text: str) -> Recognition:
    """What a file is whose documents look so: a config counts more than a carrier, and a carrier more than the rest."""
    first: dict[str, str] = {}
    patches: list[CarriedPatch] = []
    version, fills_in, is_patch, is_whole, is_known = "", False, False, False, True
    for look in looks:
        first.setdefault(look.form, look.what)
        patches += look.patches
        version = version or look.talos_version
        fills_in |= look.fills_in
        is_patch |= look.is_patch
        is_known &= look.is_known
        is_whole |= look.what == _WHOLE
    if "config" in first and not is_patch:
        return Recognition("config", _WHOLE if is_whole else _PART)
    if "carrier" in first and "config" not in first:
        return Recognition("carrier", first["carrier"], tuple(patches), version, fills_in)
    if is_patch and not is_known:
        return Recognition("patch", "a patch")
    if "patch" in first:
        return Recognition("patch", first["patch"])
    if not first and _holds_comments_alone(text):
        return Recognition("patch", "a file of comments")
    return Recognition("foreign", first.get("foreign", _EMPTY))


def _distinct(nodes: Iterable[Node]) -> Iterable[Target]:
    """The nodes, aliases followed, each once: many aliases of something large would take for ever."""
    return {id(node): node for node in map(resolved, nodes)}.values()


def _text(node: Target | None) -> str:
    return scalar_text(node) if isinstance(node, Scalar) else ""
