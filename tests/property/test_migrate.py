"""Any legacy section at all: plans stay, comments stay, and so does the rest of the file."""

from __future__ import annotations

import base64
import re
from collections import Counter
from typing import Any, Literal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from talos_registry import (
    MachineConfig,
    MigrateError,
    RegistrySet,
    apply_patches,
    emit,
    migrate,
    migration_patch,
    parse,
    resolve,
)
from tests.certificates import CERTIFICATE
from tests.certificates import KEY as PEM_KEY
from tests.property.test_parse import mutated

CA, CERT, KEY = (base64.b64encode(text.encode()).decode() for text in (CERTIFICATE, CERTIFICATE, PEM_KEY))
HOSTS = (
    "docker.io",
    "ghcr.io",
    "*",
    "harbor.example",
    "harbor.example:5000",
    "10.0.0.1:5000",
    "[::1]:5000",
    "_default",
    "registry-1.docker.io",
)
URLS = (
    "http://10.0.0.1:5000", "https://harbor.example", "https://harbor.example/v2/hub", "https://harbor.example:5000/",
    "https://ghcr.io", "http://[::1]:5000", "HTTP://10.0.0.1", "https://a/b c", "10.0.0.1:5000", "harbor.example", "ftp://a", "http://a b", "",
)  # fmt: skip
GOOD_URLS = URLS[:6]
REFERENCES = (
    "nginx",
    "ghcr.io/a/b:1",
    "harbor.example/a",
    "harbor.example:5000/a",
    "10.0.0.1:5000/a/b",
    "quay.io/x",
    "localhost:5000/a",
)
WORDS = ("u", "y", "0123", "a: b", "kind", "machine", "null", " x", "ä", "a\u2028b")

FLAG = st.sampled_from([True, False])


def mappings(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=members)


