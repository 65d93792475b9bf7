"""A ``registries.yaml``, as it stands in the documentation of k3s and RKE2 and on nodes."""

from __future__ import annotations

from textwrap import dedent

import pytest

from talos_registry import RegistryEndpoint, RegistryMirrorConfig, emit, import_settings, parse, resolve
from tests.certificates import CERTIFICATE, KEY

REGISTRIES = """\
mirrors:
  docker.io:
    endpoint:
      - "https://harbor.example/v2/hub"
      - "mirror.example:5000"
  ghcr.io:
    endpoint:
      - "https://harbor.example"
    rewrite:
      "^(.*)$": "ghcr/$1"
  "*":
    endpoint:
      - "http://10.5.0.1:5000"
configs:
  harbor.example:
    auth:
      username: robot
      password: 12345
    tls:
      ca_file: /etc/ssl/harbor.pem
  docker.io:
    auth:
      identity_token: t0ken
"""


def imported(text: str, node: dict[str, bytes] | None = None) -> tuple[str, list[str]]:
    result = import_settings({"registries.yaml": dedent(text).encode()}, read=(node or {}).get)
    return emit(result.documents), [str(one) for one in result.diagnostics]


def mirror(text: str) -> RegistryMirrorConfig:
    """The one document that comes of a mirror of docker.io without findings."""
    result = import_settings({"registries.yaml": f"mirrors: {{docker.io: {text}}}".encode()})
    assert result.diagnostics == ()
    (document,) = result.documents
    assert isinstance(document, RegistryMirrorConfig)
    return document


def test_mirrors_logins_and_certificates_become_documents() -> None:
    text, findings = imported(REGISTRIES, {"/etc/ssl/harbor.pem": CERTIFICATE.encode()})
    assert findings == []
    indented = "".join(f"    {line}\n" for line in CERTIFICATE.splitlines())
    assert text == (
        "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n"
        "    - url: https://harbor.example/v2/hub\n      overridePath: true\n    - url: https://mirror.example:5000\n---\n"
        "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: ghcr.io\nendpoints:\n"
        "    - url: https://harbor.example/v2/ghcr\n      overridePath: true\n---\n"
        "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: '*'\nendpoints:\n    - url: http://10.5.0.1:5000\n---\n"
        "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: harbor.example\nendpoints:\n    - url: https://harbor.example\n"
        "skipFallback: true\n---\n"
        'apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: harbor.example\nusername: robot\npassword: "12345"\n---\n'
        "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: registry-1.docker.io\nidentityToken: t0ken\n---\n"
        f"apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: harbor.example\nca: |\n{indented}"
    )


@pytest.mark.parametrize("puller", ["talos", "cri"])
def test_a_node_asks_as_k3s_does(puller: str) -> None:
    result = import_settings({"a": REGISTRIES.encode()}, read={"/etc/ssl/harbor.pem": CERTIFICATE.encode()}.get)
    registries = parse(emit(result.documents)).registries
    urls = {
        image: [attempt.manifest_url for attempt in resolve(image, registries, puller=puller).attempts]  # type: ignore[arg-type]
        for image in ("nginx", "ghcr.io/a/b:1", "quay.io/a/b:1", "harbor.example/a/b:1")
    }
    assert urls == {
        "nginx": [
            "https://harbor.example/v2/hub/library/nginx/manifests/latest?ns=docker.io",
            "https://mirror.example:5000/v2/library/nginx/manifests/latest?ns=docker.io",
            "https://registry-1.docker.io/v2/library/nginx/manifests/latest",
        ],
        "ghcr.io/a/b:1": [
            "https://harbor.example/v2/ghcr/a/b/manifests/1?ns=ghcr.io",
            "https://ghcr.io/v2/a/b/manifests/1",
        ],
        "quay.io/a/b:1": [
            "http://10.5.0.1:5000/v2/a/b/manifests/1?ns=quay.io",
            "https://quay.io/v2/a/b/manifests/1",
        ],
        # k3s writes a hosts.toml for each host of configs, which hides the catch-all.
        "harbor.example/a/b:1": ["https://harbor.example/v2/a/b/manifests/1"],
    }
    first = resolve("nginx", registries, puller=puller).attempts[0]  # type: ignore[arg-type]
    assert (first.auth, first.tls) == ("harbor.example", "harbor.example")


