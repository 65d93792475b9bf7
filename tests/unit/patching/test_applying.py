from __future__ import annotations

import pickle

import pytest

from talos_registry import PatchError, RegistryAuthConfig, RegistryMirrorConfig, apply_patches, parse
from talos_registry.patching.applying import changes

MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n  - url: http://a\n"
AUTH = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: h:5000\nusername: u\npassword: p\n"
AUTH_HEAD = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: h:5000\n"
HOSTNAME = "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: node # mine\n"
MIRROR_HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"
LEGACY = """\
version: v1alpha1 # first
machine:
  type: worker
  registries:
    mirrors:
      docker.io:
        endpoints:
          - http://a # cache
  sysctls:
    a: b # kept
cluster:
  clusterName: c
"""


def applied(config: str, *patches: str | bytes, talos_version: str = "1.14") -> str:
    return apply_patches(parse(config, talos_version=talos_version), patches).text


def refusal(config: str, *patches: str | bytes, talos_version: str = "1.14") -> PatchError:
    with pytest.raises(PatchError) as caught:
        applied(config, *patches, talos_version=talos_version)
    return caught.value


# Merging


def test_lists_grow_and_the_rest_keeps_its_bytes() -> None:
    config = f"# head\n{MIRROR}# tail\n---\n{HOSTNAME}"
    patched = applied(config, f"{MIRROR_HEAD}endpoints:\n- url: http://b\n")
    assert patched == config.replace("http://a\n", "http://a\n  - url: http://b\n")


def test_empty_text_changes_nothing_and_false_does() -> None:
    config = f"{MIRROR}skipFallback: true\n---\n{AUTH}"
    empty = AUTH.replace("username: u", "username:").replace("password: p", "password: ''")
    patch = f"{MIRROR_HEAD}skipFallback: false\n---\n{empty}"
    assert applied(config, patch) == config.replace("true", "false")


def test_another_name_is_another_document() -> None:
    new = MIRROR.replace("docker.io", "ghcr.io")
    assert applied(MIRROR, f"# why\n{new}") == f"{MIRROR}---\n# why\n{new}"


def test_patches_are_applied_in_order() -> None:
    patches = [f"{MIRROR_HEAD}skipFallback: {word}\n" for word in ("true", "false")]
    assert applied(MIRROR, *patches) == f"{MIRROR}skipFallback: false\n"


def test_a_patch_that_changes_nothing_gives_the_same_config() -> None:
    config = parse(MIRROR)
    assert apply_patches(config, [MIRROR_HEAD]) is config


def test_the_result_is_a_config_of_the_same_file_and_version() -> None:
    config = parse(MIRROR, filename="a.yaml", talos_version="1.13")
    result = apply_patches(config, [f"{MIRROR_HEAD}skipFallback: true\n".encode()])
    assert (result.filename, result.talos_version) == ("a.yaml", "1.13")
    (mirror,) = result.documents
    assert isinstance(mirror, RegistryMirrorConfig)
    assert mirror.skip_fallback


def test_the_result_is_not_validated() -> None:
    result = apply_patches(parse(AUTH), [AUTH.replace("username: u", "identityToken: t")])
    assert result.talos_error is not None
    assert "only one of username/password or identityToken" in result.talos_error


# The kind-less document


def test_the_legacy_section_is_patched_in_place() -> None:
    patch = "machine:\n  registries:\n    mirrors:\n      docker.io:\n        skipFallback: true\n      ghcr.io:\n        endpoints: [http://g]\n"
    assert applied(LEGACY, patch) == LEGACY.replace(
        "http://a # cache\n",
        "http://a # cache\n        skipFallback: true\n      ghcr.io:\n        endpoints:\n          - http://g\n",
    )


def test_a_legacy_section_is_put_where_there_is_none() -> None:
    config = "machine:\n  type: worker\ncluster: {}\n"
    patch = "machine: {registries: {mirrors: {a: {endpoints: [http://a]}}}}\n"
    added = "  registries:\n    mirrors:\n      a:\n        endpoints:\n          - http://a\n"
    assert applied(config, patch) == config.replace("worker\n", f"worker\n{added}")


@pytest.mark.parametrize(
    ("patch", "old", "new"),
    [
        ("machine:\n  network: {hostname: x}\n", "# kept\n", "# kept\n  network:\n    hostname: x\n"),
        ("machine:\n  features:\n    rbac: true\n", "# kept\n", "# kept\n  features:\n    rbac: true\n"),
        ("machine:\n  sysctls: {a: c, d: e}\n", "a: b # kept\n", "a: c # kept\n    d: e\n"),
        ("machine:\n  sysctls: {$patch: delete}\n", "  sysctls:\n    a: b # kept\n", ""),
        ("cluster: {clusterName: d}\n", "clusterName: c", "clusterName: d"),
        ('[{"op": "remove", "path": "/cluster/clusterName"}]', "cluster:\n  clusterName: c\n", "cluster: {}\n"),
    ],
)
def test_other_parts_are_patched_in_place(patch: str, old: str, new: str) -> None:
    assert applied(LEGACY, patch) == LEGACY.replace(old, new)


