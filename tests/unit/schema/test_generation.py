from __future__ import annotations

import base64
import gzip
import json
import re
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from talos_registry.documents import TYPED, ClientIdentity, LocalImageCache, RegistryEndpoint
from talos_registry.goyaml import Source, Tree, documents
from talos_registry.goyaml.plain import Plain
from talos_registry.goyaml.scalars import BOOL_WORDS
from talos_registry.loading import parse
from talos_registry.schema import json_schema
from talos_registry.versions import LATEST, release_of
from tests.certificates import CERTIFICATE, KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError

TESTS = Path(__file__).parents[2]
COMMITTED = TESTS.parent / "schemas"
KINDS = [None, *TYPED]


CERTIFICATE_64, KEY_64 = (base64.b64encode(pem.encode()).decode() for pem in (CERTIFICATE, KEY))


def mirror(**settings: Any) -> dict[str, Any]:
    return {"apiVersion": "v1alpha1", "kind": "RegistryMirrorConfig", "name": "docker.io", **settings}


def auth(**settings: Any) -> dict[str, Any]:
    return {"apiVersion": "v1alpha1", "kind": "RegistryAuthConfig", "name": "reg.example", **settings}


def tls(**settings: Any) -> dict[str, Any]:
    return {"apiVersion": "v1alpha1", "kind": "RegistryTLSConfig", "name": "reg.example", **settings}


def cache(**settings: Any) -> dict[str, Any]:
    return {"apiVersion": "v1alpha1", "kind": "ImageCacheConfig", **settings}


def without(key: str, document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != key}


def legacy(mirrors: Any = None, config: Any = None) -> dict[str, Any]:
    sections = {"mirrors": mirrors, "config": config}
    return {"machine": {"registries": {key: value for key, value in sections.items() if value is not None}}}


def legacy_tls(**settings: Any) -> dict[str, Any]:
    return legacy(config={"reg.example": {"tls": settings}})


def errors(document: Any, kind: str | None = None) -> list[ValidationError]:
    return list(Draft202012Validator(json_schema(kind)).iter_errors(document))


def is_accepted(document: dict[str, Any]) -> bool:
    """Whether the schemas take it: both that of its kind, if there is one, and that of the stream."""
    kind = document.get("kind")
    verdicts = {not errors(document, each) for each in ([None, kind] if kind in TYPED else [None])}
    assert len(verdicts) == 1
    return verdicts.pop()


def codes(document: dict[str, Any]) -> list[str]:
    return [one.code for one in parse(json.dumps(document)).diagnostics]


# The files and the form


@pytest.mark.parametrize("kind", KINDS)
def test_the_committed_file_is_what_is_generated(kind: str | None) -> None:
    text = (COMMITTED / f"{kind or 'stream'}.schema.json").read_text(encoding="utf-8")
    assert text == json.dumps(json_schema(kind), indent=2) + "\n"


@pytest.mark.parametrize("kind", KINDS)
def test_every_schema_is_one(kind: str | None) -> None:
    Draft202012Validator.check_schema(json_schema(kind))
    assert json_schema(kind)["$id"] == f"urn:talos-registry:schema:{kind or 'stream'}"
    assert json_schema(kind)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_there_is_no_other_file() -> None:
    assert {path.name for path in COMMITTED.iterdir()} == {f"{kind or 'stream'}.schema.json" for kind in KINDS}


def test_an_unknown_kind_is_an_error_that_helps() -> None:
    with pytest.raises(ValueError, match=r'^no schema for the kind "RegistryMirorConfig"; did you mean "Registry'):
        json_schema("RegistryMirorConfig")
    with pytest.raises(ValueError, match="there is RegistryMirrorConfig, RegistryAuthConfig, "):
        json_schema("x")


@pytest.mark.parametrize("kind", KINDS)
def test_the_result_belongs_to_the_caller(kind: str | None) -> None:
    spoilt = json_schema(kind)
    for part in objects(spoilt):
        part["title"] = "spoilt"
        part.get("examples", []).clear()
        part.get("allOf", []).clear()
    assert "spoilt" not in json.dumps(json_schema(kind))
    assert json_schema("RegistryAuthConfig")["allOf"]
    assert json_schema("RegistryMirrorConfig")["properties"]["name"]["examples"]


