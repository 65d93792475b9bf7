from __future__ import annotations

from datetime import UTC, datetime

import pytest

from talos_registry import InvalidReferenceError, Reference, lint, parse

DOUBLED = """\
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
endpoints:
  - url: https://harbor.example/v2/proxy{comment}
"""
HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\n"
TWO = f"{HEAD}name: hub.docker.com\nendpoints:\n  - url: http://x.svc\n---\n{HEAD}name: a\nendpoints:\n  - url: http://a:b:c\n"


def codes(text: str, **options: object) -> list[str]:
    return [one.code for one in lint(parse(text), **options)]  # type: ignore[arg-type]  # those of lint


def test_the_message_names_the_url_that_nodes_will_request() -> None:
    (found,) = lint(parse(DOUBLED.format(comment="")))
    assert "https://harbor.example/v2/proxy/v2/library/nginx/manifests/latest" in found.message
    (_, found) = lint(parse(DOUBLED.format(comment="")), images=["grafana/grafana:12", Reference.parse("ghcr.io/a/b")])
    assert "https://harbor.example/v2/proxy/v2/grafana/grafana/manifests/12" in found.message


def test_a_finding_stands_where_the_value_does() -> None:
    (found,) = lint(parse(DOUBLED.format(comment=""), filename="mirrors.yaml"))
    assert (found.file, found.line, found.column, found.end_line, found.end_column) == ("mirrors.yaml", 5, 10, 5, 41)
    assert found.path == (0, "endpoints", 0, "url")
    assert (found.kind, found.name) == ("RegistryMirrorConfig", "docker.io")


def test_what_talos_refuses_and_what_rules_find_come_in_file_order() -> None:
    assert codes(TWO) == ["docker-hub-mirror-name", "cluster-dns-endpoint", "invalid-url"]


def test_rules_are_selected_and_ignored_and_refusals_are_not() -> None:
    assert codes(TWO, select=["cluster-dns-endpoint"]) == ["cluster-dns-endpoint", "invalid-url"]
    assert codes(TWO, ignore=["cluster-dns-endpoint", "invalid-url"]) == [
        "docker-hub-mirror-name",
        "invalid-url",
    ]


def test_a_code_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no code 'doubled-v1'; did you mean \"doubled-v2\""):
        lint(parse("{}"), select=["doubled-v1"])


def test_an_image_that_is_no_reference_is_refused() -> None:
    with pytest.raises(InvalidReferenceError):
        lint(parse("{}"), images=["a b"])


def test_no_config_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="no config"):
        lint([])


@pytest.mark.parametrize(
    ("comment", "is_suppressed"),
    [
        (" # talos-registry: ignore[doubled-v2] the proxy rewrites it", True),
        (" #talos-registry:ignore[ unused-suppression , doubled-v2 ]", True),
        (" # talos-registry: ignore[unused-suppression]", False),
        (" # talos-registry: ignore", False),
    ],
)
def test_a_comment_on_the_line_suppresses_a_finding(comment: str, is_suppressed: bool) -> None:
    assert codes(DOUBLED.format(comment=comment)) == ([] if is_suppressed else ["doubled-v2"])


def test_a_refusal_cannot_be_suppressed() -> None:
    text = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig # talos-registry: ignore[missing-name]\nendpoints: [{url: http://a}]\n"
    assert codes(text) == ["missing-name"]


def test_certificates_are_judged_by_the_time_given() -> None:
    from tests.rules.pages import NOW, sample

    text = sample('apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: a\nca: "{CA}"\n').files["config.yaml"]
    assert codes(text, now=NOW) == []
    assert codes(text, now=datetime(2199, 1, 1, tzinfo=UTC)) == ["expired-certificate"]
    assert codes(text, now=datetime(1999, 1, 1, tzinfo=UTC)) == ["not-yet-valid-certificate"]


MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"
BASE = f"# base\n{MIRROR}endpoints:\n  - url: http://a.example\n"


def merged(*texts: str) -> list[tuple[str, str, int | None]]:
    configs = [parse(text, filename=f"{at}.yaml") for at, text in enumerate(texts)]
    return [(one.code, one.file, one.line) for one in lint(configs)]


def test_patches_are_judged_as_patches_and_the_result_as_a_config() -> None:
    assert merged(BASE, f"{MIRROR}skipFallback: true\n")[:1] == [("uncovered-bootstrap-registry", "1.yaml", 3)]
    assert merged(BASE + "---\nkind: HostnameConfig\napiVersion: v1alpha1\n", f"{MIRROR}$patch: delete\n") == []
    assert merged(BASE, f"{MIRROR}$patch: delete\n") == [("empty-config", "1.yaml", 1)]