KUBELET = """\
machine:
  kubelet:
    # why
    extraArgs: # args
      v: '4' # four
      w: a
    nodeIP:
      validSubnets: [10.0.0.0/8] # nets
  type: worker
"""


@pytest.mark.parametrize(
    ("patch", "old", "new"),
    [
        ("machine: {kubelet: {extraArgs: {v: 5}}}\n", "'4'", "'5'"),
        ("machine: {kubelet: {extraArgs: {w: {$patch: delete}}}}\n", "      w: a\n", ""),
        ("machine: {kubelet: {nodeIP: {validSubnets: [11.0.0.0/8]}}}\n", "0/8]", "0/8, 11.0.0.0/8]"),
        ('[{"op": "replace", "path": "/machine/kubelet/extraArgs/w", "value": "b"}]', "w: a", "w: b"),
    ],
)
def test_a_patch_of_the_kubelet_keeps_comments(patch: str, old: str, new: str) -> None:
    assert applied(KUBELET, patch) == KUBELET.replace(old, new)


def test_a_kind_less_document_is_appended_as_it_is() -> None:
    assert applied(MIRROR, LEGACY) == f"{MIRROR}---\n{LEGACY}"


# Documents of other kinds


HOSTNAME_HEAD = "apiVersion: v1alpha1\nkind: HostnameConfig\n"


@pytest.mark.parametrize("talos_version", ["1.12", "1.13", "1.14"])
def test_a_document_of_another_kind_is_added_merged_and_deleted(talos_version: str) -> None:
    config = f"{MIRROR}---\n{HOSTNAME}"
    assert applied(MIRROR, HOSTNAME, talos_version=talos_version) == config
    other = applied(config, f"{HOSTNAME_HEAD}hostname: other\n", talos_version=talos_version)
    assert other == config.replace("node", "other")
    without = applied(
        config, f"{HOSTNAME_HEAD}hostname: {{$patch: delete}}\nauto: stable\n", talos_version=talos_version
    )
    assert without == f"{MIRROR}---\n{HOSTNAME_HEAD}auto: stable\n"
    assert applied(config, f"{HOSTNAME_HEAD}$patch: delete\n", talos_version=talos_version) == MIRROR


@pytest.mark.parametrize(
    "patch",
    [HOSTNAME, f"{HOSTNAME_HEAD}hostname: {{$patch: delete}}\n", '[{"op": "remove", "path": "/hostname"}]'],
)
def test_a_document_of_another_kind_is_not_read_before_1_12(patch: str) -> None:
    assert applied(LEGACY, HOSTNAME, talos_version="1.11") == f"{LEGACY}---\n{HOSTNAME}"
    assert applied(f"{LEGACY}---\n{HOSTNAME}", f"{HOSTNAME_HEAD}$patch: delete\n", talos_version="1.11") == LEGACY
    error = refusal(HOSTNAME, patch, talos_version="1.11")
    assert str(error) == "this tool cannot patch v1alpha1/HostnameConfig: it does not read documents of that kind"


# Deletion


@pytest.mark.parametrize(
    ("config", "patch", "expected"),
    [
        (f"{MIRROR}---\n{AUTH}", f"{MIRROR_HEAD}$patch: delete\n", AUTH),
        (f"{MIRROR}---\n{AUTH}", "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: h:5000\n'$patch': \"delete\"\nx: 1\n", MIRROR),
        (f"# head\n---\n{MIRROR}---\n{AUTH}", f"{MIRROR_HEAD}$patch: delete\n", f"# head\n---\n{AUTH}"),
        (MIRROR, f"{MIRROR_HEAD}$patch: delete\n", ""),
        (MIRROR, "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\n$patch: delete\n", MIRROR),
        (MIRROR, "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: x\n$patch: delete\n", MIRROR),
        (MIRROR, f"{MIRROR_HEAD}endpoints: {{$patch: delete}}\n", MIRROR_HEAD),
        (f"{MIRROR}skipFallback: true # x\n", f"{MIRROR_HEAD}skipFallback: {{$patch: delete}}\n", MIRROR),
        (MIRROR, f"{MIRROR_HEAD}skipFallback: {{$patch: delete}}\n", MIRROR),
        (MIRROR, f"{MIRROR_HEAD}endpoints: [{{url: http://a, $patch: delete}}, {{url: http://b}}]\n", MIRROR.replace("//a", "//b")),
        (MIRROR + "  - url: http://b\n", f"{MIRROR_HEAD}endpoints: [{{$patch: delete, url: http://a}}]\n", MIRROR.replace("//a", "//b")),
        (LEGACY, "machine:\n  registries:\n    mirrors:\n      docker.io: {$patch: delete}\n", LEGACY.replace("mirrors:\n      docker.io:\n        endpoints:\n          - http://a # cache\n", "mirrors: {}\n")),
    ],
)  # fmt: skip
def test_deletion(config: str, patch: str, expected: str) -> None:
    assert applied(config, patch) == expected