def objects(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        for inner in list(part.values()):
            yield from objects(inner)
        yield part
    elif isinstance(part, list):
        for inner in part:
            yield from objects(inner)


# Texts


@pytest.mark.parametrize(
    ("model", "part"),
    [
        *((model, json_schema(kind)) for kind, model in TYPED.items()),
        (RegistryEndpoint, json_schema("RegistryMirrorConfig")["properties"]["endpoints"]["items"]),
        (ClientIdentity, json_schema("RegistryTLSConfig")["properties"]["clientIdentity"]),
        (LocalImageCache, json_schema("ImageCacheConfig")["properties"]["local"]),
    ],
)
def test_texts_and_examples_are_those_of_the_models(model: Any, part: dict[str, Any]) -> None:
    fields = {field.serialization_alias: field for field in model.model_fields.values()}
    assert list(part["properties"]) == list(fields)
    for key, field in fields.items():
        described = part["properties"][key]
        assert described["title"] == key
        assert described["description"] == field.description
        assert described["markdownDescription"].replace("`", "") == field.description
        assert described.get("examples") == field.examples


def test_markdown_marks_what_is_not_prose() -> None:
    url = json_schema("RegistryMirrorConfig")["properties"]["endpoints"]["items"]["properties"]["url"]
    assert "`http://HOST[:PORT][/PATH]` or `https://HOST[:PORT][/PATH]`." in url["markdownDescription"]
    assert "; `*` stands for" in json_schema("RegistryMirrorConfig")["properties"]["name"]["markdownDescription"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_is_described_and_every_example_fits(kind: str | None) -> None:
    for part in objects(json_schema(kind)):
        if "title" in part and isinstance(part["title"], str):
            assert part["description"].endswith(".")
            assert part["markdownDescription"]
        for example in part.get("examples", []):
            assert not list(Draft202012Validator(part).iter_errors(example))


def test_secrets_are_plain_strings() -> None:
    for key in ("password", "auth", "identityToken"):
        described = json_schema("RegistryAuthConfig")["properties"][key]
        assert without("description", described) == {
            "title": key,
            "markdownDescription": described["markdownDescription"],
            "type": "string",
        }


# Verdicts: the schema and Talos agree

ACCEPTED = [
    mirror(),
    mirror(endpoints=[]),
    mirror(name="*", endpoints=[{"url": "http://10.5.0.1:5000"}, {"url": "https://a/b", "overridePath": True}]),
    mirror(skipFallback=False),
    auth(),
    auth(username="u", password="p"),
    auth(auth="dTpw"),
    auth(identityToken="t"),
    auth(username="u", password="p", auth="", identityToken=""),
    tls(),
    tls(ca=""),
    tls(ca=CERTIFICATE, insecureSkipVerify=True),
    tls(ca=f"# the root\n{CERTIFICATE}"),
    tls(clientIdentity={"cert": CERTIFICATE, "key": KEY}),
    cache(),
    cache(local={}),
    cache(local={"enabled": True}),
    {
        "machine": {"type": "worker", "network": {"nameservers": ["10.0.0.1"]}},
        "cluster": {"id": "x"},
        "version": "v1alpha1",
    },
    {"debug": False},
    {"persist": True, "machine": {"features": {"imageCache": {"localEnabled": True}, "rbac": True}}},
    legacy(mirrors={"docker.io": {"endpoints": ["http://a"], "overridePath": True, "skipFallback": False}, "b": {}}),
    legacy(mirrors={"docker.io": {"endpoints": ["registry.example:5000"]}}),
    legacy(config={"a": {}, "b": {"auth": {"username": "u", "password": "p", "auth": "x", "identityToken": "t"}}}),
    legacy_tls(ca=CERTIFICATE_64, insecureSkipVerify=True, clientIdentity={"crt": CERTIFICATE_64, "key": KEY_64}),
    legacy_tls(ca=""),
    legacy_tls(ca="YWJj\nYWI=\n"),
    legacy_tls(ca="YW\r\nJj"),
    legacy_tls(clientIdentity={"crt": "", "key": "******"}),
    {"apiVersion": "v1alpha1", "kind": "CRIBaseRuntimeSpecConfig", "overrides": {"is": ["in", "it"]}},
]

REFUSED = [
    (mirror(name=""), "missing-name"),
    (without("name", mirror()), "missing-name"),
    (without("apiVersion", mirror()), "missing-api-version"),
    (mirror(apiVersion="v1"), "unsupported-api-version"),
    (mirror(endpoint=[]), "unknown-key"),
    (mirror(endpoints={}), "wrong-type"),
    (mirror(endpoints=["http://a"]), "wrong-type"),
    (mirror(endpoints=[{}]), "missing-url"),
    (mirror(endpoints=[{"url": ""}]), "missing-url"),
    (mirror(endpoints=[{"url": "registry.example:5000"}]), "endpoint-without-scheme"),
    (mirror(endpoints=[{"url": "ftp://a"}]), "unsupported-scheme"),
    (mirror(endpoints=[{"url": "http://a", "skipFallback": True}]), "unknown-key"),
    (mirror(skipFallback="true"), "wrong-type"),
    (mirror(skipFallback=1), "wrong-type"),
    (without("name", auth()), "missing-name"),
    (auth(token="t"), "unknown-key"),
    (auth(password={}), "wrong-type"),
    (without("name", tls()), "missing-name"),
    (tls(ca="not a certificate"), "invalid-ca"),
    (tls(ca=CERTIFICATE_64), "wrong-pem-encoding"),
    (tls(ca=f"  {CERTIFICATE}"), "invalid-ca"),
    (tls(clientIdentity={}), "invalid-client-identity"),
    (tls(clientIdentity={"cert": CERTIFICATE}), "invalid-client-identity"),
    (tls(clientIdentity={"cert": KEY, "key": KEY}), "invalid-client-identity"),
    (tls(clientIdentity={"cert": CERTIFICATE, "key": KEY_64}), "wrong-pem-encoding"),
    (tls(clientIdentity={"crt": CERTIFICATE, "key": KEY}), "wrong-pem-encoding"),
    (cache(name="a"), "unknown-key"),
    (cache(local=True), "wrong-type"),
    (cache(local={"localEnabled": True}), "unknown-key"),
    ({}, "missing-kind"),
    ({"apiVersion": "v1alpha1", "name": "a"}, "missing-kind"),
    ({"version": "v1alpha1"}, "missing-kind"),
    ({"machine": {}, "registries": {}}, "misplaced-section"),
    ({"machine": {}, "unknown": {}}, "unknown-key"),
    ({"machine": {"mirrors": {}}}, "misplaced-section"),
    ({"machine": {"config": {}}}, "misplaced-section"),
    ({"machine": {"imageCache": {}}}, "misplaced-section"),
    ({"machine": []}, "wrong-type"),
    ({"machine": {"features": {"imageCache": {"enabled": True}}}}, "unknown-key"),
    (legacy(mirrors={"docker.io": {"endpoints": [{"url": "http://a"}]}}), "wrong-type"),
    (legacy(mirrors={"docker.io": {"endpoint": []}}), "unknown-key"),
    (legacy(mirrors={"docker.io": None}), "null-entry"),
    (legacy(config={"a": {"username": "u"}}), "unknown-key"),
    (legacy_tls(ca=CERTIFICATE), "wrong-pem-encoding"),
    (legacy_tls(ca="YWJ"), "invalid-base64"),
    (legacy_tls(ca="YWJj="), "invalid-base64"),
    (legacy_tls(ca="******"), "invalid-base64"),
    (legacy_tls(clientIdentity={"crt": "******", "key": ""}), "invalid-base64"),
    (legacy_tls(clientIdentity={"crt": CERTIFICATE, "key": KEY_64}), "wrong-pem-encoding"),
    (legacy_tls(clientIdentity={"cert": CERTIFICATE_64, "key": KEY_64}), "wrong-pem-encoding"),
]


@pytest.mark.parametrize("document", ACCEPTED)
def test_both_accept(document: dict[str, Any]) -> None:
    assert is_accepted(document)
    assert codes(document) == []


@pytest.mark.parametrize(("document", "code"), REFUSED)
def test_both_refuse(document: dict[str, Any], code: str) -> None:
    assert not is_accepted(document)
    assert code in codes(document)


@pytest.mark.parametrize(
    "credentials",
    [
        {
            key: value
            for key, value in zip(("username", "password", "auth", "identityToken"), values, strict=True)
            if value is not None
        }
        for values in product([None, "", "x"], repeat=4)
    ],
    ids=str,
)
def test_credentials_exclude_each_other_as_in_talos(credentials: dict[str, str]) -> None:
    assert is_accepted(auth(**credentials)) == ("conflicting-auth" not in codes(auth(**credentials)))


# Verdicts: the intended differences


@pytest.mark.parametrize(
    "document",
    [
        mirror(skipFallback="yes"),
        mirror(endpoints=None),
        mirror(endpoints=[{"url": "HTTP://a"}]),
        mirror(endpoints=[{"url": "http:"}]),
        auth(username="u", password=1.10),
        auth(username=True),
        tls(clientIdentity=None),
        {"machine": None},
        legacy(mirrors={"docker.io": {"skipFallback": "on"}}),
    ],
)
def test_the_schema_is_stricter(document: dict[str, Any]) -> None:
    assert not is_accepted(document)
    assert codes(document) == []


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (mirror(endpoints=[{"url": "http://a b"}]), "invalid-url"),
        (tls(ca="-----BEGIN CERTIFICATE-----\n"), "invalid-ca"),
        (tls(clientIdentity={"cert": "-----BEGIN CERTIFICATE-----", "key": KEY}), "invalid-client-identity"),
        ({"machine": {"registires": {}}}, "unknown-key"),
        (auth(username="kind"), "talos-crash"),
        ({"apiVersion": "v1alpha1", "kind": "NoSuchConfig"}, "unknown-kind"),
    ],
)
def test_the_schema_is_laxer(document: dict[str, Any], code: str) -> None:
    assert is_accepted(document)
    assert code in codes(document)


