"""Whether every document of a stream conforms to a Talos JSON Schema, with places and without 89-branch messages.

A schema refuses more than Talos does, and a finding is an error; so what Talos is known to take is let pass:

- The typed kinds, ``machine.registries`` and ``machine.features.imageCache`` are not looked into at all, because
  ``talos_registry.loading.config.parse`` judges them exactly.
- Anywhere, null stands for a key that is not set, a plain number or boolean for its text, and ``yes`` or ``on`` for true.
- The deprecated keys of the machine config, which are missing from the published schema, are skipped where a
  schema does not know them.
"""

from __future__ import annotations

from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from talos_registry.arguments import wrong_type
from talos_registry.diagnostic import Diagnostic, Severity, by_place
from talos_registry.documents import KINDS, legacy
from talos_registry.goyaml.nodes import Mapping, Sequence, pairs, span
from talos_registry.goyaml.plain import Plain, TooMuchError
from talos_registry.goyaml.tags import is_null, resolved
from talos_registry.loading import require_config
from talos_registry.messages import did_you_mean, quoted
from talos_registry.schema.findings import SchemaFinding, findings
from talos_registry.schema.talos import InvalidSchemaError, TalosSchema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as AnyMapping

    from talos_registry.goyaml.nodes import Node, Target
    from talos_registry.loading import MachineConfig

__all__ = ["InvalidSchemaError", "TalosSchema", "check_schema"]


def check_schema(config: MachineConfig, schema: TalosSchema | AnyMapping[str, Any]) -> tuple[Diagnostic, ...]:
    """What ``schema`` refuses in a config: errors ``schema-mismatch`` and ``unknown-kind``, in file order.

    A document is checked against the branch of its kind; against the whole schema if that does not tell kinds apart.
    Plain values are what YAML 1.2 makes of them, dates are text, and merge keys are not merged.

    Does not report what ``parse`` does: text that is no YAML, documents that are no mapping, duplicates, and anything
    about the typed kinds and the legacy section.

    Args:
        config: what ``parse`` made of the file.
        schema: one of Talos' own JSON Schemas as plain values; for several files a ``TalosSchema``, which is worth
            making once.

    Raises:
        InvalidSchemaError: if ``schema`` cannot be used.
        TypeError: for what is no MachineConfig, and for a text or a path in place of the schema.

    Source: siderolabs/talos, pkg/machinery/config/schemas/config.schema.json, in the release that is asked about.
    """
    require_config("check_schema", config)
    if isinstance(schema, str | bytes | PurePath):
        raise wrong_type("check_schema", "the schema as a mapping", schema, advice="load its JSON first")
    talos_schema = schema if isinstance(schema, TalosSchema) else TalosSchema.of(schema)
    return tuple(_diagnostics(config, talos_schema))


_MOST_FINDINGS = 1000


def _diagnostics(config: MachineConfig, schema: TalosSchema) -> Iterator[Diagnostic]:
    plain, left = Plain(), _MOST_FINDINGS
    for tree in config.trees:
        if not isinstance(tree.root, Mapping):
            continue
        document = _Document(tree.index, tree.root, config.filename)
        diagnostics = [
            document.diagnostic(code, finding) for code, finding in islice(_findings(document, schema, plain), left)
        ]
        yield from sorted(diagnostics, key=by_place)
        left -= len(diagnostics)
        if not left:
            message = f"The check against the schema stops here, after {_MOST_FINDINGS} findings."
            yield document.diagnostic("limit-exceeded", SchemaFinding((), message))
        if not left or plain.is_spent:
            return


def _findings(document: _Document, schema: TalosSchema, plain: Plain) -> Iterator[tuple[str, SchemaFinding]]:
    kind = document.kind
    if kind in KINDS:
        return
    if not document.text("kind") and not document.is_machine_config:
        yield "schema-mismatch", SchemaFinding((), "The document has no kind.")
    elif schema.by_kind and kind not in schema.by_kind:
        yield "unknown-kind", _unknown_kind(kind, schema)
    else:
        yield from _mismatches(document, kind, schema, plain)


def _unknown_kind(kind: str, schema: TalosSchema) -> SchemaFinding:
    if kind == legacy.KIND:
        return SchemaFinding((), "The schema knows no document without a kind.")
    advice = did_you_mean(kind, [*schema.by_kind, *KINDS])
    return SchemaFinding(("kind",), f"The schema has no document kind {quoted(kind)}{advice}")


