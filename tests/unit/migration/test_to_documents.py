from __future__ import annotations

import base64
import textwrap

import pytest

from talos_registry import MigrateError, RegistryMirrorConfig, migrate, parse
from talos_registry.migration.to_documents import to_documents
from tests.certificates import CERTIFICATE, KEY

SECTION = """\
machine:
  registries:
    mirrors:
      docker.io:
        endpoints: [http://a]
"""
MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n  - url: http://a\n"
BY_FOUR = MIRROR.replace("  - ", "    - ")
HOSTNAME = "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: x\n"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def stays(text: str, version: str = "1.14") -> tuple[list[str], str]:
    with pytest.raises(MigrateError) as raised:
        migrate(parse(text, filename="a.yaml", talos_version=version))
    assert raised.value.text is not None
    assert str(raised.value) == "\n".join(map(str, raised.value.entries))
    return [str(one) for one in raised.value.entries], raised.value.text


# What becomes of the file


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SECTION, MIRROR),
        (f"---\n{SECTION}", f"---\n{MIRROR}"),
        (f"# top\n{SECTION}# end", f"# top\n{MIRROR}# end"),
        (f"version: v1alpha1\n{SECTION}", MIRROR),
        (f"{SECTION}cluster: {{}}\n", f"cluster: {{}}\n---\n{MIRROR}"),
        (f"{SECTION}cluster: {{}}", f"cluster: {{}}\n---\n{MIRROR}".removesuffix("\n")),
        (SECTION.removesuffix("\n"), MIRROR.removesuffix("\n")),
        (f"{SECTION}debug: no\n---\nname: a\nkind: X\napiVersion: |\n  v1", f"debug: no\n---\nname: a\nkind: X\napiVersion: |-\n  v1\n---\n{MIRROR}".removesuffix("\n")),
        (f"# us\n{SECTION}# net\ndebug: no\n", f"# net\ndebug: no\n---\n# us\n{MIRROR}"),
        (f"# us\n\n{SECTION}debug: no\n", f"# us\n\ndebug: no\n---\n{MIRROR}"),
        (SECTION.replace("  ", "   ") + "debug: no\n", f"debug: no\n---\n{MIRROR.replace('  - ', '   - ')}"),
        (f"{SECTION}debug: no\n...\n", f"debug: no\n...\n---\n{MIRROR}"),
        (f"{SECTION}  type: worker\n", f"machine:\n  type: worker\n---\n{MIRROR}"),
        (f"{HOSTNAME}---\n{SECTION}", f"{HOSTNAME}---\n{MIRROR}"),
        (f"{SECTION}---\n{HOSTNAME}", f"{MIRROR}---\n{HOSTNAME}"),
        (f"{SECTION}  type: worker\n---\n{HOSTNAME}", f"machine:\n  type: worker\n---\n{HOSTNAME}---\n{MIRROR}"),
        ("machine: {registries: {mirrors: {docker.io: {endpoints: [http://a]}}}}\n", BY_FOUR),
        ("--- {machine: {registries: {mirrors: {docker.io: {endpoints: [http://a]}}}}}", f"--- \n{BY_FOUR}".removesuffix("\n")),
        ("machine: {type: a, registries: {mirrors: {docker.io: {endpoints: [http://a]}}}}\n", f"machine: {{type: a}}\n---\n{BY_FOUR}"),
        ("machine: {registries: {mirrors: {docker.io: {endpoints: [http://a]}}}, type: a}\n", f"machine: {{type: a}}\n---\n{BY_FOUR}"),
        (f"{SECTION}    config: {{}}\n", MIRROR),
        (f"{SECTION}    config:\n  type: a\n", f"machine:\n  type: a\n---\n{MIRROR}"),
        ("machine:\n  registries: {}\ndebug: no\n", "debug: no\n"),
        ("machine:\n  registries:\n", "machine:\n  registries:\n"),
        (f"machine:\n  registries:\n---\n{HOSTNAME}", f"---\n{HOSTNAME}"),
        (f"---\nmachine:\n  registries:\n---\n{HOSTNAME}", f"---\n{HOSTNAME}"),
        (f"{HOSTNAME}--- # here\nmachine:\n  registries:\n", f"{HOSTNAME} # here\n"),
        ("machine:\n  type: worker\n", "machine:\n  type: worker\n"),
        (HOSTNAME, HOSTNAME),
    ],
)  # fmt: skip
def test_the_section_goes_and_the_rest_stays(text: str, expected: str) -> None:
    assert migrate(parse(text)) == expected
    assert migrate(parse(expected)) == expected


def test_windows_line_ends_stay_windows_line_ends() -> None:
    text = f"{SECTION}  type: worker\n".replace("\n", "\r\n")
    assert migrate(parse(text)) == f"machine:\n  type: worker\n---\n{MIRROR}".replace("\n", "\r\n")


