"""What a caller may write, and what a type checker must refuse: read by mypy and basedpyright, never run.

A line that must be refused says with what: ``# refused: CODE of mypy, RULES of basedpyright``.
"""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, assert_type

from pydantic import SecretStr

from talos_registry import (
    Attempt,
    ClientIdentity,
    DefaultImage,
    Diagnostic,
    Edit,
    Effect,
    Finding,
    Fix,
    Fixed,
    ImageCacheConfig,
    LocalImageCache,
    MachineConfig,
    OpaqueDocument,
    Page,
    Plan,
    Probe,
    ProbedAttempt,
    Recognition,
    Reference,
    RegistryAuthConfig,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistrySet,
    RegistryTLSConfig,
    Request,
    Rule,
    Severity,
    Span,
    TalosSchema,
    View,
    append,
    apply_patches,
    check_schema,
    default_images,
    emit,
    explain,
    find_secrets,
    fix,
    format_config,
    json_schema,
    lint,
    make_patch,
    mask_secrets,
    migrate,
    migration_patch,
    parse,
    parse_patch,
    patch_effects,
    probe,
    recognise,
    redact,
    render_cri_auth,
    render_hosts,
    request_sequence,
    resolve,
)
from talos_registry.roundtrip import config_of, locate, merge_into, tree_of

# Constructors take what they take at run time, and give what they say.

mirror = RegistryMirrorConfig(endpoints=(url for url in ["http://a"]), skip_fallback=True)
other = RegistryMirrorConfig(name="a", endpoints=[RegistryEndpoint(url="http://b"), "http://c"])
auth = RegistryAuthConfig(name="b:5000", username="u", password="a", auth=SecretStr("b"))
tls = RegistryTLSConfig(client_identity=ClientIdentity(cert="c", key="k"), ca="", insecure_skip_verify=None)
cache = ImageCacheConfig(local=LocalImageCache(enabled=True))
registries = RegistrySet.of(mirror, other, auth, tls, replace=True)

assert_type(mirror.endpoints, tuple[RegistryEndpoint, ...])
assert_type(mirror.skip_fallback, bool | None)
assert_type(mirror.kind, Literal["RegistryMirrorConfig"])
assert_type(auth.password.get_secret_value(), str)
assert_type(tls.client_identity, ClientIdentity | None)
assert_type(mirror.model_copy(update={"skip_fallback": None}), RegistryMirrorConfig)
assert_type(RegistryMirrorConfig.from_values({"name": "a"}), RegistryMirrorConfig)
assert_type(mirror.validate_talos("1.13"), tuple[Diagnostic, ...])
assert_type(registries.mirrors, Mapping[str, RegistryMirrorConfig])
assert_type(registries.with_image_cache(), RegistrySet)

RegistryMirrorConfig(skip_falback=True)  # refused: call-arg, reportCallIssue
RegistryMirrorConfig(endpoints=[1])  # refused: list-item, reportArgumentType
RegistryMirrorConfig(endpoints=None)  # refused: arg-type, reportArgumentType
RegistryMirrorConfig("docker.io")  # refused: call-arg, reportCallIssue
RegistryMirrorConfig(skip_fallback="yes")  # refused: arg-type, reportArgumentType
RegistryEndpoint(url=1)  # refused: arg-type, reportArgumentType
RegistryAuthConfig(password=1)  # refused: arg-type, reportArgumentType
RegistryTLSConfig(client_identity={"cert": ""})  # refused: arg-type, reportArgumentType
RegistrySet.of("docker.io")  # refused: arg-type, reportArgumentType
mirror.name = "b"  # refused: misc, reportAttributeAccessIssue
auth.passwort.get_secret_value()  # refused: attr-defined, reportAttributeAccessIssue reportUnknownMemberType

# Text to config, and back.

config = parse(Path("controlplane.yaml").read_bytes(), filename="controlplane.yaml", talos_version="1.13")
patch = parse_patch("machine: {}")
assert_type(config, MachineConfig)
assert_type(config.text, str)
assert_type(config.diagnostics, tuple[Diagnostic, ...])
assert_type(config.talos_error, str | None)
assert_type(config.registries, RegistrySet)
assert_type(recognise(b"", filename="a.yaml"), Recognition)
assert_type(recognise("").form, Literal["config", "patch", "carrier", "foreign", "template", "encrypted"])
assert_type(emit(mirror), str)
texts = [
    emit([mirror, auth]),
    emit(config),
    emit(config.documents),
    emit(OpaqueDocument(kind="a"), talos_version="1.12"),
]

parse(1)  # refused: arg-type, reportArgumentType
parse(Path("a.yaml"))  # refused: arg-type, reportArgumentType
parse("", talos_version=1.13)  # refused: arg-type, reportArgumentType
parse("", "a.yaml")  # refused: call-arg, reportCallIssue
emit(1)  # refused: arg-type, reportArgumentType

# Every operation takes a config and gives back text or a config.

