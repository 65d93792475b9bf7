from __future__ import annotations

import inspect
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError

from talos_registry import (
    ClientIdentity,
    ImageCacheConfig,
    LocalImageCache,
    OpaqueDocument,
    RegistryAuthConfig,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistryTLSConfig,
    parse,
)
from talos_registry.documents.models import TYPED, Document, RegistryDocument


@pytest.mark.parametrize("kind", TYPED)
def test_every_document_has_its_kind_version_and_name(kind: str) -> None:
    document = TYPED[kind]()
    assert (document.kind, document.api_version, document.name) == (kind, "v1alpha1", "")


def test_what_is_missing() -> None:
    assert RegistryMirrorConfig().skip_fallback is None
    assert RegistryMirrorConfig().endpoints == ()
    assert RegistryEndpoint() == RegistryEndpoint(url="", override_path=None)
    assert RegistryAuthConfig().password == SecretStr("")
    assert RegistryTLSConfig().client_identity is None
    assert ImageCacheConfig().local == LocalImageCache(enabled=None)
    assert OpaqueDocument() == OpaqueDocument(api_version="", kind="", name="", text="")


@pytest.mark.parametrize(
    "members",
    [
        {"name": "a", "endpoints": ["http://a", {"url": "http://b", "overridePath": True}], "skipFallback": True},
        {"name": "a", "endpoints": ("http://a", {"url": "http://b", "override_path": True}), "skip_fallback": True},
        {"name": "a", "endpoints": [RegistryEndpoint(url="http://a"), RegistryEndpoint(url="http://b", override_path=True)], "skip_fallback": True},
    ],
)  # fmt: skip
def test_members_by_either_name_and_endpoints_as_text(members: dict[str, object]) -> None:
    mirror = RegistryMirrorConfig.model_validate(members)
    assert mirror.endpoints == (RegistryEndpoint(url="http://a"), RegistryEndpoint(url="http://b", override_path=True))
    assert mirror.skip_fallback is True