def mirrors(urls: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return mappings(endpoints=st.lists(st.sampled_from(urls), max_size=3), overridePath=FLAG, skipFallback=FLAG)


WORD = st.sampled_from(WORDS)
AUTH = st.one_of(
    mappings(username=WORD, password=WORD),
    mappings(auth=WORD),
    mappings(identityToken=WORD),
    mappings(username=WORD, auth=WORD),
)
TLS = mappings(
    ca=st.sampled_from([CA, CA, base64.b64encode(b"none").decode()]),
    clientIdentity=st.sampled_from([{"crt": CERT, "key": KEY}, {"crt": CERT}, {}]),
    insecureSkipVerify=FLAG,
)
ENTRY = mappings(auth=AUTH, tls=TLS)


def sections(urls: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    hosts = st.sampled_from(HOSTS)
    return mappings(
        mirrors=st.dictionaries(hosts, mirrors(urls), max_size=4), config=st.dictionaries(hosts, ENTRY, max_size=3)
    )


class Writer:
    """Writes data as YAML in one of its many ways, with comments here and there."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._count = 0

    def _is(self, one_in: int) -> bool:
        return self._draw(st.integers(1, one_in)) == 1

    def _comment(self) -> str:
        self._count += 1
        return f"# note {self._count}"

    def _beside(self) -> str:
        return f" {self._comment()}" if self._is(3) else ""

    def _before(self, indent: str) -> str:
        blank = "\n" if self._is(8) else ""
        return blank + (f"{indent}{self._comment()}\n" if self._is(3) else "")

    def block(self, data: dict[str, Any], indent: str) -> str:
        text = ""
        for key, value in data.items():
            text += self._before(indent) + f"{indent}{self._scalar(key)}:{self._value(value, indent)}"
        return text

    def _value(self, value: Any, indent: str) -> str:
        if not value and self._is(3) and isinstance(value, dict | list):
            return f" {'{}' if isinstance(value, dict) else '[]'}{self._beside()}\n"
        if not isinstance(value, dict | list) or not value or self._is(4):
            return f" {self._flow(value)}{self._beside()}\n"
        deeper = indent + " " * self._draw(st.integers(1, 4))
        if isinstance(value, dict):
            return f"{self._beside()}\n{self.block(value, deeper)}{self._before(deeper)}"
        items = "".join(f"{self._before(indent)}{indent}- {self._scalar(item)}{self._beside()}\n" for item in value)
        return f"{self._beside()}\n{items}"

    def _flow(self, value: Any) -> str:
        if isinstance(value, dict):
            comma = "," if value and self._is(3) else ""
            return (
                "{" + ", ".join(f"{self._scalar(key)}: {self._flow(item)}" for key, item in value.items()) + comma + "}"
            )
        if isinstance(value, list):
            return "[" + ", ".join(map(self._flow, value)) + "]"
        return self._scalar(value)

    def _scalar(self, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        text = str(value)
        if re.fullmatch(r"[a-z][a-zA-Z0-9./:-]*", text) and text not in {"null", "y"} and self._is(2):
            return text
        return '"' + text.replace("\u2028", "\\L") + '"'


AROUND = st.fixed_dictionaries(
    {},
    optional={
        "type": st.just("worker"),
        "install": st.just({"disk": "/dev/sda"}),
        "network": st.just({"hostname": "a"}),
    },
)
OTHER = (
    "apiVersion: v1alpha1\nkind: HostnameConfig # other\nhostname: x\n",
    "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints: [{url: http://new}]\n",
    "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: harbor.example\n",
    "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: 10.0.0.1:5000\nusername: new\n",
)


@st.composite
def configs(draw: st.DrawFn, urls: tuple[str, ...] = URLS) -> str:
    """A file with a legacy section."""
    writer = Writer(draw)
    machine = draw(AROUND)
    before = draw(st.integers(0, len(machine)))
    members = list(machine.items())
    members.insert(before, ("registries", draw(sections(urls))))
    root: dict[str, Any] = {"machine": dict(members)}
    root = draw(st.sampled_from([root, {"version": "v1alpha1", **root}, {**root, "cluster": {"clusterName": "a"}}]))
    documents = [writer.block(root, "")]
    if draw(st.integers(1, 6)) == 1:
        documents = [f"{writer._flow(root)}\n"]
    for other in draw(st.lists(st.sampled_from(OTHER), max_size=2, unique=True)):
        documents.insert(draw(st.integers(0, len(documents))), other)
    start = draw(st.sampled_from(["", "---\n", "# top\n", "# top\n---\n", "--- # top\n"]))
    end = draw(st.sampled_from(["", "...\n", "# end\n", "# end", "\n"]))
    text = start + "---\n".join(documents) + end
    if draw(st.integers(1, 4)) == 1:
        text = text.replace("\n", "\r\n")
    return text.rstrip("\r\n") if draw(st.integers(1, 4)) == 1 else text


def plans(registries: RegistrySet) -> list[Any]:
    pullers: tuple[Literal["talos", "cri"], ...] = ("talos", "cri")
    return [resolve(reference, registries, puller=puller) for reference in REFERENCES for puller in pullers]


def comments(text: str) -> Counter[str]:
    return Counter(re.findall(r"# [a-z]+(?: [0-9]+)?", text))


def migrated(config: MachineConfig, to: Literal["documents", "legacy"] = "documents") -> MachineConfig:
    """The config with all migrated that can be."""
    try:
        text: str | None = migrate(config, to=to)
    except MigrateError as error:
        text = error.text if error.entries else None
    assert text is not None
    return parse(text, talos_version=config.talos_version)


@settings(max_examples=600, deadline=None)
@given(configs(), st.sampled_from(["1.12", "1.13", "1.14"]))
def test_no_plan_and_no_comment_changes(text: str, version: str) -> None:
    before = parse(text, talos_version=version)
    assume(before.talos_error is None)
    after = migrated(before)
    assert after.talos_error is None
    assert plans(after.registries) == plans(before.registries)
    assert comments(after.text) == comments(text)
    assert migrated(after).text == after.text


@settings(max_examples=400, deadline=None)
@given(configs(GOOD_URLS))
def test_what_stays_is_what_talos_would_refuse(text: str) -> None:
    before = parse(text)
    assume(before.talos_error is None)
    present = {(one.kind, one.name) for one in before.documents}
    bad = {
        (one.kind, one.name)
        for one in before.legacy_documents
        if (one.kind, one.name) not in present and parse(emit([one])).talos_error is not None
    }
    staying = {(one.kind, one.name) for one in migrated(before).legacy_documents}
    # A host has one entry for both kinds.
    assert {entry(*one) for one in staying} == {entry(*one) for one in bad}


@settings(max_examples=400, deadline=None)
@given(configs(), st.sampled_from(["1.12", "1.13", "1.14"]))
def test_the_way_back_changes_no_plan_and_no_comment_either(text: str, version: str) -> None:
    documents = migrated(parse(text, talos_version=version))
    assume(documents.talos_error is None)
    legacy = migrated(documents, to="legacy")
    assert legacy.talos_error is None
    assert {one.kind for one in legacy.documents} <= {"v1alpha1", "HostnameConfig"}
    assert plans(legacy.registries) == plans(documents.registries)
    assert comments(legacy.text) == comments(text)
    again = migrated(legacy)
    assert plans(again.registries) == plans(documents.registries)


@settings(max_examples=300, deadline=None)
@given(configs(), st.sampled_from(["1.12", "1.13", "1.14"]))
def test_the_patch_does_what_the_migration_does(text: str, version: str) -> None:
    before = parse(text, talos_version=version)
    assume(before.talos_error is None)
    try:
        patch: str | None = migration_patch(before)
    except MigrateError as error:
        patch = error.text
        assume(patch is not None)  # names in brackets
    assume(patch)
    after = apply_patches(before, [str(patch)])
    assert after.registries == migrated(before).registries
    assert after.legacy_documents == migrated(before).legacy_documents


@settings(max_examples=600, deadline=None)
@given(mutated(), st.sampled_from(["documents", "legacy"]))
def test_any_file_is_migrated_or_refused(text: str, to: Literal["documents", "legacy"]) -> None:
    before = parse(text)
    try:
        found: str | None = migrate(before, to=to)
    except MigrateError as error:
        found = error.text
    after = parse(text if found is None else found)
    assert {one.code for one in after.diagnostics} <= {one.code for one in before.diagnostics}
    if before.talos_error is None:
        assert plans(after.registries) == plans(before.registries)


def entry(kind: str, name: str) -> tuple[bool, str]:
    return kind == "RegistryMirrorConfig", name
