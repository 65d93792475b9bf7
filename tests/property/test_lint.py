"""``lint`` of anything at all: it never raises, its findings have places, and no message shows a secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from talos_registry import Diagnostic, Severity, lint, parse
from talos_registry.report import as_text
from talos_registry.report.checked import Checked
from talos_registry.report.excerpt import excerpts
from tests.property.mutations import SAMPLES, lines_of, mutated

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ROOT = Path(__file__).parents[1]
SECRET = "s3cr3t"
"""Part of every secret below; nothing else has it."""

NAMES = (
    *("docker.io", "registry-1.docker.io", "ghcr.io", "*", "", "cache.example", "cache.example:5000", "Cache.example"),
    *("https://cache.example/v2/", "${HOST}", "localhost:5000", "[2001:db8::7]:5000", "harbor", "a/b", "*.example"),
)
URLS = (
    *("http://cache.example", "https://cache.example:5000/v2", "https://cache.example/v2/hub/", "https://ghcr.io"),
    *("https://docker.io", "cache.example:5000", "oci://x", "", "http://a b", "http://[2001:db8::7]:5000", "${URL}"),
    *("http://${HOST}/v2/x", "https://mirror.gcr.io", "HTTP://cache.example", "http://zot.a.svc", "%zz", "//cache"),
    f"https://user:{SECRET}@cache.example/v2/x",
    f"http://{SECRET}@cache.example:port",
)
SECRETS = (SECRET, f"{SECRET}$x", f"user:{SECRET}", "", "${TOKEN}", "dXNlcjpzM2NyM3Q=")
PEMS = (
    "",
    "LS0tLS1CRUdJTi",
    "MIIB",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "${CA}",
    "******",
)
IMAGES = ("nginx", "ghcr.io/a/b:1", "cache.example:5000/a", "localhost:5000/a")
VERSIONS = ("1.0.0", "1.7", "1.9.2", "1.11", "1.12.0", "1.13", "1.14.0-beta.1", "1.14")


def text(value: str) -> str:
    """A YAML scalar for any text."""
    return "'" + value.replace("'", "''").replace("\n", "\n\n  ") + "'"


def optional(key: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.just("") | values.map(lambda value: f"{key}: {value}\n")


def any_of(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values).map(text)


FLAG = st.sampled_from(["true", "false", "yes", "", '"true"'])
NAME = any_of(*NAMES)
LISTED = st.lists(any_of(*URLS), max_size=3)
MIRROR = st.builds(
    lambda name, urls, override, skip: (
        f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: {name}\nendpoints:\n"
        + "".join(f"  - url: {url}\n    overridePath: {override}\n" for url in urls)
        + skip
    ),
    NAME, LISTED, FLAG, optional("skipFallback", FLAG),
)  # fmt: skip
CREDENTIALS = [
    optional("username", any_of("u", "u$x", "user:", "", "${TOKEN}")),
    *(optional(key, any_of(*SECRETS)) for key in ("password", "auth", "identityToken")),
]
AUTH = st.builds(
    lambda name, *rest: "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: " + "\n".join([name, "".join(rest)]),
    NAME, *CREDENTIALS,
)  # fmt: skip
TLS = st.builds(
    lambda name, ca, cert, key, skip: (
        f"apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: {name}\n{ca}{skip}"
        f"clientIdentity: {{cert: {cert}, key: {key}}}\n"
    ),
    NAME, optional("ca", any_of(*PEMS)), any_of(*PEMS), any_of(*PEMS, SECRET), optional("insecureSkipVerify", FLAG),
)  # fmt: skip
LEGACY = st.builds(
    lambda mirrors, config: f"machine: {{registries: {{mirrors: {{{', '.join(mirrors)}}}, config: {{{', '.join(config)}}}}}}}\n",
    st.lists(
        st.builds("{}: {{endpoints: [{}], overridePath: {}, skipFallback: {}}}".format, NAME, LISTED.map(", ".join), FLAG, FLAG),
        max_size=3, unique_by=lambda entry: entry.split(":")[0],
    ),
    st.lists(
        st.builds(
            "{}: {{auth: {{username: u, password: {}, auth: {}}}, tls: {{ca: {}, clientIdentity: {{crt: {}, key: {}}}}}}}".format,
            NAME, any_of(*SECRETS), any_of(*SECRETS), any_of(*PEMS), any_of(*PEMS), any_of(*PEMS, SECRET),
        ),
        max_size=3,
    ),
)  # fmt: skip
CONFIG = st.lists(MIRROR | AUTH | TLS | LEGACY, min_size=1, max_size=5).map("---\n".join)


@cache
def files() -> list[str]:
    """The awkward pairs and the configs in the shapes people keep."""
    found = [path for folder in ("rules", "realworld") for path in (ROOT / folder).rglob("*.yaml")]
    return [*SAMPLES, *(path.read_text(encoding="utf-8") for path in sorted(found))]


MUTATED = mutated(st.deferred(lambda: st.sampled_from(files())) | CONFIG, at_least=0, at_most=4)


def linted(source: str, talos_version: str = "1.14", images: tuple[str, ...] = ()) -> tuple[Diagnostic, ...]:
    config = parse(source, talos_version=talos_version)
    found = lint(config, images=images, now=NOW)
    refused = [replace(one, fix=None) for one in found if one.severity is Severity.ERROR]
    assert set(refused) >= set(config.diagnostics)
    assert [one for one in refused if one not in config.diagnostics] == []
    lines = lines_of(source)
    for one in found:
        assert one.line is not None
        assert one.end_line is not None
        assert 1 <= one.line <= one.end_line <= len(lines) + 1, one
        assert one.message.isprintable(), one
        assert one.message.endswith((".", "?")), one
    return found


@settings(max_examples=300)
@given(st.text(max_size=100))
def test_any_text(source: str) -> None:
    linted(source)


@settings(max_examples=1000)
@given(MUTATED, st.sampled_from(VERSIONS), st.lists(st.sampled_from(IMAGES), max_size=2))
def test_any_mutated_file(source: str, talos_version: str, images: list[str]) -> None:
    linted(source, talos_version, tuple(images))


@settings(max_examples=1000)
@given(CONFIG, st.sampled_from(VERSIONS))
@example(
    f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: u:{SECRET}@a\nendpoints: [url: http://u:{SECRET}@b/x]\n",
    "1.14",
)
@example(
    f"machine: {{registries: {{mirrors: {{a.b: {{endpoints: ['http://{SECRET}@c:port']}}}}, config: {{'*': {{auth: {{}}}}}}}}}}",
    "1.14",
)
def test_no_message_and_no_line_shows_a_secret(source: str, talos_version: str) -> None:
    found = linted(source, talos_version, IMAGES)
    for line in as_text.render(
        [Checked("a.yaml", 1, found, excerpts(parse(source, talos_version=talos_version), found))]
    ):
        assert SECRET not in line
        assert "dXNlcjpzM2NyM3Q" not in line


@settings(max_examples=200)
@given(st.lists(MUTATED, min_size=2, max_size=3))
def test_any_files_as_patches(sources: list[str]) -> None:
    configs = [parse(source, filename=f"{at}.yaml") for at, source in enumerate(sources)]
    for one in lint(configs, now=NOW):
        assert one.file in {config.filename for config in configs}
        assert one.line is not None