@pytest.mark.parametrize(
    ("endpoint", "url", "override"),
    [
        ("https://m.example", "https://m.example", None),
        ("https://m.example/", "https://m.example/", None),
        ("https://m.example/v2", "https://m.example/v2", None),
        ("https://m.example/v2/", "https://m.example/v2/", True),
        ("https://m.example/artifactory/api/docker/hub", "https://m.example/artifactory/api/docker/hub", True),
        ("http://10.0.0.1:5000", "http://10.0.0.1:5000", None),
        ("m.example", "https://m.example", None),
        ("m.example:8443/v2/hub", "https://m.example:8443/v2/hub", True),
        ("localhost:5000", "http://localhost:5000", None),
        ("127.0.0.1:5000", "http://127.0.0.1:5000", None),
        ("[::1]:5000", "http://[::1]:5000", None),
        ("localhost", "https://localhost", None),
        ("localhost:443", "https://localhost:443", None),
        ("https://localhost:5000", "https://localhost:5000", None),
        ("docker.io/v2/x", "https://registry-1.docker.io/v2/x", True),
    ],
)
def test_endpoints_have_the_scheme_and_the_path_that_k3s_gives_them(
    endpoint: str, url: str, override: bool | None
) -> None:
    assert mirror(f'{{endpoint: ["{endpoint}"]}}').endpoints == (RegistryEndpoint(url=url, override_path=override),)


def test_an_endpoint_is_asked_once_and_the_upstream_last() -> None:
    assert mirror("{endpoint: [https://m.example, m.example, https://registry-1.docker.io]}") == RegistryMirrorConfig(
        name="docker.io", endpoints=["https://m.example"]
    )
    assert mirror("{endpoint: [https://docker.io, https://m.example]}").endpoints == (
        RegistryEndpoint(url="https://registry-1.docker.io"),
        RegistryEndpoint(url="https://m.example"),
    )


@pytest.mark.parametrize(
    ("endpoint", "rewrite", "url"),
    [
        ("https://m.example", '{"^(.*)$": "a/b/$1"}', "https://m.example/v2/a/b"),
        ("https://m.example/v2", '{"(.*)": "a/$1"}', "https://m.example/v2/a"),
        ("https://m.example/v2/x/", '{"(.*)": "a/$1"}', "https://m.example/v2/x/a"),
        ("https://m.example", '{"^(.*)$": "a/${1}", "(.*)": "a/$1"}', "https://m.example/v2/a"),
    ],
)
def test_a_rewrite_that_only_puts_a_path_before_is_the_path_of_the_endpoint(
    endpoint: str, rewrite: str, url: str
) -> None:
    assert mirror(f"{{endpoint: [{endpoint}], rewrite: {rewrite}}}").endpoints == (
        RegistryEndpoint(url=url, override_path=True),
    )


def test_the_upstream_with_a_rewrite_is_asked_with_it_and_not_without() -> None:
    assert mirror('{endpoint: [https://registry-1.docker.io], rewrite: {"^(.*)$": "a/$1"}}') == RegistryMirrorConfig(
        name="docker.io",
        endpoints=[RegistryEndpoint(url="https://registry-1.docker.io/v2/a", override_path=True)],
        skip_fallback=True,
    )


@pytest.mark.parametrize(
    "rewrite",
    [
        '{"^rancher/(.*)": "mirrored/$1"}',
        '{"^(.*)$": "mirrored-$1"}',
        '{"^(.*)$": "a/$1", "(.*)": "b/$1"}',
        '{"^(.*)$": "a/$1", "^library/(.*)$": "b/$1"}',
    ],
)
def test_any_other_rewrite_is_named_and_its_endpoints_are_left_out(rewrite: str) -> None:
    text = f"mirrors:\n  docker.io:\n    endpoint: [https://m.example]\n    rewrite: {rewrite}\n"
    assert imported(text) == (
        "",
        [
            (
                'registries.yaml:4:5: error[import-no-counterpart]: mirrors["docker.io"].rewrite has no counterpart:'
                " an endpoint has one path for all repositories; the endpoints of this mirror are left out."
            )
        ],
    )