def test_a_list_is_replaced_by_deleting_and_setting_it() -> None:
    patch = f"{MIRROR_HEAD}endpoints: {{$patch: delete}}\n---\n{MIRROR_HEAD}endpoints: [{{url: http://b}}]\n"
    once = applied(MIRROR, patch)
    assert once == f"{MIRROR_HEAD}endpoints:\n  - url: http://b\n"
    assert applied(once, patch) == once


def test_deleting_from_a_document_that_is_missing_makes_an_empty_one() -> None:
    assert applied(AUTH, f"{MIRROR_HEAD}endpoints: {{$patch: delete}}\n") == f"{AUTH}---\n{MIRROR_HEAD}"


@pytest.mark.parametrize(
    ("patch", "text", "place"),
    [
        (f"{MIRROR_HEAD}foo: {{$patch: delete}}\n", "named patch delete: document v1alpha1/RegistryMirrorConfig: failed to delete path 'foo': lookup failed", (4, 7)),
        (f"# x\n{MIRROR_HEAD}endpoints:\n  - url: HTTP://a\n    $patch: delete\n", "named patch delete: document v1alpha1/RegistryMirrorConfig: failed to delete path 'endpoints.[0]': lookup failed", (7, 5)),
        (f"{MIRROR_HEAD}endpoints:\n  - $patch: delete\n", "error processing patch delete statements at line 1: no key:val found in sequence node for path endpoints.[0]", (5, 5)),
        (f"{MIRROR_HEAD}endpoints:\n  - url: {{$patch: delete}}\n", "error processing patch delete statements at line 1: cannot delete an inner key in 'endpoints.[0].url'", (5, 11)),
        (f"{MIRROR_HEAD}endpoints:\n  url: {{$patch: delete}}\n", "named patch delete: document v1alpha1/RegistryMirrorConfig: failed to delete path 'endpoints.url': searching for non-integer keys in slices is not supported", (5, 9)),
        (f"---\n{HOSTNAME}---\nkind: RegistryMirrorConfig\n$patch: delete\n", "error processing patch delete statements at line 5: missing apiVersion in document for which $patch: delete is used", (7, 1)),
        ("kind: RegistryMirrorConfig\nname: docker.io\nca: {$patch: delete}\n", "error processing patch delete statements at line 1: kind and apiVersion must be both set for path ca", (3, 6)),
        (f"{MIRROR_HEAD}$patch: replace\n", "error decoding document v1alpha1/RegistryMirrorConfig/docker.io (line 1): unknown keys found during decoding:\n$patch: replace\n", (4, 1)),
        (f"{MIRROR_HEAD}skipFallback: maybe\n", "error decoding document v1alpha1/RegistryMirrorConfig/docker.io (line 1): error decoding RegistryMirrorConfig to *cri.RegistryMirrorConfigV1Alpha1: yaml: construct errors: line 4: cannot construct !!str `maybe` into bool", (4, 15)),
        ("- a\n", "expected a YAML document at line 1", (1, 1)),
        ("a: [\n", "decode error: go-yaml load error in parser (while parsing a flow node) at L2.C1: did not find expected node content", (2, 1)),
        ("name: docker.io\n", "config not found", (None, None)),
    ],
)  # fmt: skip
def test_refusals_have_the_text_of_talos_and_a_place(
    patch: str, text: str, place: tuple[int | None, int | None]
) -> None:
    error = refusal(MIRROR, MIRROR_HEAD, patch)
    assert str(error) == text
    assert (error.patch_index, error.line, error.column) == (1, *place)


def test_all_patches_are_read_before_one_is_applied() -> None:
    lookup_fails = f"{MIRROR_HEAD}foo: {{$patch: delete}}\n"
    assert refusal("kind: [\n", lookup_fails, "- a\n").patch_index == 1
    assert refusal("kind: [\n", lookup_fails).patch_index is None
    assert refusal(MIRROR, lookup_fails, MIRROR_HEAD).patch_index == 0