LAXER = {
    *("invalid-ca", "invalid-client-identity", "invalid-url", "unknown-kind", "missing-api-version", "wrong-type"),
    *("duplicate-key", "duplicate-document", "conflicting-image-cache", "talos-crash", "unsupported-api-version"),
    *("invalid-base64", "unknown-key", "template-not-rendered"),
}


def recorded() -> Iterator[tuple[str, list[Any], bool]]:
    """Recorded inputs without explicit tags, as plain data, and whether Talos accepts them."""
    with gzip.open(TESTS / "conformance" / "vectors" / "load.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            source: str | bytes = base64.b64decode(row["b64"]) if "b64" in row else row["in"]
            items = list(documents(Source.of(source), release_of(LATEST)))
            if "!" not in str(source) and all(isinstance(item, Tree) for item in items):
                plain = [Plain().value(item.root) for item in items if isinstance(item, Tree)]
                refused = {"load_error", "validate_error"} & row["expect"].keys()
                yield str(source), [one for one in plain if one is not None], not refused


def is_intended(error: ValidationError) -> bool:
    """Whether the schema is stricter on purpose."""
    given: Any = error.instance
    return (
        given in (None, "<<")
        or (error.validator_value == "string" and isinstance(given, bool | int | float))
        or (error.validator_value == "boolean" and given in BOOL_WORDS)
        or (error.validator == "pattern" and re.match("https?:", given, re.IGNORECASE) is not None)
        or (error.validator == "const" and list(error.absolute_path) == ["apiVersion"])
        or (error.validator == "required" and "apiVersion" not in given)
    )


def test_recorded_inputs_that_talos_accepts_are_refused_only_on_purpose() -> None:
    validator = Draft202012Validator(json_schema())
    accepted = [documents for _, documents, is_taken in recorded() if is_taken]
    found = [error for documents in accepted for one in documents for error in validator.iter_errors(one)]
    assert len(accepted) > 500
    assert [error.message for error in found if not is_intended(error)] == []


def test_recorded_inputs_that_talos_refuses_are_accepted_only_for_known_reasons() -> None:
    validator = Draft202012Validator(json_schema())
    refused = [(text, documents) for text, documents, is_taken in recorded() if documents and not is_taken]
    passed = [text for text, documents in refused if all(map(validator.is_valid, documents))]
    assert len(refused) > 500
    assert {one.code for text in passed for one in parse(text).diagnostics} <= LAXER