def test_a_mirror_that_cannot_be_imported_is_not_left_to_the_catch_all() -> None:
    text = """\
        mirrors:
          "*": {endpoint: [https://m.example]}
          quay.io: {endpoint: [https://m.example], rewrite: {"^a$": b}}
          gcr.io: {}
        """
    documents, _ = imported(text)
    assert "name: quay.io\n" in documents
    assert "gcr.io" not in documents  # as k3s, which writes nothing for it


def test_the_upstream_is_an_endpoint_where_there_are_tls_settings_for_it() -> None:
    text = """\
        mirrors:
          r.example: {endpoint: [https://m.example]}
        configs:
          r.example: {tls: {insecure_skip_verify: true}}
        """
    result = import_settings({"registries.yaml": dedent(text).encode()})
    assert result.documents[0] == RegistryMirrorConfig(
        name="r.example", endpoints=["https://m.example", "https://r.example"], skip_fallback=True
    )
    plan = resolve("r.example/a/b:1", parse(emit(result.documents)), puller="cri")
    assert [attempt.skip_verify for attempt in plan.attempts] == [False, True]


def test_settings_for_every_host_are_named() -> None:
    documents, findings = imported(
        "mirrors: {'*': {endpoint: [https://m.example]}}\nconfigs:\n  '*':\n    tls: {insecure_skip_verify: true}\n"
    )
    assert documents == (
        "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: '*'\nendpoints:\n    - url: https://m.example\n"
    )
    assert findings == [
        (
            'registries.yaml:3:3: error[import-no-counterpart]: configs["*"] has no counterpart:'
            " credentials and certificates are for one host."
        )
    ]


def test_the_client_certificate_is_read_from_its_files() -> None:
    text = "configs:\n  m.example:\n    tls: {cert_file: /c.crt, key_file: /c.key, insecure_skip_verify: true}\n"
    documents, findings = imported(text, {"/c.crt": CERTIFICATE.encode(), "/c.key": KEY.encode()})
    assert findings == []
    assert documents.startswith(
        "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: m.example\nclientIdentity:\n    cert: |\n"
    )
    assert documents.endswith("insecureSkipVerify: true\n")


def test_files_that_are_not_at_hand_are_named_and_the_rest_is_kept() -> None:
    text = "configs:\n  m.example:\n    tls:\n      ca_file: /ca.pem\n      cert_file: /c.crt\n      key_file: /c.key\n      insecure_skip_verify: true\n"
    documents, findings = imported(text, {"/c.crt": b"\xff", "/c.key": b"k"})
    assert documents == ("apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: m.example\ninsecureSkipVerify: true\n")
    assert findings == [
        (
            'registries.yaml:4:16: error[import-node-file]: configs["m.example"].tls.ca_file names a file of the node that is'
            ' not at hand, "/ca.pem"; what is in it is missing.'
        ),
        (
            'registries.yaml:5:18: error[import-node-file]: configs["m.example"].tls.cert_file names a file of the node that'
            ' is not at hand, "/c.crt"; what is in it is missing.'
        ),
    ]


def test_half_a_client_certificate_is_named() -> None:
    text = "configs:\n  m.example:\n    tls: {cert_file: /c.crt}\n"
    assert imported(text, {"/c.crt": CERTIFICATE.encode()}) == (
        "",
        [
            (
                'registries.yaml:3:22: error[invalid-client-identity]: configs["m.example"].tls.cert_file is one half of a'
                " client certificate; the certificate and its key go together."
            )
        ],
    )


def test_tls_settings_of_a_host_that_is_asked_by_http_are_named_and_left_out() -> None:
    text = """\
        mirrors:
          docker.io: {endpoint: ["http://m.example:5000"]}
        configs:
          m.example:5000:
            tls: {insecure_skip_verify: true}
        """
    assert imported(text) == (
        "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n    - url: http://m.example:5000\n",
        [
            (
                'registries.yaml:5:5: error[import-no-counterpart]: The TLS entry for "m.example:5000" has no counterpart:'
                " the host is asked by http, and Talos pulls nothing by http from a host with TLS settings."
            )
        ],
    )