def test_a_config_that_does_not_load_is_refused_with_its_place() -> None:
    error = refusal(f"{MIRROR}x: 1\n", MIRROR_HEAD)
    assert "unknown keys found during decoding" in str(error)
    assert (error.patch_index, error.line) == (None, 6)


def test_an_invalid_config_is_patched() -> None:
    assert applied(f"{MIRROR_HEAD}endpoints: [{{}}]\n", f"{MIRROR_HEAD}endpoints: {{$patch: delete}}\n") == MIRROR_HEAD


def test_errors_are_pickled_whole() -> None:
    error = pickle.loads(pickle.dumps(refusal(MIRROR, "- a\n")))  # noqa: S301 - our own
    assert (str(error), error.patch_index, error.line) == ("expected a YAML document at line 1", 0, 1)


# Versions


def test_documents_may_repeat_in_a_patch_since_1_14() -> None:
    patch = f"{MIRROR_HEAD}skipFallback: true\n---\n{MIRROR_HEAD}skipFallback: false\n"
    assert applied(MIRROR, patch) == f"{MIRROR}skipFallback: false\n"
    error = refusal(MIRROR, patch, talos_version="1.13")
    assert str(error) == "duplicate document v1alpha1/RegistryMirrorConfig/docker.io is not allowed (line 6)"


@pytest.mark.parametrize("talos_version", ["1.12", "1.13"])
def test_nothing_is_deleted_from_what_is_missing_before_1_14(talos_version: str) -> None:
    error = refusal(AUTH, f"{MIRROR_HEAD}$patch: delete\n", talos_version=talos_version)
    assert f"Talos {talos_version} cannot write a config after" in str(error)


# Braces

REGISTRIES = "registries: {mirrors: {a: {endpoints: [http://a]}}}"
IN_BRACES = "registries: {mirrors: {a: {endpoints: ['http://a']}}}"


@pytest.mark.parametrize(
    ("config", "patch", "expected"),
    [
        ("machine: {type: worker}\n", f"machine: {{{REGISTRIES}}}\n", f"machine: {{type: worker, {IN_BRACES}}}\n"),
        ("machine: {type: worker} # c\ncluster: {id: b}", f"machine: {{{REGISTRIES}}}\n", f"machine: {{type: worker, {IN_BRACES}}} # c\ncluster: {{id: b}}"),
        ("machine: {features: {rbac: true}, type: worker}\n", "machine: {features: {imageCache: {localEnabled: true}}}\n", "machine: {features: {rbac: true, imageCache: {localEnabled: true}}, type: worker}\n"),
        ("machine:\n  features: {rbac: true}\n", "machine: {features: {imageCache: {localEnabled: true}}}\n", "machine:\n  features: {rbac: true, imageCache: {localEnabled: true}}\n"),
        (f"machine: {{type: worker, {REGISTRIES}}}\n", "machine: {registries: {$patch: delete}}\n", "machine: {type: worker}\n"),
        (f"machine: {{{REGISTRIES}, type: worker}}\n", "machine: {registries: {mirrors: {a: {$patch: delete}}}}\n", "machine: {registries: {mirrors: {}}, type: worker}\n"),
        (f"machine: {{type: worker, {REGISTRIES}}}\n", '[{"op": "remove", "path": "/machine/registries"}]', "machine: {type: worker}\n"),
        ("machine: {type: worker}\n", '[{"op": "add", "path": "/machine/registries", "value": {"mirrors": {"a": {"endpoints": ["http://a"]}}}}]', f"machine: {{type: worker, {IN_BRACES}}}\n"),
        ('{"machine": {"type": "worker"}, "cluster": {"id": "b"}}\n', f"machine: {{{REGISTRIES}}}\n", '{"machine": {"type": "worker", "registries": {"mirrors": {"a": {"endpoints": ["http://a"]}}}}, "cluster": {"id": "b"}}\n'),
        ('{\n  "machine": {\n    "type": "worker"\n  }\n}\n', f"machine: {{{REGISTRIES}}}\n", '{\n  "machine": {\n    "type": "worker",\n    "registries": {"mirrors": {"a": {"endpoints": ["http://a"]}}}\n  }\n}\n'),
    ],
)  # fmt: skip
def test_braces_keep_what_is_not_patched(config: str, patch: str, expected: str) -> None:
    assert applied(config, patch) == expected


DELETE_MACHINE = "machine: {$patch: delete}\n"


