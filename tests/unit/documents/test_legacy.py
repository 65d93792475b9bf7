from __future__ import annotations

import base64

import pytest

from talos_registry import RegistryAuthConfig, RegistryEndpoint, RegistryMirrorConfig, RegistryTLSConfig, parse

FIRST = "error decoding document /v1alpha1/ (line 1): "
ERRORS = f"{FIRST}error decoding  to *v1alpha1.Config: yaml: construct errors: "
UNKNOWN = f"{FIRST}unknown keys found during decoding:\n"


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def section(text: str) -> str:
    return "machine:\n  registries:\n" + "".join(f"    {line}\n" for line in text.splitlines())


def test_every_member_becomes_a_document() -> None:
    text = section(f"""\
mirrors:
  docker.io:
    endpoints: [HTTP://a, reg:5000]
    overridePath: true
    skipFallback: false
  '*': {{}}
  '~':
config:
  a:5000:
    auth: {{username: u, password: p, auth: x, identityToken: t}}
    tls: {{ca: {b64("CA")}, clientIdentity: {{crt: {b64("CERT")}, key: {b64("KEY")}}}, insecureSkipVerify: true}}
  b: {{tls: {{clientIdentity: {{key: '******'}}}}}}
  c: {{}}
""").replace("      '~':\n", "")
    config = parse(text)
    assert config.talos_error is None
    assert config.legacy_documents == (
        RegistryMirrorConfig(
            name="docker.io",
            endpoints=(
                RegistryEndpoint(url="HTTP://a", override_path=True),
                RegistryEndpoint(url="reg:5000", override_path=True),
            ),
            skip_fallback=False,
        ),
        RegistryMirrorConfig(name="*"),
        RegistryAuthConfig.model_validate(
            {"name": "a:5000", "username": "u", "password": "p", "auth": "x", "identityToken": "t"}
        ),
        RegistryTLSConfig.model_validate(
            {"name": "a:5000", "ca": "CA", "clientIdentity": {"cert": "CERT", "key": "KEY"}, "insecureSkipVerify": True}
        ),
        RegistryTLSConfig.model_validate({"name": "b", "clientIdentity": {"cert": "", "key": "******"}}),
    )


@pytest.mark.parametrize(
    ("text", "error", "code"),
    [
        (section("mirrors: {a: {endpoints: [{url: x}]}}"), f"{ERRORS}line 3: cannot construct !!map into string", "wrong-type"),
        (section("mirrors: [a]"), f"{ERRORS}line 3: cannot construct !!seq into map[string]*v1alpha1.RegistryMirrorConfig", "wrong-type"),
        (section("config: {a: {tls: {ca: '!'}}}"), f"{ERRORS}line 3: illegal base64 data at input byte 0", "invalid-base64"),
        (section("config: {a: {tls: {ca: '-----BEGIN X'}}}"), f"{ERRORS}line 3: illegal base64 data at input byte 0", "wrong-pem-encoding"),
        (section("config:\n  a:\n    tls:\n      clientIdentity:\n        key: x"), f"{ERRORS}line 7: illegal base64 data at input byte 0", "invalid-base64"),
        (section("config: {a: {auth: {user: x}}}"), f"{UNKNOWN}machine:\n    registries:\n        config:\n            a:\n                auth:\n                    user: x\n", "unknown-key"),
        (section("config: {a: {tls: {clientIdentity: {cert: x}}}}"), f"{UNKNOWN}machine:\n    registries:\n        config:\n            a:\n                tls:\n                    clientIdentity:\n                        cert: x\n", "wrong-pem-encoding"),
        ("machine: {mirrors: {}}\n", f"{UNKNOWN}machine:\n    mirrors: {{}}\n", "misplaced-section"),
        ("machine: {}\nregistries: {}\n", f"{UNKNOWN}registries: {{}}\n", "misplaced-section"),
        ("machine: {registrys: {}}\n", f"{UNKNOWN}machine:\n    registrys: {{}}\n", "unknown-key"),
    ],
)  # fmt: skip
def test_what_does_not_load(text: str, error: str, code: str) -> None:
    config = parse(text)
    assert (config.talos_error, [one.code for one in config.diagnostics]) == (error, [code])


@pytest.mark.parametrize(
    "text",
    [
        "machine: {type: worker, kubelet: {image: x}, features: {rbac: true}, install: }\ncluster: {id: b}\n",
        "machine: {registries: }\n",
        "machine: {registries: {mirrors: , config: {}}}\n",
        "machine: {features: {imageCache: {localEnabled: yes}}}\n",
        "version: v1alpha1\ndebug: false\npersist: true\nmachine:\n",
    ],
)
def test_what_has_nothing_wrong(text: str) -> None:
    assert parse(text).diagnostics == ()


def test_null_entries() -> None:
    config = parse(section("mirrors: {b: , a: ~}\nconfig: {c: }"), talos_version="1.13")
    assert config.talos_error == (
        '1 error occurred:\n\t* v1alpha1.Config: 3 errors occurred:\n\t* registries.config["c"] is null\n'
        '\t* registries.mirrors["a"] is null\n\t* registries.mirrors["b"] is null\n\n\n\n'
    )
    assert sorted(one.path for one in config.diagnostics) == [
        (0, "machine", "registries", "config", "c"),
        (0, "machine", "registries", "mirrors", "a"),
        (0, "machine", "registries", "mirrors", "b"),
    ]
    assert config.legacy_documents == ()


def test_null_entries_are_refused_while_decoding_since_1_14() -> None:
    config = parse(
        "version: v1alpha1\nmachine:\n  registries:\n    config:\n      h: null\n    mirrors:\n      a: null\n"
    )
    assert config.talos_error == (
        'error decoding document /v1alpha1/ (line 1): null value is not allowed at "machine.registries.config.h" (line 5)\n'
        'null value is not allowed at "machine.registries.mirrors.a" (line 7)'
    )
    assert [one.code for one in config.diagnostics] == ["null-entry", "null-entry"]


@pytest.mark.parametrize(
    ("section", "key", "newest_without", "since"),
    [
        ("registries: {mirrors: {a: {endpoints: [], overridePath: true}}}", "overridePath", "1.3", "1.4"),
        ("registries: {mirrors: {a: {endpoints: [], skipFallback: false}}}", "skipFallback", "1.8", "1.9"),
        ("features: {imageCache: {localEnabled: true}}", "imageCache", "1.8.4", "1.9"),
    ],
)
def test_keys_newer_than_the_target_are_unknown_to_it(section: str, key: str, newest_without: str, since: str) -> None:
    (found,) = parse(f"machine: {{{section}}}", talos_version=newest_without).diagnostics
    assert (found.code, found.path[-1]) == ("unknown-key", key)
    assert found.message == f"{key} needs Talos {since}; the target is {newest_without}."
    assert parse(f"machine: {{{section}}}", talos_version=since).diagnostics == ()
