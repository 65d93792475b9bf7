"""What the commands do is there for Python, too."""

from __future__ import annotations

import json

import pytest

from talos_registry import (
    ClientIdentity,
    Effect,
    ImageCacheConfig,
    InvalidSchemaError,
    MachineConfig,
    RegistryAuthConfig,
    RegistryMirrorConfig,
    RegistrySet,
    RegistryTLSConfig,
    TalosRegistryError,
    ValueChange,
    append,
    apply_patches,
    check_schema,
    explain,
    find_secrets,
    fix,
    format_config,
    lint,
    mask_secrets,
    parse,
    patch_effects,
    request_sequence,
    resolve,
)

HARBOR = """# the proxy
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
endpoints:
  - url: https://harbor.example/v2/hub # of the team
"""
CANARY = "hunter2"


def test_fixes_keep_comments_and_are_chosen() -> None:
    config = parse(HARBOR)
    assert fix(config).config is config
    fixed = fix(config, unsafe=True)
    assert fixed.config.text == HARBOR + "    overridePath: true\n"
    assert [one.code for one in fixed.applied] == ["doubled-v2"]
    assert fixed.refused == ()
    assert fix(config, unsafe=True, ignore=["doubled-v2"]).config.text == HARBOR
    assert fix(config, unsafe=True, select=["empty-auth"]).applied == ()
    assert fix(config, unsafe=True, images=iter(["nginx"])).config.text == fixed.config.text


def test_documents_are_appended() -> None:
    auth = RegistryAuthConfig(name="harbor.example", username="u", password=CANARY)
    result = append(parse(HARBOR), auth, RegistryTLSConfig(name="harbor.example"), ImageCacheConfig())
    assert isinstance(result, MachineConfig)
    assert result.text.startswith(HARBOR + "---\napiVersion: v1alpha1\nkind: RegistryAuthConfig\n")
    assert [document.kind for document in result.documents] == [
        "RegistryMirrorConfig",
        "RegistryAuthConfig",
        "RegistryTLSConfig",
        "ImageCacheConfig",
    ]
    assert result.registries.auths["harbor.example"] == auth
    assert append(parse(HARBOR)) == parse(HARBOR)
    assert append(parse(""), auth).registries == RegistrySet.of(auth)


def test_what_is_there_is_not_appended_again() -> None:
    mirror = RegistryMirrorConfig(name="ghcr.io")
    with pytest.raises(TalosRegistryError, match=r'^a: there is already a document RegistryMirrorConfig "docker.io"$'):
        append(parse(HARBOR, filename="a"), mirror, RegistryMirrorConfig(name="docker.io"))
    with pytest.raises(TalosRegistryError, match=r'^a: RegistryMirrorConfig "ghcr.io" is to be appended twice$'):
        append(parse(HARBOR, filename="a"), mirror, mirror)


def test_format_config_gives_text() -> None:
    assert format_config(parse(HARBOR)) == HARBOR.replace("  - url", "    - url")


def test_effects_of_patches() -> None:
    patch = (
        "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nskipFallback: true\n"
        f"---\napiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: http://u:{CANARY}@a\npassword: {CANARY}\n"
    )
    more = f"apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: http://u:{CANARY}@a\nidentityToken: {CANARY}\n"
    config = parse(HARBOR)
    assert patch_effects(config, (text for text in [patch, more])) == (
        Effect("changes", "RegistryMirrorConfig", "docker.io", (ValueChange(("skipFallback",), None, new=True),)),
        Effect("adds", "RegistryAuthConfig", f"http://u:{CANARY}@a"),
    )
    assert patch_effects(config, []) == ()
    changes = patch_effects(apply_patches(config, [patch]), [more])
    assert (changes[0].changes[0].path, changes[0].changes[0].new) == (("identityToken",), CANARY)
    assert CANARY not in repr((changes, patch_effects(config, [patch])))


def test_secrets_are_found() -> None:
    config = parse(f"apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\npassword: {CANARY}\n")
    assert [(one.code, one.line) for one in find_secrets(config)] == [("literal-secret", 4)]
    assert find_secrets(parse(config.text.replace(CANARY, "${PASSWORD}"))) == ()


def test_texts_of_talos_are_masked() -> None:
    config = parse(f"apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\npasword: {CANARY}\n")
    assert config.talos_error is not None
    assert CANARY in config.talos_error
    assert CANARY not in mask_secrets(config.talos_error)
    assert mask_secrets(f'parse "http://u:{CANARY}@a": no') == 'parse "http://***@a": no'


def test_a_schema_is_checked() -> None:
    config = parse("apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: 1\n")
    schema = json.loads('{"properties": {"hostname": {"maxLength": 0}}}')
    (found,) = check_schema(config, {"properties": {"hostname": {"enum": ["a"]}}})
    assert (found.code, found.line) == ("schema-mismatch", 3)
    assert check_schema(config, schema) == ()
    with pytest.raises(InvalidSchemaError, match="is not a JSON object"):
        check_schema(config, None)  # type: ignore[arg-type]  # what is tested


def test_requests_of_a_plan() -> None:
    plan = resolve("nginx", parse(HARBOR), puller="cri")
    requests = request_sequence(plan, down={"harbor.example"})
    assert [(one.method, one.host, one.outcome) for one in requests][:2] == [
        ("HEAD", "harbor.example", "refused"),
        ("HEAD", "registry-1.docker.io", "found"),
    ]
    assert (
        request_sequence(plan, missing=["harbor.example"], failing=("registry-1.docker.io",))[-1].outcome == "failing"
    )


def test_a_code_is_explained() -> None:
    page = explain("doubled-v2")
    assert (page.code, page.severity) == ("doubled-v2", "warning")
    assert [one.code for one in lint(parse(page.flagged))] == ["doubled-v2"]
    with pytest.raises(ValueError, match=r"^there is no code 'doubled-v1'; did you mean \"doubled-v2\"\?$"):
        explain("doubled-v1")
    with pytest.raises(ValueError, match=r"^there is no code '__init__'"):
        explain("__init__")


def test_plans_are_dictionaries_without_secrets() -> None:
    endpoint = f"https://u:{CANARY}@harbor.example/v2/hub"
    registries = RegistrySet.of(
        RegistryMirrorConfig(name="docker.io", endpoints=[endpoint], skip_fallback=True),
        RegistryTLSConfig(name="harbor.example", insecure_skip_verify=True),
    )
    plan = resolve("nginx", registries, puller="cri").to_dict()
    assert {**plan, "attempts": len(plan["attempts"])} == {
        "reference": "docker.io/library/nginx:latest",
        "registry_host": "docker.io",
        "repository": "library/nginx",
        "puller": "cri",
        "mirror": "docker.io",
        "error": None,
        "attempts": 1,
    }
    assert plan["attempts"][0] == resolve("nginx", registries, puller="cri").attempts[0].to_dict()
    assert plan["attempts"][0]["endpoint"] == "https://***@harbor.example/v2/hub"
    assert plan["attempts"][0]["capabilities"] == ["pull", "resolve"]
    assert CANARY not in json.dumps(plan)
    identity = RegistryTLSConfig(name="harbor.example", client_identity=ClientIdentity(key=CANARY))
    broken = RegistrySet.of(*registries.mirrors.values(), identity)
    error = resolve("nginx", broken, puller="talos").to_dict()
    assert error["error"].startswith('error preparing TLS config for "harbor.example": ')
    assert error["attempts"] == []
