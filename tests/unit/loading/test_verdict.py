from __future__ import annotations

import pytest

from talos_registry import Diagnostic, MachineConfig, parse

AUTH = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: {}\n"
MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: {}\n"
CACHE = "apiVersion: v1alpha1\nkind: ImageCacheConfig\n"


def stream(*documents: str) -> str:
    return "---\n".join(documents)


def codes(config: MachineConfig) -> list[str]:
    return [one.code for one in config.diagnostics]


def place(one: Diagnostic) -> tuple[int | None, int | None, int | None, int | None]:
    return one.line, one.column, one.end_line, one.end_column


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# c\n", "---\n", "...\n", "null\n", "~", "---\n---\n# c\n", "!!null x\n", "\ufeff"]
)
def test_a_stream_of_nothing(text: str) -> None:
    config = parse(text)
    assert (config.talos_error, codes(config), config.documents) == ("config not found", ["empty-config"], ())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- a\n", 1),
        ("# c\nplain\n", 2),
        ('""\n', 1),
        ("apiVersion:v1alpha1\n", 1),
        ("---\n\n[a]\n", 3),
        ("!!str ~\n", 1),
    ],
)
def test_what_is_no_mapping(text: str, line: int) -> None:
    config = parse(text)
    assert (config.talos_error, codes(config)) == (f"expected a YAML document at line {line}", ["not-a-mapping"])
    assert config.diagnostics[0].line == line


@pytest.mark.parametrize(
    "start", ["...\n\t\n", "...\n \t# c\n", "\t\n...\n", "...\n...\r\n\t\r\n---\n", "... # c\u2028\t\n"]
)
def test_a_tab_begins_no_line_above_the_first_document(start: str) -> None:
    config = parse(start + AUTH.format("a"))
    assert "found character that cannot start any token" in str(config.talos_error)


@pytest.mark.parametrize("start", ["...\t\n", "...\t# c\n", "...\n...\u2028", "...\t# c\x85... \n"])
def test_a_stream_begins_with_the_end_of_a_document(start: str) -> None:
    config = parse(start + AUTH.format("a"))
    assert (config.talos_error, len(config.documents)) == (None, 1)


@pytest.mark.parametrize("empty", ["", "null\n", "# c\n", "~\n"])
def test_empty_documents_are_skipped(empty: str) -> None:
    config = parse(stream(empty, AUTH.format("a"), empty))
    assert (config.talos_error, len(config.documents)) == (None, 1)


@pytest.mark.parametrize(
    ("documents", "error"),
    [
        (
            (AUTH.format("a"), AUTH.format("a")),
            "duplicate document v1alpha1/RegistryAuthConfig/a is not allowed (line 5)",
        ),
        ((AUTH.format(""), AUTH.format("")), "duplicate document v1alpha1/RegistryAuthConfig/ is not allowed (line 5)"),
        ((CACHE, CACHE), "duplicate document v1alpha1/ImageCacheConfig/ is not allowed (line 4)"),
        (("machine: {}\n", "cluster: {}\n"), "duplicate document /v1alpha1/ is not allowed (line 3)"),
        ((AUTH.format("~"), AUTH.format("null")), "duplicate document: RegistryAuthConfig/"),
        ((AUTH.format("a"), AUTH.format("!!binary YQ==")), "duplicate document: RegistryAuthConfig/a"),
        ((AUTH.format("a"), AUTH.format("b"), MIRROR.format("a")), None),
    ],
)
def test_documents_of_one_name(documents: tuple[str, ...], error: str | None) -> None:
    config = parse(stream(*documents))
    assert config.talos_error == error
    found = [code for code in codes(config) if code != "missing-name"]
    assert found == ([] if error is None else ["duplicate-document"])


def test_all_that_talos_validates_is_joined_as_it_does() -> None:
    text = stream(
        "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nca: x\nclientIdentity: {cert: a, key: b}\n",
        MIRROR.format("a") + "endpoints: [{}, {url: 'ftp://b'}]\n",
    )
    config = parse(text)
    assert config.talos_error == (
        "2 errors occurred:\n\t* RegistryTLSConfig/: name must be specified\nca must be a valid PEM-encoded certificate\n"
        "client identity: certificate: no PEM blocks found\n\t* RegistryMirrorConfig/a: endpoints[0].url must be specified\n"
        'endpoints[1].url has unsupported scheme: "ftp"\n\n'
    )
    assert codes(config) == [
        "missing-name",
        "invalid-ca",
        "invalid-client-identity",
        "missing-url",
        "unsupported-scheme",
    ]
    assert len(config.documents) == 2