@pytest.mark.parametrize("talos_version", ["1.12", "1.13", "1.14"])
@pytest.mark.parametrize(
    ("config", "patches", "gone"),
    [
        ("machine:\n  type: worker\n  registries: {}\n", [DELETE_MACHINE, f"machine: {{{REGISTRIES}}}\n"], "worker"),
        (f"machine:\n  type: worker\n  {REGISTRIES}\n", [DELETE_MACHINE, f"machine: {{{REGISTRIES}}}\n"], "worker"),
        ("machine: {type: worker}\n", [f"{DELETE_MACHINE}---\nmachine: {{{REGISTRIES}}}\n"], "worker"),
        ("machine:\n  features:\n    rbac: true\n", ["machine: {features: {$patch: delete}}\n", "machine: {features: {imageCache: {}}}\n"], "rbac"),
    ],
)  # fmt: skip
def test_what_is_deleted_does_not_come_back_with_what_is_merged(
    config: str, patches: list[str], gone: str, talos_version: str
) -> None:
    after = apply_patches(parse(config, talos_version=talos_version), patches).text
    assert gone in config
    assert gone not in after


# Layout


@pytest.mark.parametrize("header", ["|", "|+", ">", "|4+", "|+4"])
def test_a_last_block_keeps_its_value_when_documents_follow(header: str) -> None:
    config = f"{AUTH_HEAD}password: {header}\n    a=b"
    after = apply_patches(parse(config), [MIRROR, f"{AUTH_HEAD}username: u\n"])
    auth, _ = after.documents
    assert isinstance(auth, RegistryAuthConfig)
    assert auth.password.get_secret_value() == "a=b"
    assert auth.username == "u"


@pytest.mark.parametrize("end", ["password: |\n  p", "password: |+\n  p", "password:\n  >\n  p"])
@pytest.mark.parametrize(
    ("change", "left"),
    [("password: {$patch: delete}\n", "username: u\n"), ("password: q\n", "username: u\npassword: q\n")],
)
def test_documents_follow_where_a_block_at_the_end_goes(end: str, change: str, left: str) -> None:
    config = f"{AUTH_HEAD}username: u\n{end}"
    assert applied(config, f"{AUTH_HEAD}{change}---\n{MIRROR}") == f"{AUTH_HEAD}{left}---\n{MIRROR}"


def test_a_block_at_the_end_of_a_patch_keeps_its_value_when_documents_follow() -> None:
    after = apply_patches(
        parse(MIRROR), [f"{AUTH_HEAD}password: |\n  a=b", "apiVersion: v1alpha1\nkind: ImageCacheConfig\n"]
    )
    _, auth, _ = after.documents
    assert isinstance(auth, RegistryAuthConfig)
    assert auth.password.get_secret_value() == "a=b"


OTHER = "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: h # kept\n"


@pytest.mark.parametrize(("ends", "patch_ends"), [("\r\n", "\n"), ("\n", "\r\n"), ("\r\n", "\r\n")])
def test_documents_of_other_kinds_get_the_line_breaks_of_the_config(ends: str, patch_ends: str) -> None:
    config, patch = MIRROR.replace("\n", ends), OTHER.replace("\n", patch_ends)
    assert applied(config, patch) == (MIRROR + "---\n" + OTHER).replace("\n", ends)


def test_line_breaks_of_dos_are_kept() -> None:
    config = MIRROR.replace("\n", "\r\n")
    patched = applied(config, f"{MIRROR_HEAD}skipFallback: true\nendpoints: [{{url: http://b}}]\n")
    assert patched == config + "  - url: http://b\r\nskipFallback: true\r\n"


@pytest.mark.parametrize(
    ("config", "patch", "expected"),
    [
        (f"{MIRROR_HEAD}endpoints: [{{url: http://a}}] # x\n", MIRROR, f"{MIRROR_HEAD}endpoints: [{{url: http://a}}, {{url: 'http://a'}}] # x\n"),
        (f"{MIRROR_HEAD}endpoints: [] # x\n", MIRROR, f"{MIRROR_HEAD}endpoints: # x\n    - url: http://a\n"),
        (f"{MIRROR_HEAD}endpoints: # x\n", MIRROR, f"{MIRROR_HEAD}endpoints: # x\n    - url: http://a\n"),
        (f"{MIRROR_HEAD}skipFallback: ~ # x\n", f"{MIRROR_HEAD}skipFallback: true", f"{MIRROR_HEAD}skipFallback: true # x\n"),
        (f"{MIRROR_HEAD}skipFallback: # x\n", f"{MIRROR_HEAD}skipFallback: true", f"{MIRROR_HEAD}skipFallback: true # x\n"),
        (f"{AUTH_HEAD}password: | # x\n  p\nusername: u\n", f"{AUTH_HEAD}password: q", f"{AUTH_HEAD}password: q # x\nusername: u\n"),
        (f"{AUTH_HEAD}username:   u  # x\n", f"{AUTH_HEAD}username: v", f"{AUTH_HEAD}username:   v  # x\n"),
        (f"{AUTH_HEAD}password: 'p' # x\n", f"{AUTH_HEAD}password: '0123'", f"{AUTH_HEAD}password: '0123' # x\n"),
    ],
)  # fmt: skip
def test_values_are_written_where_the_old_ones_are(config: str, patch: str, expected: str) -> None:
    assert applied(config, patch) == expected