def _mismatches(
    document: _Document, kind: str, schema: TalosSchema, plain: Plain
) -> Iterator[tuple[str, SchemaFinding]]:
    try:
        data = plain.value(document.root)
        errors = schema.errors(kind, _without_legacy(data) if kind == legacy.KIND else data)
        for finding in findings(errors):
            if not (kind == legacy.KIND and finding.is_key and finding.path in _UNPUBLISHED):
                yield "schema-mismatch", finding
    except TooMuchError as error:
        yield "limit-exceeded", SchemaFinding((), str(error))
    except RecursionError:
        yield "limit-exceeded", SchemaFinding((), "Document and schema nest deeper than this tool follows.")


def _without_legacy(data: Any) -> Any:
    """The machine config without the sections that this library judges itself."""
    machine = data.get("machine")
    if isinstance(machine, dict):
        machine.pop("registries", None)
        if isinstance(machine.get("features"), dict):
            machine["features"].pop("imageCache", None)
    return data


_UNPUBLISHED = frozenset(
    (*section, key)
    for section, keys in {
        (): "persist",
        ("machine",): (
            "controlPlane kubelet pods network disks install files env time sysctls sysfs systemDiskEncryption udev "
            "kernel baseRuntimeSpecOverrides nodeLabels nodeAnnotations nodeTaints"
        ),
        ("machine", "features"): "rbac stableHostname kubernetesTalosAPIAccess apidCheckExtKeyUsage kubePrism hostDNS",
        ("cluster",): (
            "id secret controlPlane clusterName network aescbcEncryptionSecret secretboxEncryptionSecret ca acceptedCAs "
            "aggregatorCA serviceAccount apiServer controllerManager proxy scheduler discovery coreDNS extraManifests "
            "extraManifestHeaders inlineManifests allowSchedulingOnMasters allowSchedulingOnControlPlanes"
        ),
        ("cluster", "etcd"): "subnet",
    }.items()
    for key in keys.split()
)
"""Keys that Talos decodes and marks ``docgen:nodoc``.

Source: siderolabs/talos, pkg/machinery/config/types/v1alpha1/v1alpha1_types.go.
"""


class _Document:
    """A mapping at the root of a document, and where it is from."""

    def __init__(self, index: int, root: Mapping, filename: str) -> None:
        self.root = root
        self._index = index
        self._filename = filename
        self._members: dict[Mapping, dict[str, tuple[Node, Node]]] = {}

    @property
    def kind(self) -> str:
        """The kind, as the schema's branches are kept."""
        return self.text("kind") or legacy.KIND

    @property
    def is_machine_config(self) -> bool:
        """Whether a document without kind is the v1alpha1 machine config to Talos."""
        return not legacy.MARKS.isdisjoint(self._members_of(self.root))

    def text(self, key: str) -> str:
        """The text of a top-level scalar; empty when there is none."""
        _, value = self._members_of(self.root).get(key, (None, None))
        return "" if value is None or is_null(value) else resolved(value).value

    def diagnostic(self, code: str, finding: SchemaFinding) -> Diagnostic:
        """A finding in its place."""
        return Diagnostic(
            code=code,
            severity=Severity.ERROR,
            message=finding.message,
            path=(self._index, *finding.path),
            kind=self.kind,
            name=self.text("name"),
            file=self._filename,
            span=span(self._place(finding)),
        )

    def _place(self, finding: SchemaFinding) -> Node:
        """The node to point at: a key, a value, or the first key of a block mapping."""
        key: Node | None = None
        node: Node = self.root
        for step in finding.path:
            key, node = self._step(resolved(node), step)
        if key is not None and finding.is_key:
            return key
        return node.content[0] if isinstance(node, Mapping) and not node.flow and node.content else node

    def _step(self, parent: Target, step: str | int) -> tuple[Node | None, Node]:
        if isinstance(parent, Mapping):
            return self._members_of(parent)[str(step)]
        assert isinstance(parent, Sequence)
        return None, parent.content[int(step)]

    def _members_of(self, mapping: Mapping) -> dict[str, tuple[Node, Node]]:
        """Keys and values by the text of the key; the first one counts."""
        if mapping not in self._members:
            members: dict[str, tuple[Node, Node]] = {}
            for key, value in pairs(mapping):
                members.setdefault(resolved(key).value, (key, value))
            self._members[mapping] = members
        return self._members[mapping]