@pytest.mark.parametrize(
    ("features", "conflict"),
    [
        ("{imageCache: {}}", True),
        ("{imageCache: {localEnabled: false}}", True),
        ("{imageCache: }", False),
        ("{}", False),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_image_cache_in_both_places(features: str, conflict: bool, first: bool) -> None:
    documents = [f"machine: {{features: {features}}}\n", CACHE]
    config = parse(stream(*(documents if first else reversed(documents))))
    error = "1 error occurred:\n\t* image cache config is already set in v1alpha1 config\n\n"
    assert config.talos_error == (error if conflict else None)
    assert codes(config) == (["conflicting-image-cache"] if conflict else [])


def test_the_kindless_document_is_validated_first() -> None:
    config = parse(stream(AUTH.format("''"), "machine: {registries: {mirrors: {a: }}}\n"), talos_version="1.13")
    assert config.talos_error == (
        '2 errors occurred:\n\t* v1alpha1.Config: 1 error occurred:\n\t* registries.mirrors["a"] is null\n\n\n'
        "\t* RegistryAuthConfig/: name must be specified\n\n"
    )


@pytest.mark.parametrize(
    ("documents", "start"),
    [
        (("kind: x\n", "a: [\n"), "error decoding document /x/"),
        (("a: [\n", "kind: x\n"), "decode error: "),
        ((AUTH.format("''"), "kind: x\n"), "error decoding document /x/"),
        ((AUTH.format("a"), AUTH.format("a") + "foo: 1\n", "a: [\n"), "duplicate document "),
        ((AUTH.format("~"), AUTH.format("null"), "- a\n"), "expected a YAML document"),
    ],
)
def test_talos_prints_the_first_load_error(documents: tuple[str, ...], start: str) -> None:
    error = parse(stream(*documents)).talos_error
    assert error is not None
    assert error.startswith(start)


def test_one_bad_document_does_not_hide_the_others() -> None:
    config = parse(stream("a: [\n", AUTH.format("''"), "- a\n", MIRROR.format("m") + "x: 1\n", AUTH.format("b")))
    assert codes(config) == ["yaml-syntax", "missing-name", "not-a-mapping", "unknown-key"]
    assert [one.path[0] for one in config.diagnostics] == [0, 1, 2, 3]
    assert [document.kind for document in config.documents] == [
        "",
        "RegistryAuthConfig",
        "",
        "RegistryMirrorConfig",
        "RegistryAuthConfig",
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (MIRROR.format("''"), [(3, 7, 3, 9)]),
        ("# c\n" + MIRROR.format("a") + "endpoints:\n- overridePath: no\n", [(6, 3, 6, 15)]),
        (MIRROR.format("a") + "endpoints: [~, {url: 'x://y'}]\n", [(4, 22, 4, 29)]),
        (MIRROR.format("a") + "endpoints: [~, {}]\n", [(4, 16, 4, 18)]),
        (AUTH.format("a") + "username: u\nauth: b\nidentityToken: &t x\n", [(5, 7, 5, 8), (6, 16, 6, 20)]),
        (stream(AUTH.format("ä"), AUTH.format("ä")), [(7, 7, 7, 8)]),
        (stream(AUTH.format("a"), "apiVersion: v1alpha1\nkind: [\n"), [(7, 1, 7, 2)]),
        ("{kind: RegistryAuthConfig, apiVersion: v1alpha1}", [(1, 1, 1, 49)]),
    ],
)
def test_places(text: str, places: list[tuple[int, int, int, int]]) -> None:
    assert [place(one) for one in parse(text, filename="f").diagnostics] == places


def test_a_finding_names_its_document_and_file() -> None:
    (one,) = parse(stream("machine: {}\n", AUTH.format("a") + "x: 1\n"), filename="talos.yaml").diagnostics
    assert (one.kind, one.name, one.file, one.path) == ("RegistryAuthConfig", "a", "talos.yaml", (1, "x"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            MIRROR.format("a") + "endpoints:\n{% for e in es %}\n- url: {{ e }}\n{% endfor %}\n",
            [("template-not-rendered", 5, 1)],
        ),
        (MIRROR.format("{{ name }}"), [("template-not-rendered", 3, 7)]),
        (MIRROR.format("a") + "endpoints: {{ .Values.x }}\n", [("template-not-rendered", 4, 12)]),
        (MIRROR.format('"{{ name }}"'), []),
        ("{{ .Values.document }}\n", [("template-not-rendered", 1, 1)]),
        ("{% raw %}\n", [("template-not-rendered", 1, 1)]),
        (MIRROR.format('"{{ name }}"') + "endpoint: []\n", [("unknown-key", 4, 1)]),
        (MIRROR.format("2001-01-01") + "---\n" + AUTH.format('"{{ name }}"'), [("wrong-type", 3, 7)]),
        (MIRROR.format("[a") + "---\n" + AUTH.format('"{{ name }}"'), [("yaml-syntax", 4, 1)]),
        (MIRROR.format('"{{ name }}"') + "endpoints: [{}]\n", [("missing-url", 4, 13)]),
        (MIRROR.format("a") + "endpoints: {{ x\n", [("yaml-syntax", 5, 1)]),
        (AUTH.format("a") + 'password: "${VAR}"\nauth: ENC[x]\n', []),
    ],
)
def test_templates(text: str, found: list[tuple[str, int, int]]) -> None:
    assert [(one.code, one.line, one.column) for one in parse(text).diagnostics] == found