@pytest.mark.parametrize(
    ("model", "members"),
    [
        (RegistryMirrorConfig, {"nam": "a"}),
        (RegistryMirrorConfig, {"kind": "RegistryAuthConfig"}),
        (RegistryMirrorConfig, {"skipFallback": "yes"}),
        (RegistryMirrorConfig, {"skipFallback": 1}),
        (RegistryMirrorConfig, {"endpoints": "http://a"}),
        (RegistryMirrorConfig, {"endpoints": [1]}),
        (RegistryAuthConfig, {"username": 12}),
        (RegistryTLSConfig, {"clientIdentity": {"crt": ""}}),
        (ImageCacheConfig, {"name": "a"}),
    ],
)
def test_what_is_no_member_is_refused(model: type[Document], members: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(members)


def test_an_error_does_not_show_the_value() -> None:
    with pytest.raises(ValidationError) as raised:
        RegistryAuthConfig.model_validate({"password": ["s3cret"]})
    assert "s3cret" not in str(raised.value)


def test_models_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        RegistryAuthConfig().name = "a"  # type: ignore[misc]  # refused before it runs, too


SECRETS = (
    RegistryAuthConfig(username="u", password="s3cret"),
    RegistryAuthConfig(auth=SecretStr("s3cret")),
    RegistryAuthConfig.model_validate({"identityToken": "s3cret"}),
    RegistryTLSConfig(client_identity=ClientIdentity(cert="c", key="s3cret")),
)


@pytest.mark.parametrize("document", SECRETS, ids=repr)
def test_secrets_are_hidden(document: RegistryDocument) -> None:
    assert "s3cret" not in repr(document)
    assert "s3cret" not in repr(document.model_dump())
    assert "s3cret" in str(document.to_values())


@pytest.mark.parametrize("document", SECRETS, ids=repr)
def test_no_json_is_made_in_which_a_secret_is_asterisks(document: RegistryDocument) -> None:
    for dump in (
        document.model_dump_json,
        lambda: document.model_dump(mode="json"),
        lambda: TypeAdapter(list[RegistryDocument]).dump_json([document]),
    ):
        with pytest.raises(ValueError, match=r"to_values\(\)") as raised:
            dump()
        assert "s3cret" not in str(raised.value)


def test_json_without_secrets_is_made_and_read() -> None:
    auth = RegistryAuthConfig(name="a", username="u")
    assert RegistryAuthConfig.model_validate_json(auth.model_dump_json()) == auth
    assert RegistryAuthConfig.model_validate_json('{"password": "***"}') == RegistryAuthConfig(password="***")
    assert RegistryTLSConfig(client_identity=ClientIdentity()).model_dump(mode="json", by_alias=True) == {
        "apiVersion": "v1alpha1",
        "kind": "RegistryTLSConfig",
        "name": "",
        "clientIdentity": {"cert": "", "key": ""},
        "ca": "",
        "insecureSkipVerify": None,
    }


MODELS: tuple[type[BaseModel], ...] = (
    *TYPED.values(), OpaqueDocument, RegistryEndpoint, ClientIdentity, LocalImageCache,
)  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
def test_a_constructor_says_what_it_takes_in_snake_case(model: type[BaseModel]) -> None:
    model()  # which completes the model: pydantic makes another signature then
    parameters = inspect.signature(model).parameters
    assert parameters.keys() == model.model_fields.keys()
    assert model(**{name: parameter.default for name, parameter in parameters.items()}) == model()
    assert {parameter.kind for parameter in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}


def test_a_constructor_takes_what_it_says() -> None:
    urls = ("http://a", RegistryEndpoint(url="http://b"))
    mirror = RegistryMirrorConfig(name="a", endpoints=iter(urls))
    assert mirror == RegistryMirrorConfig(name="a", endpoints=[RegistryEndpoint(url="http://a"), urls[1]])
    assert RegistryAuthConfig(password="p") == RegistryAuthConfig(password=SecretStr("p"))
    assert ClientIdentity(key="k").key == SecretStr("k")
    by_alias: Any = {"skipFallback": True}
    assert RegistryMirrorConfig(**by_alias) == RegistryMirrorConfig(skip_fallback=True)
    with pytest.raises(TypeError, match=r"^RegistryMirrorConfig.__init__\(\) takes 1 positional argument"):
        RegistryMirrorConfig("a")  # type: ignore[call-arg]  # what is tested


def test_a_copy_has_other_members_by_either_name() -> None:
    mirror = RegistryMirrorConfig(name="a", endpoints=["http://a"])
    changed = RegistryMirrorConfig(name="a", endpoints=["http://b"], skip_fallback=True)
    assert mirror.model_copy(update={"endpoints": ["http://b"], "skip_fallback": True}) == changed
    assert mirror.model_copy(update={"endpoints": ("http://b",), "skipFallback": True}, deep=True) == changed
    assert mirror.model_copy() == mirror
    assert mirror == RegistryMirrorConfig(name="a", endpoints=["http://a"])


@pytest.mark.parametrize(
    "update",
    [
        {"skip_falback": True},
        {"skipFalback": True},
        {"skipFallback": "yes"},
        {"skip_fallback": True, "skipFallback": True},
        {"endpoints": "http://b"},
        {"kind": "RegistryAuthConfig"},
    ],
)
def test_a_copy_is_checked(update: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RegistryMirrorConfig(name="a").model_copy(update=update)


def test_a_copy_keeps_secrets_secret_and_what_is_not_utf_8() -> None:
    assert "s3cret" not in repr(RegistryAuthConfig().model_copy(update={"password": "s3cret"}))
    (document,) = parse("apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: !!binary /w==\n").documents
    assert document.model_copy(update={"username": "u"}).name == "\udcff"


@pytest.mark.parametrize(
    ("document", "values"),
    [
        (RegistryMirrorConfig(name="a", skip_fallback=False), {"name": "a", "skipFallback": False}),
        (RegistryMirrorConfig(endpoints=[""]), {"endpoints": [{}]}),
        (RegistryAuthConfig(username="u", password="p"), {"username": "u", "password": "p"}),
        (RegistryTLSConfig(client_identity=ClientIdentity()), {"clientIdentity": {}}),
        (ImageCacheConfig(), {"local": {}}),
        (RegistryAuthConfig(api_version=""), {"apiVersion": ""}),
    ],
)
def test_values_are_those_that_are_set(document: RegistryDocument, values: dict[str, Any]) -> None:
    assert document.to_values() == {"apiVersion": "v1alpha1", "kind": document.kind} | values
    assert type(document).model_validate(document.to_values()) == document


def test_text_that_talos_refuses_can_be_held() -> None:
    mirror = RegistryMirrorConfig(endpoints=(RegistryEndpoint(url="reg:5000 "), RegistryEndpoint()))
    assert [endpoint.url for endpoint in mirror.endpoints] == ["reg:5000 ", ""]
    assert [(one.code, one.path) for one in mirror.validate_talos()] == [
        ("missing-name", (0, "name")),
        ("unsupported-scheme", (0, "endpoints", 0, "url")),
        ("missing-url", (0, "endpoints", 1)),
    ]


def test_findings_about_a_document_have_no_place() -> None:
    (one,) = RegistryAuthConfig(name="a", username="u", identity_token=SecretStr("t")).validate_talos()
    assert (one.line, one.column, one.end_line, one.end_column) == (None, None, None, None)
    assert (one.kind, one.name, one.code) == ("RegistryAuthConfig", "a", "conflicting-auth")


def test_validation_is_of_a_version() -> None:
    identity = ClientIdentity.model_validate({"cert": "x", "key": "y"})
    document = RegistryTLSConfig(name="a", client_identity=identity)
    assert document.validate_talos("1.14") != ()
    with pytest.raises(ValueError, match="not a Talos version"):
        document.validate_talos("latest")


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a\nendpoints: [{}, {url: 'http://a', overridePath: false}]\n",
        "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\npassword: p\n",
        "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: a\nca: c\nclientIdentity: {}\ninsecureSkipVerify: no\n",
        "apiVersion: v1alpha1\nkind: ImageCacheConfig\nlocal: {enabled: yes}\n",
        "kind: RegistryAuthConfig\nname: machine\n",
    ],
)
def test_a_parsed_document_is_the_document_made_by_hand(text: str) -> None:
    (document,) = parse(text).documents
    assert not isinstance(document, OpaqueDocument)
    values = document.to_values()
    assert type(document).model_validate(values) == document
    assert type(document).from_values(values) == document


def test_text_that_is_not_utf_8_is_carried() -> None:
    (document,) = parse("apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: !!binary /w==\n").documents
    assert document.name == "\udcff"


@pytest.mark.parametrize(
    ("document", "version", "code"),
    [
        (RegistryMirrorConfig(name="a"), "1.12", None),
        (RegistryMirrorConfig(name="a"), "1.11", "kind-needs-newer-talos"),
        (ImageCacheConfig(), "1.13", "kind-needs-newer-talos"),
        (ImageCacheConfig(), "1.14", None),
        (RegistryMirrorConfig(name="a", api_version="v2"), "1.14", "unsupported-api-version"),
        (RegistryMirrorConfig(name="a", api_version=""), "1.14", "missing-api-version"),
    ],
)
def test_a_release_takes_the_kinds_it_knows(document: Document, version: str, code: str | None) -> None:
    assert [one.code for one in document.validate_talos(version)] == ([code] if code else [])