assert_type(format_config(config), str)
assert_type(append(config, mirror, auth), MachineConfig)
assert_type(apply_patches(config, ["machine: {}", b""]), MachineConfig)
assert_type(make_patch(config, patch, once=True), str)
assert_type(patch_effects(config, [""]), tuple[Effect, ...])
assert_type(migrate(config, to="legacy"), str)
assert_type(migration_patch(config), str)
assert_type(redact(config), str)
assert_type(find_secrets(config), tuple[Diagnostic, ...])
assert_type(fix(config, unsafe=True, select=["doubled-v2"], images=["nginx"]), Fixed)
assert_type(fix(config).applied, tuple[Diagnostic, ...])
assert_type(mask_secrets("http://u:p@a"), str)
assert_type(check_schema(config, {"type": "object"}), tuple[Diagnostic, ...])
assert_type(TalosSchema.of({}), TalosSchema)
schema = json_schema("RegistryMirrorConfig")

append(config, "docker.io")  # refused: arg-type, reportArgumentType
apply_patches(config, [mirror])  # refused: list-item, reportArgumentType
migrate(config, to="document")  # refused: arg-type, reportArgumentType
format_config("machine: {}")  # refused: arg-type, reportArgumentType

# Findings, and rules of one's own.


def check(view: View) -> Iterator[Finding]:
    """Mirrors whose name says that they are for tests."""
    for name in view.registries.mirrors:
        if name.startswith("test."):
            yield Finding(("name",), "a mirror for tests")


rule = Rule("no-tests", Severity.WARNING, check)
found = lint(config, images=["nginx", Reference.parse("a/b")], rules=[rule], now=datetime.now(UTC))
assert_type(found, tuple[Diagnostic, ...])
assert_type(lint([config, patch], ignore=["doubled-v2"]), tuple[Diagnostic, ...])
assert_type(found[0].span, Span | None)
assert_type(found[0].fix, Fix | None)
assert_type(found[0].severity, Severity)
assert_type([edit for one in found if one.fix for edit in one.fix.edits], list[Edit])
assert_type(explain("doubled-v2"), Page)
bad: bool = any(one.severity >= "warning" for one in sorted(found)) or max(found).severity > Severity.INFO

Rule("no-tests", "loud", check)  # refused: arg-type, reportArgumentType
Rule("no-tests", Severity.WARNING, len)  # refused: arg-type, reportArgumentType
lint("machine: {}")  # refused: arg-type, reportArgumentType
lint(config, rules=rule)  # refused: arg-type, reportArgumentType
following = found[0].line + 1  # refused: operator, reportOptionalOperand reportUnknownVariableType

# Plans.

plan = resolve(Reference.parse("nginx"), config, puller="cri")
assert_type(plan, Plan)
assert_type(plan.attempts, tuple[Attempt, ...])
assert_type(plan.attempts[0].role, Literal["image-cache", "mirror", "fallback"])
assert_type(plan.error, str | None)
assert_type(request_sequence(plan, down={"a"}, missing=("b",), failing=["c"], silent={}), tuple[Request, ...])
assert_type(request_sequence(plan, talos_version="1.13")[0].seconds, float | None)
assert_type(render_hosts(config), Mapping[str, bytes])
assert_type(render_hosts(registries, base_path="/etc"), Mapping[str, bytes])
assert_type(render_cri_auth(registries), str)
assert_type(default_images("1.13", platform="metal"), tuple[DefaultImage, ...])
assert_type(default_images("1.13")[0].puller, Literal["talos", "cri"])

probes = probe(config, ["nginx", Reference.parse("a/b")], pullers=["cri"], fallback=True, timeout=2, jobs=3)
assert_type(probes, tuple[Probe, ...])
assert_type(probes[0].attempts, tuple[ProbedAttempt, ...])
assert_type(probes[0].end, Literal["pulled", "not-pulled", "unknown"])
assert_type(probes[0].attempts[0].node, Literal["pulls", "next", "stops"] | None)
assert_type(probe(registries, extra_roots="")[0].attempts[0].seconds, float | None)

probe(config, pullers=["docker"])  # refused: list-item, reportArgumentType
probe(config, timeout="10")  # refused: arg-type, reportArgumentType
resolve("nginx", config, puller="docker")  # refused: arg-type, reportArgumentType
resolve("nginx", config)  # refused: call-arg, reportCallIssue
resolve("nginx", config.text, puller="cri")  # refused: arg-type, reportArgumentType
request_sequence("nginx")  # refused: arg-type, reportArgumentType
plan.attempts[0].host = "a"  # refused: misc, reportAttributeAccessIssue


async def in_a_thread() -> Plan:
    """Nothing blocks an event loop for long, and what does can go to a thread."""
    return await asyncio.to_thread(resolve, "nginx", registries, puller="talos")


# Trees of ruamel.yaml.

trees = [tree_of(mirror)]
assert_type(config_of(trees, filename="a.yaml"), MachineConfig)
container, key = locate(trees, found[0])
merge_into(trees, [auth])

merge_into(trees, ["docker.io"])  # refused: list-item, reportArgumentType
tree_of("docker.io")  # refused: arg-type, reportArgumentType