def test_a_text_without_a_last_line_break_goes_on_without() -> None:
    assert applied(MIRROR.rstrip(), f"{MIRROR_HEAD}skipFallback: true\n") == f"{MIRROR}skipFallback: true"
    assert applied(MIRROR.rstrip(), AUTH) == f"{MIRROR}---\n{AUTH}"


def test_documents_go_on_sharing_an_anchor() -> None:
    anchored = MIRROR.replace("- url", "- &e\n    url")
    config = f"{anchored}---\n{MIRROR_HEAD.replace('docker', 'ghcr')}endpoints:\n  - *e\n"
    patched = applied(config, f"{MIRROR_HEAD.replace('docker', 'ghcr')}skipFallback: true\n")
    assert patched.endswith("name: ghcr.io\nendpoints:\n  - *e\nskipFallback: true\n")


def test_keys_in_quotes_are_found() -> None:
    config = f"{MIRROR_HEAD}'skipFallback': true\n"
    assert applied(config, f"{MIRROR_HEAD}skipFallback: {{$patch: delete}}\n") == MIRROR_HEAD


def test_a_document_in_flow_style_is_changed_within_its_braces() -> None:
    config = '{"apiVersion": "v1alpha1", "kind": "RegistryMirrorConfig", "name": "docker.io"}\n'
    assert applied(config, f"{MIRROR_HEAD}skipFallback: true\n") == config.replace("}", ', "skipFallback": true}')


# JSON Patch


def test_json_patches_change_the_text_in_place() -> None:
    config = f"{MIRROR.rstrip()} # first\nskipFallback: true # x\n"
    patch = '[{"op": "add", "path": "/endpoints/0", "value": {"url": "http://b"}}, {"op": "remove", "path": "/skipFallback"}]'
    assert applied(config, patch) == MIRROR.replace("  - url: http://a", "  - url: http://b\n  - url: http://a # first")
    assert applied(config, '[{"op": "replace", "path": "/skipFallback", "value": false}]') == config.replace(
        "true", "false"
    )


def test_a_json_patch_leaves_the_items_beside_the_one_it_changes() -> None:
    text = f"{MIRROR_HEAD}endpoints:\n- url: http://a\n# two\n- url: 'http://b' # b\n  overridePath: true\n"
    patch = '[{"op": "replace", "path": "/endpoints/0/url", "value": "http://c"}]'
    assert applied(text, patch) == text.replace("http://a", "http://c")


def test_a_json_patch_in_yaml_may_rename() -> None:
    assert applied(MIRROR, "- op: replace\n  path: /name\n  value: ghcr.io\n") == MIRROR.replace("docker", "ghcr")


def test_a_json_patch_of_a_document_of_another_kind() -> None:
    assert applied(HOSTNAME, '[{"op": "remove", "path": "/hostname"}]') == HOSTNAME_HEAD
    assert applied(HOSTNAME, '[{"op": "replace", "path": "/hostname", "value": "x"}]') == HOSTNAME.replace("node", "x")


def test_a_json_patch_of_the_legacy_section() -> None:
    patch = '[{"op": "add", "path": "/machine/registries/mirrors/docker.io/endpoints/-", "value": "http://b"}]'
    assert applied(LEGACY, patch) == LEGACY.replace("# cache\n", "# cache\n          - http://b\n")