def test_a_finding_about_the_result_stands_in_the_file_that_brought_the_value() -> None:
    patch = f"{MIRROR}endpoints:\n  - url: http://a.example\n    $patch: delete\n  - url: http://b.svc:1\n"
    assert merged(BASE, patch) == [("cluster-dns-endpoint", "1.yaml", 7)]
    assert merged(BASE.replace("a.example", "a.svc"), f"{MIRROR}skipFallback: false\n") == [
        ("cluster-dns-endpoint", "0.yaml", 6)
    ]


def test_an_endpoint_that_a_patch_repeats_is_found_in_the_patch() -> None:
    assert merged(BASE, BASE) == [("repeated-after-merge", "1.yaml", 6)]


def test_what_only_the_result_gets_wrong_stands_in_the_patch() -> None:
    auth = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a.example\n"
    assert merged(f"{auth}username: u\npassword: p\n", f"{auth}identityToken: t\n") == [
        ("conflicting-auth", "1.yaml", 4)
    ]


def test_a_patch_that_talos_refuses_is_an_error_in_its_file() -> None:
    assert merged(BASE, f"{MIRROR}endpoint: []\n") == [("unknown-key", "1.yaml", 4)]
    assert merged(BASE, f"{MIRROR}endpoints:\n  - url: http://c\n    $patch: delete\n") == [
        ("patch-error", "1.yaml", 6)
    ]


def test_a_base_that_talos_refuses_is_reported_once() -> None:
    assert merged(BASE + "endpoint: []\n", BASE) == [("unknown-key", "0.yaml", 7)]


def test_no_secret_of_a_refused_patch_is_said() -> None:
    patch = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\npassword: [hunter2]\n"
    configs = [parse(BASE), parse(patch, filename="patch.yaml")]
    assert "hunter2" not in "".join(map(str, lint(configs)))


FULL = "machine:\n  type: worker\n  install:\n    disk: /dev/sda\n  registries:\n    mirrors:\n      ghcr.io:\n        endpoints: [http://a.example]\n---\napiVersion: v1alpha1\nkind: HostnameConfig\nhostname: a\n"


@pytest.mark.parametrize(
    "patch",
    [
        "machine:\n  install:\n    disk: /dev/sdb\n  registries:\n    mirrors:\n      ghcr.io:\n        endpoints: [http://b.svc]\n",
        "machine:\n  install:\n    $patch: delete\n  registries:\n    mirrors:\n      ghcr.io:\n        endpoints: [http://b.svc]\n",
        "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: b\n---\nmachine:\n  registries:\n    mirrors:\n      ghcr.io:\n        endpoints: [http://b.svc]\n",
    ],
)
def test_what_patches_change_elsewhere_does_not_matter(patch: str) -> None:
    assert [code for code, _, _ in merged(FULL, patch)] == ["cluster-dns-endpoint", "repeated-after-merge"]


def test_a_json_patch_may_change_other_parts_too() -> None:
    patch = "- {op: replace, path: /machine/install/disk, value: x}\n- {op: add, path: /machine/registries/mirrors/quay.io, value: {endpoints: [http://b.svc]}}\n"
    assert [code for code, _, _ in merged(FULL.partition("---")[0], patch)] == ["cluster-dns-endpoint"]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        lint(parse("{}"), now=datetime(2026, 1, 1))  # noqa: DTZ001 - the subject


def test_no_advice_is_given_on_half_a_picture() -> None:
    auth = "---\napiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: cache.example:5000\nusername: u\npassword: p\n"
    near = f"{HEAD}name: a.io\nendpoints: [{{url: https://cache.example}}]\n"
    assert codes(near + auth) == ["unused-auth"]
    unread = f"---\n{HEAD}name: b.io\nendpoint: []\n"
    assert codes(near + unread + auth) == ["unknown-key"]
    schemeless = f"---\n{HEAD}name: b.io\nendpoints: [{{url: cache.example:5000}}]\n"
    assert codes(near + schemeless + auth) == ["endpoint-without-scheme"]


def test_a_refused_json_patch_is_explained_without_its_values() -> None:
    patch = "- {op: add, path: /endpoints/-, value: 'http://u:hunter2@h'}\n"
    (found,) = lint([parse(BASE), parse(patch, filename="patch.yaml")])
    assert (found.code, found.file) == ("patch-error", "patch.yaml")
    assert found.message.endswith("cannot construct !!str `***` into cri.RegistryEndpoint.")
    patch = "- {op: add, path: /uri, value: hunter2}\n"
    (found,) = lint([parse(BASE), parse(patch, filename="patch.yaml")])
    assert found.message.endswith("unknown keys found during decoding: uri: ***.")