def test_every_setting_has_its_place_in_a_document() -> None:
    text = f"""\
machine:
  registries:
    config:
      a:5000:
        tls:
          insecureSkipVerify: on
          clientIdentity: {{key: {encoded(KEY)}, crt: {encoded(CERTIFICATE)}}}
          ca: {encoded(CERTIFICATE)}
        auth: {{username: u, password: 0123}}
    mirrors:
      '*': {{skipFallback: yes}}
      docker.io:
        overridePath: true
        endpoints: [https://a/x, http://b]
"""
    cert, key = (textwrap.indent(pem, " " * 4) for pem in (CERTIFICATE, KEY))
    assert (
        migrate(parse(text))
        == f"""\
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: '*'
skipFallback: true
---
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
endpoints:
  - url: https://a/x
    overridePath: true
  - url: http://b
    overridePath: true
---
apiVersion: v1alpha1
kind: RegistryAuthConfig
name: a:5000
username: u
password: "0123"
---
apiVersion: v1alpha1
kind: RegistryTLSConfig
name: a:5000
clientIdentity:
  cert: |
{cert}  key: |
{key}ca: |
{textwrap.indent(CERTIFICATE, "  ")}insecureSkipVerify: true
"""
    )


def test_aliases_are_written_out() -> None:
    text = """\
machine:
  registries:
    mirrors:
      docker.io: &cache
        endpoints: [&url http://a]
      ghcr.io: *cache
      quay.io: {endpoints: [*url]}
"""
    config = parse(migrate(parse(text)))
    assert [(one.name, one.endpoints[0].url) for one in config.documents if isinstance(one, RegistryMirrorConfig)] == [
        ("docker.io", "http://a"),
        ("ghcr.io", "http://a"),
        ("quay.io", "http://a"),
    ]


# Comments


def test_comments_go_with_what_they_are_about() -> None:
    text = """\
# top
machine:
  type: worker # kept
  # detached

  # registries
  registries: # r
    # mirrors
    mirrors: # m
      # hub
      docker.io: # h

        # list
        endpoints: # l
          # first
          - http://a # one
          - http://b
          # no third

        # all
        overridePath: true # o
      # quay
      quay.io: {endpoints: [http://q]} # flow
      # ghcr.io:
      #   endpoints: []
    # logins
    config:
      a:
        # login
        auth: # basic
          # who
          username: u # me
        # trust
        tls: # t
          # careful
          insecureSkipVerify: true # i
  # after
  network: {}
"""
    assert (
        migrate(parse(text))
        == """\
# top
machine:
  type: worker # kept
  # detached

  # after
  network: {}
---
# registries
# r
# mirrors
# m
# hub
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io # h
# list
endpoints: # l
  # first
  - url: http://a # one
    # all
    overridePath: true # o
  - url: http://b
    overridePath: true
  # no third
---
# quay
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: quay.io # flow
endpoints:
  - url: http://q
# ghcr.io:
#   endpoints: []
---
# logins
# login
apiVersion: v1alpha1
kind: RegistryAuthConfig
name: a # basic
# who
username: u # me
---
# trust
apiVersion: v1alpha1
kind: RegistryTLSConfig
name: a # t
# careful
insecureSkipVerify: true # i
"""
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{SECTION}        overridePath: yes # a\n", "    overridePath: true # a\n"),
        (SECTION.replace("[http://a]", "# a\n          [http://a]"), "endpoints: # a\n"),
        (SECTION.replace("[http://a]", "[\n          http://a, # a\n          ]"), "- url: http://a # a\n"),
        (SECTION.replace("[http://a]", "!!seq # a\n          [http://a]"), "endpoints: # a\n"),
        (SECTION.replace("[http://a]", "[http://a]\n        skipFallback: !!bool # a\n          true"), "skipFallback: true # a\n"),
        (SECTION.replace("endpoints: [http://a]", "overridePath: true # a"), "name: docker.io\n# a\n"),
        (f"{SECTION}    # a\n", "# a\n"),
        (f"{SECTION}# a\n", "# a\n"),
    ],
)  # fmt: skip
def test_no_comment_is_lost(text: str, expected: str) -> None:
    assert expected in migrate(parse(text))


def test_comments_of_what_leaves_no_document_go_to_the_end() -> None:
    text = f"debug: no\n{SECTION.replace('docker.io:', 'docker.io: # a')}---\n{MIRROR}"
    assert migrate(parse(text)) == f"debug: no\n---\n{MIRROR}# a\n"


BRACES = """\
machine: {
  type: x, # type
  registries: {
    mirrors: {
      # hub
      docker.io: {}, # d
      # other
      ghcr.io: {endpoints: [%s]} # g
    }
  }
}
"""