@pytest.mark.parametrize(
    ("config", "patches", "text", "place"),
    [
        (f"{MIRROR}---\n{AUTH}", ["[]"], "JSON6902 patches are not supported for multi-document machine configuration", (0, 1, 1)),
        (f"{MIRROR}---\n{AUTH}", ["# empty\n"], "JSON6902 patches are not supported for multi-document machine configuration", (0, 1, 1)),
        (MIRROR, ['[{"op": "test", "path": "/name", "value": "docker.io"}]', "- op: remove\n  path: /name\n- op: remove\n  path: /x\n"], "failure applying rfc6902 patches to talos machine config: error in remove for path: '/x': Unable to remove nonexistent key: x: missing value", (1, 3, 3)),
        (MIRROR, ['[{"op": "add", "path": "/x", "value": 1}]'], "error decoding document v1alpha1/RegistryMirrorConfig/docker.io (line 1): unknown keys found during decoding:\nx: 1\n", (0, 1, 2)),
        (MIRROR, ['[{"op": "add"'], "unexpected end of JSON input", (0, 1, 14)),
        (MIRROR, ["[1]\n"], "json: cannot unmarshal number into Go value of type jsonpatch.Operation", (0, 1, 1)),
        (MIRROR, ["- op: add\n  value: {a: [{1: b}]}\n"], "json: unsupported type: map[interface {}]interface {}", (0, 2, 3)),
        (MIRROR, ["[{op: add, value: {!x y: b}}]"], "json: unsupported type: map[interface {}]interface {}", (0, 1, 12)),
        (MIRROR, ["- op: remove\n  path: .inf\n"], "json: unsupported value: +Inf", (0, 2, 3)),
        (MIRROR, ["- value: {b: .nan, a: [-.inf]}\n  op: add\n"], "json: unsupported value: -Inf", (0, 1, 3)),
        (MIRROR, ['[{"value": {[a]: b}}]'], "invalid character '[' looking for beginning of object key string", (0, 1, 13)),
    ],
)  # fmt: skip
def test_json_patches_are_refused(
    config: str, patches: list[str], text: str, place: tuple[int, int | None, int | None]
) -> None:
    error = refusal(config, *patches)
    assert str(error) == text
    assert (error.patch_index, error.line, error.column) == place


def test_an_empty_patch_does_nothing_to_one_document() -> None:
    assert applied(MIRROR, "") == applied(MIRROR, "null\n") == applied(MIRROR) == MIRROR


@pytest.mark.parametrize(("talos_version", "username"), [("1.12", "x"), ("1.13", "x"), ("1.14", "")])
def test_a_merge_tag_makes_a_value_of_a_json_patch_empty_since_1_14(talos_version: str, username: str) -> None:
    config = parse("apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\n", talos_version=talos_version)
    patched = apply_patches(config, ["- op: add\n  path: /username\n  value: !!merge x\n"])
    assert patched.registries.auths["a"].username == username


# What stands around documents


def test_a_document_that_becomes_the_first_begins_at_the_start_of_its_line() -> None:
    config = f"{MIRROR}---\t# about it\n{AUTH}"
    assert applied(config, f"{MIRROR_HEAD}$patch: delete\n") == f"# about it\n{AUTH}"


def test_all_documents_can_be_replaced_with_their_comments() -> None:
    config = f"# head\n{MIRROR.rstrip()} # first\n"
    assert applied(config, f"{MIRROR_HEAD}$patch: delete\n---\n{AUTH}") == AUTH


@pytest.mark.parametrize("other", ["  b: |\n    a=b", "  list:\n  - |\n    a=b", "  list:\n  - - >\n      a=b"])
def test_a_last_block_of_another_kind_keeps_its_value_when_documents_follow(other: str) -> None:
    config = f"apiVersion: v1alpha1\nkind: CRIBaseRuntimeSpecConfig\noverrides:\n{other}"
    closed = config.replace("|", "|-").replace(">", ">-")
    assert applied(config, MIRROR) == f"{closed}\n---\n{MIRROR}"


def test_a_refusal_names_what_is_shared() -> None:
    config = "machine:\n  registries:\n    mirrors:\n      a: {endpoints: &e [http://a]}\n      b: {endpoints: *e}\n"
    for patch in (
        "machine: {registries: {mirrors: {a: {endpoints: [http://b]}}}}\n",
        "machine: {registries: {mirrors: {a: {$patch: delete}}}}\n",
    ):
        assert str(refusal(config, patch)).endswith(
            "because parts of it are shared; write out *e (line 5) and the like first"
        )


def test_a_json_patch_of_the_whole_v1alpha1_document() -> None:
    patch = '[{"op": "replace", "path": "", "value": {"machine": {"type": "init"}}}]'
    (entry,) = apply_patches(parse("machine: {type: worker} # c\ncluster: {id: x}\n"), [patch]).entries
    assert entry.values == {"machine": {"type": "init"}}


@pytest.mark.parametrize("talos_version", ["1.12", "1.13", "1.14"])
def test_a_json_patch_with_an_indented_marker_below_is_no_json(talos_version: str) -> None:
    error = refusal("machine: {}\n", "[]\n ---\na: 1\nb: 2\n", talos_version=talos_version)
    assert str(error) == "invalid character '-' after top-level value"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("mirrors/docker.io", "mirrors:\n      ghcr.io: {endpoints: [http://c]}\n"),
        ("mirrors/ghcr.io", "mirrors: {}\n"),
    ],
)
def test_a_merge_tag_in_the_place_of_an_entry_is_none_to_1_14(path: str, expected: str) -> None:
    config = "machine:\n  registries:\n    mirrors:\n      ghcr.io: {endpoints: [http://c]}\n"
    patch = f'[{{"op": "add", "path": "/machine/registries/{path}", "value": "<<"}}]'
    assert applied(config, patch) == f"machine:\n  registries:\n    {expected}"