def test_one_way_to_log_in_is_taken_and_another_is_named_unless_it_is_the_same() -> None:
    text = "configs: {m.example: {auth: {username: u, password: p, auth: %s}}}\n"
    document = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: m.example\nusername: u\npassword: p\n"
    assert imported(text % "dTpw") == (document, [])  # u:p
    assert imported(text % "dTpx") == (
        document,
        [
            (
                'registries.yaml:1:62: error[import-conflict]: configs["m.example"].auth.auth is another way to log in;'
                " the first is taken."
            )
        ],
    )


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("mirrors: [a]", "1:10: error[wrong-type]: mirrors must be a mapping, not a list."),
        (
            "mirrors: {a.io: {endpoint: https://m.example}}",
            '1:28: error[wrong-type]: mirrors["a.io"].endpoint must be a list, not this text.',
        ),
        (
            "mirrors: {a.io: {endpoints: [https://m.example]}}",
            '1:29: error[unknown-key]: mirrors["a.io"].endpoints is no key here; did you mean "endpoint"?',
        ),
        (
            "mirrors: {a.io: {endpoint: [ftp://m.example]}}",
            '1:29: error[unsupported-scheme]: The endpoint "ftp://m.example" has the scheme "ftp"; Talos takes http and https.',
        ),
        (
            "configs: {a.io: {tls: {insecure_skip_verify: maybe}}}",
            '1:46: error[wrong-type]: configs["a.io"].tls.insecure_skip_verify must be true or false, not this text.',
        ),
        (
            "configs: {'https://a.io': {}}",
            (
                '1:11: error[import-no-counterpart]: configs["https://a.io"] has no counterpart: k3s looks for a host alone,'
                " without scheme and path, and never finds it."
            ),
        ),
        (
            "configs: {a.io: {auth: {auth: h=unter2}}}",
            '1:31: error[wrong-type]: configs["a.io"].auth.auth must be the base64 of USER:PASSWORD.',
        ),
        (
            "configs: {a.io: {auth: {password: hunter2}}}",
            '1:35: error[import-no-counterpart]: configs["a.io"].auth.password has no counterpart: there is no user with it.',
        ),
        (
            "mirrors:\n\ta: b",
            "2:1: error[yaml-syntax]: This line is indented with a tab; YAML indents with spaces.",
        ),
    ],
)
def test_what_k3s_does_not_take_is_named_with_its_place(text: str, finding: str) -> None:
    _, findings = imported(text)
    assert findings == [f"registries.yaml:{finding}"]


def test_anchors_and_merge_keys_are_followed() -> None:
    text = """\
        mirrors:
          docker.io: &cache
            endpoint: [https://m.example]
          ghcr.io: *cache
          quay.io:
            <<: *cache
        """
    documents, findings = imported(text)
    assert findings == []
    assert documents.count("    - url: https://m.example\n") == 3


@pytest.mark.parametrize("second", ["mirrors: {}", "a: ]"])
def test_only_the_first_document_counts(second: str) -> None:
    documents, (finding,) = imported(f"# a\n---\nmirrors: {{a.io: {{endpoint: [https://m.example]}}}}\n---\n{second}\n")
    assert "name: a.io\n" in documents
    assert finding.startswith("registries.yaml:5:")
    assert finding.endswith(
        "error[import-no-counterpart]: Only the first document of a file counts, as for k3s; this is another."
    )


def test_flow_style_in_a_yaml_file_is_yaml() -> None:
    assert imported("{mirrors: {a.io: {endpoint: [https://m.example]}}}")[1] == []


def test_a_key_that_is_there_twice_is_named() -> None:
    _, findings = imported(
        "mirrors:\n  a.io: {endpoint: [https://m.example]}\n  a.io: {endpoint: [https://n.example]}\n"
    )
    assert findings == [
        'registries.yaml:3:3: error[duplicate-key]: mirrors["a.io"] is there twice; the first is taken.'
    ]


@pytest.mark.parametrize("text", ["mirrors: &a {b: *a}", "mirrors: &a {<<: *a}"])
def test_what_holds_itself_is_refused(text: str) -> None:
    _, (finding,) = imported(text)
    assert "error[limit-exceeded]" in finding


def test_aliases_that_stand_for_much_are_refused() -> None:
    lists = "\n".join(f"l{at}: &l{at} [{', '.join([f'*l{at - 1}'] * 9)}]" for at in range(1, 9))
    _, (finding,) = imported(f"l0: &l0 [x]\n{lists}\nmirrors: {{a.io: {{endpoint: *l8}}}}\n")
    assert finding == (
        "registries.yaml: error[limit-exceeded]: The file holds more than the 100000 values this tool reads."
    )
