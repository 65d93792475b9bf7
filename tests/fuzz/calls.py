"""Every public function and every command, as a user calls it, with what must hold of it for any input."""

from __future__ import annotations

import gc
import json
import re
from contextlib import chdir
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from xml.etree import ElementTree as ET

from click.testing import CliRunner
from pydantic import SecretStr

from talos_registry import (
    Cache,
    CacheError,
    ClientIdentity,
    HostsError,
    InvalidReferenceError,
    MachineConfig,
    MigrateError,
    OpaqueDocument,
    PatchError,
    Reference,
    RegistryAuthConfig,
    RegistryCache,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistrySet,
    RegistryTLSConfig,
    TalosRegistryError,
    ZotCache,
    apply_patches,
    emit,
    import_settings,
    json_schema,
    lint,
    make_patch,
    migrate,
    migration_patch,
    parse,
    parse_patch,
    product_endpoint,
    recognise,
    redact,
    render_cri_auth,
    render_hosts,
    resolve,
)
from talos_registry.caches import HarborCache
from talos_registry.cli import _cli
from talos_registry.formatting import append, format_config
from talos_registry.linting import explain, fix
from talos_registry.masking import mask_secrets
from talos_registry.probing.prober import Prober, Scope
from talos_registry.redaction import find_secrets
from talos_registry.report import probe_text
from talos_registry.report.page_text import render_page
from talos_registry.resolution import request_sequence
from talos_registry.schema import TalosSchema, check_schema
from tests.fuzz.inputs import CANARIES, ROOT
from tests.fuzz.unknown import without_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from talos_registry import Plan
    from tests.fuzz.inputs import Input

__all__ = ["CALLS", "COMMANDS", "BrokenError", "Case", "Command", "checked", "require", "run_command"]


class BrokenError(AssertionError):
    """What must hold for any input, and does not."""