# What each patch changes


def changed(config: str, *patches: str) -> list[tuple[list[str], list[str]]]:
    """The documents that each patch touches, before and after it."""
    made = changes(parse(config), patches)
    return [([*before], [*after]) for before, after in made]


DOCKER, GHCR = (f"v1alpha1/RegistryMirrorConfig/{name}" for name in ("docker.io", "ghcr.io"))


def test_a_patch_changes_what_it_touches_and_nothing_else() -> None:
    other = MIRROR.replace("docker.io", "ghcr.io")
    patch = f"{MIRROR_HEAD}skipFallback: true\n"
    assert changed(f"{MIRROR}---\n{other}", patch) == [([DOCKER], [DOCKER])]
    assert changed(MIRROR, other) == [([], [GHCR])]
    assert changed(f"{MIRROR}---\n{other}", f"{MIRROR_HEAD}$patch: delete\n") == [([DOCKER], [])]


def test_a_patch_starts_from_what_those_before_it_have_made() -> None:
    steps = changes(parse(MIRROR), [f"{MIRROR_HEAD}endpoints: [{{url: 'http://{name}'}}]\n" for name in "bc"])
    urls = [
        [[endpoint["url"] for endpoint in (drafts[DOCKER].values or {})["endpoints"]] for drafts in step]
        for step in steps
    ]
    assert urls == [
        [["http://a"], ["http://a", "http://b"]],
        [["http://a", "http://b"], ["http://a", "http://b", "http://c"]],
    ]


def test_a_json_patch_gives_a_document_another_name() -> None:
    assert changed(MIRROR, "- {op: replace, path: /name, value: ghcr.io}\n") == [([DOCKER], [GHCR])]


def test_changes_come_up_to_the_patch_that_is_refused() -> None:
    made = changes(parse(MIRROR), [f"{MIRROR_HEAD}skipFallback: true\n", "a: [\n"])
    assert [*next(made).after] == [DOCKER]
    with pytest.raises(PatchError):
        next(made)


@pytest.mark.parametrize("talos_version", ["1.12", "1.13"])
def test_documents_of_a_patch_that_exclude_each_other_are_refused_before_the_base_is_read(talos_version: str) -> None:
    links = (f"apiVersion: v1alpha1\nkind: {kind}\nname: b\n" for kind in ("WireguardConfig", "DummyLinkConfig"))
    refused = refusal("up: f\n", "---\n".join(links), talos_version=talos_version)
    assert str(refused) == "conflicting documents: WireguardConfig/b and DummyLinkConfig/b"


@pytest.mark.parametrize("talos_version", ["1.12", "1.13", "1.14"])
def test_a_word_that_is_tagged_null_is_no_patch(talos_version: str) -> None:
    assert str(refusal(MIRROR, "!!null x\n", talos_version=talos_version)) == "config not found"
    assert applied(MIRROR, "!!null ~\n", talos_version=talos_version) == MIRROR


@pytest.mark.parametrize(
    ("kind", "members", "item", "printed"),
    [
        ("LinkConfig", "routes: [{destination: 10.0.0.0/8}]", "routes: [{$patch: delete, gateway: %s}]", "invalid IP"),
        ("ResolverConfig", "nameservers: [{}]", "nameservers: [{$patch: delete, address: %s}]", "invalid IP"),
        (
            "LinkConfig",
            "routes: [{gateway: 10.0.0.1}]",
            "routes: [{$patch: delete, destination: %s}]",
            "invalid Prefix",
        ),
    ],
)
def test_an_unset_address_is_found_by_what_go_prints_of_it(kind: str, members: str, item: str, printed: str) -> None:
    head = f"apiVersion: v1alpha1\nkind: {kind}\n" + ("name: a\n" if kind == "LinkConfig" else "")
    assert "lookup failed" in str(refusal(f"{head}{members}\n", f"{head}{item % repr('')}\n"))
    (entry,) = parse(applied(f"{head}{members}\n", f"{head}{item % printed}\n")).entries
    assert entry.values is not None
    assert entry.values[members.partition(":")[0]] == []


@pytest.mark.parametrize("patch", ["<<\n", "!!merge x\n---\nmachine: {}\n"])
def test_a_lone_merge_key_is_an_empty_patch_since_1_14(patch: str) -> None:
    assert applied(MIRROR, patch) == MIRROR
    assert str(refusal(MIRROR, patch, talos_version="1.13")) == "expected a YAML document at line 1"