def test_braces_keep_the_comments_of_what_stays_in_them() -> None:
    head = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: "
    hub = f"---\n# hub\n{head}docker.io # d\n"
    assert (
        migrate(parse(BRACES % "http://a"))
        == f"machine: {{\n  type: x # type\n}}\n{hub}---\n# other\n{head}ghcr.io # g\nendpoints:\n    - url: http://a\n"
    )
    _, result = stays(BRACES % "x")
    assert result == (BRACES % "x").replace("      # hub\n      docker.io: {}, # d\n", "") + hub


# What stays


@pytest.mark.parametrize(
    ("entry", "code", "message"),
    [
        ("mirrors: {bad: {endpoints: [http://a, b:1]}}", "endpoint-without-scheme", 'The endpoint "b:1" has no scheme; write https://b:1 or http://b:1.'),
        ("mirrors: {bad: {endpoints: [ftp://a]}}", "unsupported-scheme", 'The endpoint "ftp://a" has the scheme "ftp"; Talos takes http and https.'),
        ("mirrors: {bad: {endpoints: ['']}}", "missing-url", "The endpoint has no url; write url: http://HOST[:PORT] or https://HOST[:PORT]."),
        ("mirrors: {bad: {endpoints: [http://a b]}}", "invalid-url", 'The endpoint "http://a b" is not a URL: invalid character " " in host name.'),
        ("mirrors: {bad: {endpoints: [HTTP://A]}}", "respelled-endpoint", 'In a document Talos makes "http://A" of the endpoint "HTTP://A", and plans could change; write it that way if that is what you mean.'),
        ("config: {bad: {auth: {username: u, auth: x}}}", "conflicting-auth", "auth is set beside another way to log in; keep one of username and password, auth, or identityToken."),
        (f"config: {{bad: {{tls: {{ca: {encoded('x')}}}}}}}", "invalid-ca", "ca holds no certificate that can be read; paste the whole PEM block, from its BEGIN line to its END line."),
        ("config: {bad: {tls: {clientIdentity: {}}}}", "invalid-client-identity", "The client identity cannot be used: certificate is required."),
        ("mirrors: {bad: }", "null-entry", 'The entry "bad" of mirrors is empty; give it settings or remove it.'),
        ("mirrors: {bad: {endpoint: a}}", "unknown-key", '"endpoint" is a key of k3s\' registries.yaml; Talos calls it endpoints.'),
        ("config: {bad: {tls: {ca: '!'}}}", "invalid-base64", "ca is not base64: it stops being so at byte 0."),
        ("config: {bad: {tls: {ca: '${CA}'}}}", "template-not-rendered", "This value is filled in later, and Talos refuses it as it stands; fill in the file first."),
        ("config: {bad: {auth: {username: kind}}}", "talos-crash", 'The last value of the document is "kind", and that makes Talos crash; put another key last.'),
        ("mirrors: {'': {}}", "missing-name", "The document has no name: it is the registry host it mirrors, for example docker.io."),
    ],
)  # fmt: skip
def test_what_no_document_can_say_stays_and_is_named(entry: str, code: str, message: str) -> None:
    section, _, rest = entry.partition(": {")
    text = f"machine:\n  registries:\n    {section}:\n      good: {{}}\n      {rest.removesuffix('}')}\n"
    found, result = stays(text)
    assert len(found) == 1
    place, _, said = found[0].partition(" stays: ")
    assert place.startswith("a.yaml:5:")
    assert f"[{code}]: {section}" in place
    assert said == message
    new = "kind: RegistryMirrorConfig\nname: good\n"
    assert result == text.replace("      good: {}\n", "") + (
        f"---\napiVersion: v1alpha1\n{new}" if section == "mirrors" else ""
    )


def test_a_null_entry_stays_also_where_talos_finds_it_later() -> None:
    text = SECTION + "      bad:\n"
    for version in ("1.12", "1.14"):
        found, result = stays(text, version)
        assert found == [
            'a.yaml:6:11: error[null-entry]: mirrors.bad stays: The entry "bad" of mirrors is empty; give it settings or remove it.'
        ]
        assert result == f"machine:\n  registries:\n    mirrors:\n      bad:\n---\n{MIRROR}"


def test_an_entry_with_an_anchor_that_is_used_elsewhere_stays() -> None:
    text = SECTION.replace("[http://a]", "[&a http://a]") + "  env: {A: *a}\n"
    found, result = stays(text)
    assert found == ['a.yaml:5:9: warning[anchor-in-use]: mirrors["docker.io"] stays: line 6 refers to its anchor &a.']
    assert result == text