def test_bytes_that_are_no_text() -> None:
    config = parse(AUTH.format("a").encode() + b"password: s\xffx\n")
    (one,) = config.diagnostics
    assert (one.code, place(one)) == ("yaml-syntax", (4, 12, 4, 13))
    assert config.talos_error == (
        "decode error: go-yaml load error in reader at <unknown position>: invalid leading UTF-8 octet (value: 255)"
    )


def test_more_documents_than_anyone_reads() -> None:
    text = "".join(f"---\n{MIRROR.format(f'n{n}')}" for n in range(50_001))
    config = parse(text)
    assert codes(config) == ["limit-exceeded"]
    assert config.talos_error is None
    assert len(config.entries) == 50_001
    assert text[config.entries[-1].begin :] == "\n" + MIRROR.format("n50000")


def test_more_findings_than_anyone_reads() -> None:
    config = parse("--- [a]\n" * 20_000)
    assert len(config.diagnostics) == 10_001
    assert config.diagnostics[-1].code == "limit-exceeded"
    assert config.talos_error == "expected a YAML document at line 1"


def test_what_to_write_instead_shows_no_password() -> None:
    text = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: x\nendpoints:\n  - url: user.x/y:Pw77@h/v2\n"
    (diagnostic,) = parse(text).diagnostics
    assert "Pw77" not in diagnostic.message
    assert diagnostic.message.endswith("write https://***@h/v2 or http://***@h/v2.")


@pytest.mark.parametrize(("key", "shown"), [("null", "null"), ("~", "~"), ("!!null ''", "")])
def test_a_null_with_a_null_for_a_key_is_refused_since_1_14(key: str, shown: str) -> None:
    text = f"machine:\n  registries:\n    mirrors:\n      {key}:\n"
    error = f'error decoding document /v1alpha1/ (line 1): null value is not allowed at "machine.registries.mirrors.{shown}" (line 4)'
    assert parse(text).talos_error == error
    assert parse(text, talos_version="1.13").talos_error is None


@pytest.mark.parametrize("text", ["a: b\nc:\n\t- d\n", "a:\n  b: 1\n\tc: 2\n", "a:\n    b: |\n        x\n\ty\n"])
def test_a_tab_that_indents_is_called_that(text: str) -> None:
    (found,) = parse(text).diagnostics
    assert found.message == "This line is indented with a tab; YAML indents with spaces."


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "//a.example/x",
            'The endpoint "//a.example/x" has no scheme; write https://a.example/x or http://a.example/x.',
        ),
        ("http//a.example", 'The endpoint "http//a.example" is misspelt; write http://a.example.'),
        ("//u:s3cr3t@h", 'The endpoint "//***@h" has no scheme; write https://***@h or http://***@h.'),
        ("foo://x", 'The endpoint "foo://x" has the scheme "foo"; Talos takes http and https.'),
    ],
)
def test_a_url_that_is_nearly_one_is_shown_as_it_should_be(url: str, message: str) -> None:
    config = parse(f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a.b\nendpoints: [{{url: '{url}'}}]\n")
    assert [found.message for found in config.diagnostics] == [message]