class Case:
    """An input in the hands of a user, who has it in a folder, too."""

    def __init__(self, given: Input, folder: Path) -> None:
        self.given = given
        self.folder = folder
        self.calls = 0

    def call(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """What a public function returns; counted."""
        self.calls += 1
        return function(*arguments, **options)

    def parse(self, source: str | bytes) -> MachineConfig:
        config: MachineConfig = self.call(parse, source, filename="a.yaml", talos_version=self.given.talos_version)
        return config

    def read_again(self, text: str) -> MachineConfig:
        """The config of a text that has lost its byte order mark already: another one is a character."""
        return self.parse(f"\ufeff{text}")

    @cached_property
    def config(self) -> MachineConfig:
        return self.parse(self.given.config)

    @cached_property
    def other(self) -> MachineConfig:
        return self.parse(self.given.other)

    @cached_property
    def plans(self) -> list[Plan]:
        """The plans of every reference that is one, for both pullers, with and without an image cache."""
        references = [Reference.parse("nginx")]
        for text in self.given.references:
            try:
                references.append(self.call(Reference.parse, text))
            except InvalidReferenceError as error:
                require(str(error), "an invalid reference has no text")
        registries = self.config.registries
        return [
            self.call(resolve, reference, held, puller=puller, talos_version=self.given.talos_version)
            for reference in references
            for held in (registries, registries.with_image_cache())
            for puller in ("talos", "cri")
        ]


def require(held: object, otherwise: str, where: str = "") -> None:
    """Ends the call where something does not hold."""
    if not held:
        raise BrokenError(otherwise, where)


# Library: each call yields the texts that may be shown to anyone


def _parse(case: Case) -> Iterator[str]:
    config = case.config
    yield from map(str, config.diagnostics)
    yield repr(config)
    require(isinstance(config.talos_error, str | None), "talos_error is no text")
    yield mask_secrets(config.talos_error or "")
    yield repr(config.documents)
    yield repr(config.registries)
    text = case.call(parse, case.given.text, filename="a.yaml", talos_version=case.given.talos_version)
    yield from map(str, text.diagnostics)


def _recognise(case: Case) -> Iterator[str]:
    for source in (case.given.config, case.given.other, case.given.text, *case.given.patches):
        yield repr(case.call(recognise, source, filename="a.yaml"))


def _validate_documents(case: Case) -> Iterator[str]:
    for document in case.config.documents:
        if isinstance(document, RegistryMirrorConfig | RegistryAuthConfig | RegistryTLSConfig):
            yield from map(str, case.call(document.validate_talos, case.given.talos_version))
            yield repr(document)


def _raise(case: Case) -> Iterator[str]:
    try:
        case.call(case.config.raise_for_errors)
    except TalosRegistryError as error:
        yield str(error)


def _lint(case: Case) -> Iterator[str]:
    found = case.call(lint, case.config, images=["nginx", "ghcr.io/a/b:1"])
    require({replace(one, fix=None) for one in found} >= set(case.config.diagnostics), "lint drops what Talos refuses")
    for finding in found:
        yield str(finding)
        if finding.fix is not None:
            yield finding.fix.title


def _lint_merged(case: Case) -> Iterator[str]:
    patches = [case.parse(patch) for patch in case.given.patches]
    yield from map(str, case.call(lint, [case.config, *patches]))
    yield from map(str, case.call(lint, [case.config, case.other], images=["nginx"]))


def _patch_alone(case: Case) -> Iterator[str]:
    for source in (*case.given.patches, case.given.other, case.given.text):
        patch = case.call(parse_patch, source, filename="a.yaml", talos_version=case.given.talos_version)
        yield from map(str, case.call(lint, patch, images=["nginx"]))
        yield from map(str, case.call(find_secrets, patch))
        fixed = case.call(fix, patch, unsafe=True)
        yield from map(str, (*fixed.applied, *fixed.refused))
        try:
            redacted = case.call(redact, patch)
        except TalosRegistryError as error:
            yield str(error)
        else:
            yield "" if case.given.is_broken else without_unknown(redacted)


def _fix(case: Case) -> Iterator[str]:
    for unsafe in (False, True):
        fixed = case.call(fix, case.config, unsafe=unsafe)
        yield from map(str, (*fixed.applied, *fixed.refused))
        again = case.call(fix, fixed.config, unsafe=unsafe)
        require(again.config.text == fixed.config.text, "fixing again changes something")


def _resolve(case: Case) -> Iterator[str]:
    yield repr(case.plans)


def _request_sequence(case: Case) -> Iterator[str]:
    for plan in case.plans:
        hosts = [attempt.host for attempt in plan.attempts]
        yield repr(case.call(request_sequence, plan))
        yield repr(case.call(request_sequence, plan, down=hosts[:1], missing=hosts[1:2], failing=hosts[2:3]))
        yield repr(case.call(request_sequence, plan, silent=hosts))


def _probe(case: Case) -> Iterator[str]:
    """All of a probe but the asking: nothing leaves the machine."""
    for references in ((), ("nginx",)):
        prober = case.call(Prober, case.config, references, ("talos", "cri"), "", Scope(fallback=True))
        probes = prober.probes()
        yield repr(probes)
        yield probe_text.render(probes)
        yield json.dumps([probe.to_dict() for probe in probes])


def _render(case: Case) -> Iterator[str]:
    registries = case.config.registries
    for held in (registries, registries.with_image_cache()):
        try:
            case.call(render_hosts, held)
        except HostsError as error:
            require(str(error), "a HostsError has no text")
        case.call(render_cri_auth, held)
    yield ""


def _emit(case: Case) -> Iterator[str]:
    try:
        text = case.call(emit, case.config.documents, talos_version=case.given.talos_version)
    except TalosRegistryError as error:
        yield str(error)
        return
    if case.config.talos_error is None and not any(
        isinstance(document, OpaqueDocument) for document in case.config.documents
    ):
        again = case.parse(text)
        is_same = again.registries == case.config.registries
        require(is_same or _ILL_INDENTED.search(text), "what is emitted says something else")


_ILL_INDENTED = re.compile(r"[|>][-+]?\n[ \n]*[\t\n]")
"""What Talos writes of a text that begins with a tab or a line break, and cannot read again; ``emit`` writes as Talos does."""


def _format(case: Case) -> Iterator[str]:
    try:
        text = case.call(format_config, case.config)
    except TalosRegistryError as error:
        yield str(error)
        return
    require(case.call(format_config, case.read_again(text)) == text, "formatting again changes something")


def _append(case: Case) -> Iterator[str]:
    for document in _NEW:
        try:
            after = case.call(append, case.config, document)
        except TalosRegistryError as error:
            yield str(error)
        else:
            last = after.documents[-1]
            is_known = case.given.talos_version not in _BEFORE_DOCUMENTS
            require(
                last == document if is_known else last.name == document.name, "what is appended says something else"
            )


_NEW = (
    RegistryMirrorConfig(name="new.example", endpoints=(RegistryEndpoint(url="https://new.example/v2/x"),)),
    RegistryAuthConfig(name="docker.io", username="u", password=SecretStr("p")),
    RegistryTLSConfig(name="new.example", client_identity=ClientIdentity(cert="a\nb\n", key=SecretStr("c"))),
)
_BEFORE_DOCUMENTS = ("1.11", "1.7")
"""The targets that know no registry documents."""


def _apply_patches(case: Case) -> Iterator[str]:
    for patches in (case.given.patches, (case.given.other,), (case.given.text,)):
        try:
            case.call(apply_patches, case.config, patches)
        except PatchError as error:
            yield mask_secrets(str(error))


def _make_patch(case: Case) -> Iterator[str]:
    for before, after in ((case.config, case.other), (case.other, case.config)):
        try:
            patch = case.call(make_patch, before, after)
            case.call(make_patch, before, after, once=True)
            case.call(make_patch, before, after, only_registries=True)
        except PatchError as error:
            yield mask_secrets(str(error))
            continue
        once = case.call(apply_patches, before, [patch])
        require(once.registries == after.registries, "the patch makes something else")
        require(case.call(apply_patches, once, [patch]).registries == after.registries, "applied again it changes more")


def _migrate(case: Case) -> Iterator[str]:
    for migrated in (
        lambda: migrate(case.config),
        lambda: migrate(case.config, to="legacy"),
        lambda: migration_patch(case.config),
    ):
        try:
            case.call(migrated)
        except MigrateError as error:
            yield str(error)
            yield from map(str, error.entries)


def _redact(case: Case) -> Iterator[str]:
    for replacement in ("**REDACTED**", "x", ""):
        try:
            text = case.call(redact, case.config, replacement)
        except TalosRegistryError as error:
            yield str(error)
            continue
        yield "" if case.given.is_broken else without_unknown(text)
        again = case.call(redact, case.read_again(text), replacement)
        # with no replacement a value goes, and what stands beside it is then beside none
        require(again == text or not replacement, "redacting again changes something")


def _find_secrets(case: Case) -> Iterator[str]:
    yield from map(str, case.call(find_secrets, case.config))


def _check_schema(case: Case) -> Iterator[str]:
    yield from map(str, case.call(check_schema, case.config, _SCHEMA))


_SCHEMA_FILE = ROOT / "data/talos.schema.json"
_SCHEMA = TalosSchema.of(json.loads(_SCHEMA_FILE.read_text(encoding="utf-8")))


def _registry_set(case: Case) -> Iterator[str]:
    try:
        registries = case.call(RegistrySet.of, *case.config.documents, replace=True)
    except TalosRegistryError as error:
        yield str(error)
        return
    yield repr(registries)
    require(case.call(RegistrySet.of, *reversed(case.config.documents), replace=True) is not None, "no set")


def _json_schema(case: Case) -> Iterator[str]:
    for kind in {document.kind for document in case.config.documents}:
        try:
            case.call(json_schema, kind)
        except ValueError as error:
            yield str(error)


def _explain(case: Case) -> Iterator[str]:
    for code in {finding.code for finding in case.config.diagnostics}:
        yield render_page(case.call(explain, code))


def _caches(case: Case) -> Iterator[str]:
    words = (case.given.references[2], *case.given.text.split()[:1], case.given.text[:200])
    for word in (word for word in words if not any(canary in word for canary in CANARIES)):  # no option takes a secret
        for describe in _descriptions(word):
            try:
                made = case.call(describe)
            except CacheError as error:
                yield str(error)
                continue
            if isinstance(made, Cache):
                documents = parse(made.files["talos.yaml"])
                require(not documents.diagnostics, "Talos refuses the documents of a cache", str(documents.diagnostics))
                require(made.setup, "a cache has no set-up")


def _import_settings(case: Case) -> Iterator[str]:
    """What comes of settings that say what the config says, and of files that are not of the kind they are taken for."""
    version = case.given.talos_version
    for files in _foreign_files(case):
        given = {name: data.encode("utf-8", "surrogateescape") for name, data in files.items()}
        imported = case.call(import_settings, given, read=given.get, talos_version=version)
        yield from map(str, imported.diagnostics)
        yield repr(imported)
        if imported.documents:
            judged = parse(emit(imported.documents, talos_version=version), talos_version=version)
            require(not judged.diagnostics, "Talos refuses what is imported", str(judged.diagnostics))


def _foreign_files(case: Case) -> Iterator[dict[str, str]]:
    texts = (case.given.text, case.given.other, *case.given.patches)
    for name in ("registries.yaml", "a.json", "a/hosts.toml"):
        yield {f"{at}-{name}": text for at, text in enumerate(texts)}
    registries = case.config.registries
    mirrors = {name: {"endpoint": [one.url for one in mirror.endpoints]} for name, mirror in registries.mirrors.items()}
    auths = {name: auth.to_values() for name, auth in registries.auths.items()}
    configs: dict[str, Any] = {name: {"auth": auth} for name, auth in auths.items()}
    for name, tls in registries.tls.items():
        configs.setdefault(name, {})["tls"] = {"ca_file": "ca", "insecure_skip_verify": bool(tls.insecure_skip_verify)}
    k3s = json.dumps({"mirrors": mirrors, "configs": configs})
    yield {"registries.yaml": k3s, "ca": "".join(tls.ca for tls in registries.tls.values()) or "none"}
    yield {"registries.yaml": f"# a\n{k3s}", "config.json": json.dumps({"auths": auths})}
    urls = [one.url for mirror in registries.mirrors.values() for one in mirror.endpoints]
    yield {"daemon.json": json.dumps({"registry-mirrors": urls, "insecure-registries": [*registries.tls, *urls]})}
    try:
        rendered = render_hosts(registries, base_path="")
    except HostsError:
        return
    # The names of files are shown, whatever is in them.
    yield {name: data.decode("utf-8", "surrogateescape") for name, data in rendered.items() if "@" not in name}


def _descriptions(word: str) -> Iterator[Callable[[], Cache | RegistryEndpoint]]:
    """A word in every place of a description."""
    yield partial(RegistryCache, address=word)
    yield partial(RegistryCache, address="cache.example", hosts=[word])
    yield partial(RegistryCache, address="cache.example", hosts=[f"docker.io={word}"], form="compose")
    yield partial(RegistryCache, address="cache.example", tls=(word, word), htpasswd=word, username=word)
    yield partial(RegistryCache, address="cache.example", form="compose", upstream_usernames=[f"docker.io={word}"])
    yield partial(RegistryCache, address="cache.example", image="registry:3", ttl=word)
    yield partial(ZotCache, url=word, zot_version="2.1.21")
    yield partial(ZotCache, url="https://zot.example", zot_version=word, hosts=[word])
    yield partial(
        ZotCache, url="https://zot.example", zot_version="2.1.22", tls=(word, word), htpasswd="a", username=word
    )
    yield partial(HarborCache, url=word)
    yield partial(HarborCache, url="https://harbor.example", hosts=[word], prefix=word)
    yield partial(HarborCache, url="https://harbor.example", robot=word, ca=word)
    yield partial(product_endpoint, "gitlab", "docker.io", word)
    yield partial(product_endpoint, "ecr", word, word)


CALLS: dict[str, Callable[[Case], Iterator[str]]] = {
    function.__name__.removeprefix("_"): function
    for function in (
        _parse, _recognise, _validate_documents, _raise, _lint, _lint_merged, _patch_alone, _fix, _resolve, _request_sequence, _probe, _render, _emit, _format,
        _append, _apply_patches, _make_patch, _migrate, _redact, _find_secrets, _check_schema, _registry_set,
        _json_schema, _explain, _caches, _import_settings,
    )
}  # fmt: skip


# Commands


Printed = Literal["config", "redacted", "diff", "parts", "text", "json", "xml"]


class Command(NamedTuple):
    """A command line; ``FILE``, ``OTHER``, ``PATCH`` and ``REFERENCE`` stand for those of the input, ``CARRIER`` for
    one with its patches in it.

    ``prints``: what is on standard output: a config, for its owner; one without the secrets that can be told; what changes
    in one, likewise; parts of one as they are; or a report in a format.
    """

    arguments: str
    prints: Printed


_REPORTS: dict[str, Printed] = {"text": "text", "json": "json", "github": "text", "sarif": "json", "junit": "xml"}
COMMANDS = (
    *(Command(f"validate FILE OTHER --format {name}", form) for name, form in _REPORTS.items()),
    Command("validate FILE --schema SCHEMA", "text"),
    *(Command(f"lint FILE OTHER --image nginx --format {name}", form) for name, form in _REPORTS.items()),
    *(Command(f"lint --merge FILE PATCH --format {name}", form) for name, form in _REPORTS.items()),
    Command("lint FILE --diff", "diff"),
    Command("lint FILE --diff --unsafe", "diff"),
    Command("lint FILE --fix --unsafe", "text"),
    Command("validate PATCH CARRIER -v --format json", "json"),
    Command("lint PATCH CARRIER", "text"),
    Command("lint CARRIER --diff --unsafe", "diff"),
    Command("lint CARRIER --fix --unsafe", "text"),
    Command("fmt PATCH --check", "text"),
    Command("redact PATCH CARRIER --check", "text"),
    Command("redact PATCH", "redacted"),
    Command("resolve nginx REFERENCE -f FILE", "text"),
    Command("resolve nginx REFERENCE -f FILE --requests --image-cache", "text"),
    Command("resolve nginx REFERENCE -f FILE -f OTHER --format json --requests --down docker.io", "json"),
    Command("resolve nginx REFERENCE -f FILE --format mermaid", "text"),
    Command("resolve nginx REFERENCE -f FILE --format curl", "text"),
    Command("patch check PATCH --bases FILE --bases OTHER", "text"),
    Command("migrate FILE OTHER --in-place", "text"),
    Command("redact FILE OTHER -o out", "text"),
    Command("hosts -f FILE", "parts"),
    Command("hosts -f FILE -o hosts --image-cache", "text"),
    Command("fmt FILE --check", "text"),
    Command("fmt FILE --diff", "diff"),
    Command("fmt FILE", "text"),
    Command("patch make FILE OTHER", "config"),
    Command("patch apply FILE PATCH", "config"),
    Command("patch apply FILE PATCH --canonical", "config"),
    Command("patch check FILE PATCH", "text"),
    Command("patch check FILE OTHER", "text"),
    Command("migrate FILE", "config"),
    Command("migrate FILE --diff", "diff"),
    Command("migrate FILE --to legacy", "config"),
    Command("migrate FILE --to legacy --diff", "diff"),
    Command("migrate FILE --patch", "config"),
    Command("import FILE OTHER", "config"),
    Command("redact FILE", "redacted"),
    Command("redact FILE --check", "text"),
    Command("new mirror new.example https://new.example -a FILE", "text"),
    Command("new auth docker.io --username u -a FILE", "text"),
    Command("new mirror docker.io REFERENCE --for gitlab", "text"),
    Command("cache registry REFERENCE --address cache.example --setup", "text"),
)  # fmt: skip


def run_command(case: Case, command: Command) -> Iterator[str]:
    """What a command shows in a folder that holds the files of the input."""
    words = command.arguments.split()
    write_files(case)
    arguments = [
        inner
        for word in words
        for inner in {
            "FILE": ["a.yaml"], "OTHER": ["b.yaml"], "PATCH": _patch_names(case), "REFERENCE": [case.given.references[2]],
            "SCHEMA": [str(_SCHEMA_FILE)], "CARRIER": ["carrier.yaml"],
        }.get(word, [word])
    ]  # fmt: skip
    with chdir(case.folder):
        result = case.call(CliRunner().invoke, _cli, arguments, prog_name="talos-registry")
    gc.enable()
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    require(result.exit_code in {0, 1, 2}, f"exit code {result.exit_code}")
    out, err = result.stdout_bytes.decode(), result.stderr_bytes.decode()
    require(is_printable(err), "a control character is shown", err)
    yield err
    if command.prints == "config" or (command.prints in {"redacted", "diff"} and case.given.is_broken):
        return
    yield without_unknown(out) if command.prints == "redacted" else out
    if command.prints in {"diff", "text"}:
        require(is_printable(out), "a control character is shown", out)
    elif command.prints == "json" and out:
        json.loads(out)
    elif command.prints == "xml" and out:
        ET.fromstring(out)  # noqa: S314 - our own output


def write_files(case: Case) -> None:
    """The files of an input, as they were before a command changed them."""
    (case.folder / "a.yaml").write_bytes(case.given.config)
    (case.folder / "b.yaml").write_text(case.given.other, encoding="utf-8", errors="surrogatepass", newline="")
    for name, patch in zip(_patch_names(case), case.given.patches, strict=True):
        (case.folder / name).write_text(patch, encoding="utf-8", errors="surrogatepass", newline="")
    (case.folder / "carrier.yaml").write_text(_carrier(case), encoding="utf-8", errors="surrogatepass", newline="")


def _carrier(case: Case) -> str:
    """A talhelper config with the patches of the input in it: in blocks, and in quotes; and named."""
    head = "clusterName: x\nendpoint: https://x.example\nnodes: [{hostname: x, patches: ['@patch0.yaml']}]\npatches:\n"
    blocks = ("\n".join(f"    {line}" for line in patch.split("\n")) for patch in case.given.patches)
    quoted = (f"  - {json.dumps(patch)}\n" for patch in case.given.patches)
    return head + "".join(f"  - |\n{block}\n" for block in blocks) + "".join(quoted)


def _patch_names(case: Case) -> list[str]:
    return [f"patch{number}.yaml" for number in range(len(case.given.patches))]


def is_printable(text: str) -> bool:
    """Whether a terminal is told nothing but characters and line breaks."""
    return all(line.isprintable() for line in text.split("\n"))


# What holds for all


def checked(texts: Callable[[], Iterator[str]]) -> None:
    """Calls, and looks for canaries in what may be shown.

    Raises:
        Exception: what the call raises, but for what it documents, or ``BrokenError``.
    """
    for text in texts():
        for canary in CANARIES:
            if canary in text:
                raise _shown(canary, text)


def _shown(canary: str, text: str) -> BrokenError:
    """That a canary is shown, and what stands around it, which is costly to tell where none is."""
    before, _, after = text.partition(canary)
    around = before[-60:], after[:20]
    return BrokenError(
        f"a secret is shown between {_signs(around[0])[-2:]!r} and {_signs(around[1])[:1]!r}", str(around)
    )


def _signs(text: str) -> str:
    """The punctuation of a text, by which one place is told from another."""
    return re.sub(r"[\w\s]", "", text)