def test_an_anchor_is_needed_by_an_entry_that_stays() -> None:
    text = SECTION.replace("[http://a]", "&a [http://a, b]") + "      ghcr.io: {endpoints: *a}\n      quay.io: {}\n"
    found, result = stays(text)
    assert [one.split("[")[1].split("]")[0] for one in found] == ["endpoint-without-scheme", "endpoint-without-scheme"]
    assert result == text.replace(
        "      quay.io: {}\n", "---\napiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: quay.io\n"
    )


def test_what_would_crash_the_target_stays() -> None:
    text = "machine:\n  registries:\n    config:\n      a:\n        tls: {insecureSkipVerify: yes}\n"
    found, result = stays(text, "1.12.1")
    assert found == [
        "a.yaml:5:14: warning[known-defect]: config.a stays: Talos 1.12.1 crashes on a RegistryTLSConfig without clientIdentity; upgrade to 1.12.2 or later first."
    ]
    assert result == text
    assert "RegistryTLSConfig" in migrate(parse(text, talos_version="1.12.2"))


# What is said


def test_notes() -> None:
    text = f"""\
machine:
  registries:
    mirrors:
      docker.io: {{endpoints: [not a url]}}
    config:
      a: {{tls: {{}}}}
      b: {{auth: {{}}}}
      c: {{}}
---
{MIRROR}"""
    migration = to_documents(parse(text, filename="a.yaml"))
    assert migration.stays == ()
    assert [str(one) for one in migration.notes] == [
        'a.yaml:4:18: warning[shadowed-legacy]: mirrors["docker.io"] goes without a new document: the RegistryMirrorConfig of its name has replaced it already.',
        "a.yaml:6:16: info[empty-tls]: config.a has an empty tls; its document is as empty, and Talos' own puller still refuses http endpoints of that host.",
        "a.yaml:7:17: warning[empty-auth]: config.b has an empty auth; its document is as empty, and Talos' own puller still fails when that host asks it to log in.",
        "a.yaml:8:10: info[empty-entry]: config.c sets nothing; it goes without a document.",
    ]
    documents = parse(migration.text).documents
    assert [(one.kind, one.name) for one in documents] == [
        ("RegistryTLSConfig", "a"),
        ("RegistryAuthConfig", "b"),
        ("RegistryMirrorConfig", "docker.io"),
    ]


# What cannot be done


@pytest.mark.parametrize(
    ("text", "version", "said"),
    [
        (SECTION, "1.11", "Documents for registries need Talos 1.12; the target is 1.11."),
        ("a: [", "1.14", "A file that cannot be read as a whole is not changed (line 2: "),
        ("", "1.14", "There is no document in this file."),
        (f"{SECTION}---\n{SECTION}", "1.14", "There are several v1alpha1 documents in this file; Talos takes one."),
        ("machine: {registries: {mirrors: &m {a: {}}}}\n---\nmachine: {x: 1}", "1.14", "several v1alpha1 documents"),
        ("machine: &m\n  type: x\n  registries:\n    mirrors: {a: {}}\n---\nkind: X\napiVersion: v1\nm: *m\n", "1.14", "values that are not about registries would change"),
        ("machine:\n  registries:\n    mirrors:\n      ? a\n      : {}\n      b: {endpoints: [x]}\n", "1.14", "a key stands after a question mark"),
        ("machine:\n  env: &r {}\n  registries: *r\n", "1.14", "machine.registries is an alias (*r, line 3); write it out, then migrate it."),
        (SECTION.replace("mirrors:", "mirrors: &m") + "  env: *m\n", "1.14", "the result would be refused: This refers to an anchor"),
    ],
)  # fmt: skip
def test_refusals(text: str, version: str, said: str) -> None:
    with pytest.raises(MigrateError) as raised:
        migrate(parse(text, talos_version=version))
    assert said in str(raised.value)
    assert (raised.value.text, raised.value.entries) == (None, ())


def test_no_secret_is_shown() -> None:
    text = (
        "machine:\n  registries:\n    config:\n      a: {auth: {username: u, password: s3cret, identityToken: t0ken}}\n"
    )
    found, _ = stays(text)
    assert "s3cret" not in "".join(found)
    assert "t0ken" not in "".join(found)


def test_a_second_byte_order_mark_is_read_as_parse_reads_it() -> None:
    text = "\ufeffmachine:\n  registries:\n    mirrors:\n      a:\n        endpoints: [http://a]\n"
    config = parse(f"\ufeff{text}")
    assert [one.code for one in config.diagnostics] == ["missing-kind"]
    assert migrate(config) == text


def test_what_stays_is_named_without_control_characters() -> None:
    config = parse('machine: {registries: {config: {"h\\u007F": {tls: {ca: eA==}}}}}\n')
    with pytest.raises(MigrateError) as raised:
        migrate(config)
    assert [entry.message.isprintable() for entry in raised.value.entries] == [True]
