from __future__ import annotations

import base64
import textwrap

import pytest

from talos_registry import MigrateError, emit, migrate, parse
from talos_registry.documents import ClientIdentity, RegistryTLSConfig
from tests.certificates import CERTIFICATE, KEY

MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n    - url: http://a\n"
AUTH = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a:5000\nusername: u\n"
HOSTNAME = "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: x\n"
MIRRORS = """\
machine:
    registries:
        mirrors:
            docker.io:
                endpoints:
                    - http://a
"""
CONFIG = """\
        config:
            a:5000:
                auth:
                    username: u
"""


def back(text: str) -> str:
    return migrate(parse(text), to="legacy")


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MIRROR, MIRRORS),
        (f"---\n{MIRROR}---\n{AUTH}", f"---\n{MIRRORS}{CONFIG}"),
        (f"{MIRROR}...\n", f"{MIRRORS}...\n"),
        (f"{HOSTNAME}---\n{MIRROR}", f"{HOSTNAME}---\n{MIRRORS}"),
        (f"{MIRROR}---\n{HOSTNAME}", f"---\n{HOSTNAME}---\n{MIRRORS}"),
        (f"{MIRROR}---\n{HOSTNAME}".removesuffix("\n"), f"---\n{HOSTNAME}---\n{MIRRORS}".removesuffix("\n")),
        (MIRROR.removesuffix("\n"), MIRRORS.removesuffix("\n")),
        (f"debug: no\n---\n{MIRROR}".removesuffix("\n"), f"debug: no\n{MIRRORS}"),
        (f"{MIRROR}---\ndebug: no", f"---\ndebug: no\n{MIRRORS}".removesuffix("\n")),
        (f"{MIRROR}---\nkind: X\napiVersion: |\n  v1", f"---\nkind: X\napiVersion: |-\n  v1\n---\n{MIRRORS}".removesuffix("\n")),
        (f"debug: no\n---\n{MIRROR}", f"debug: no\n{MIRRORS}"),
        (f"debug: no\nmachine:\n---\n{MIRROR}", f"debug: no\n{MIRRORS}"),
        (
            f"machine:\n  type: worker\ncluster: {{}}\n---\n{AUTH}",
            "machine:\n  type: worker\n  registries:\n    config:\n      a:5000:\n        auth:\n          username: u\ncluster: {}\n",
        ),
        (f"machine: {{type: worker}}\n---\n{AUTH}", "machine: {type: worker, registries: {config: {'a:5000': {auth: {username: u}}}}}\n"),
        (f"machine: {{type: worker}}\n---\n# a\n{AUTH}", "machine: {type: worker, registries: {config: {'a:5000': {auth: {username: u}}}}}\n# a\n"),
        (
            f"machine:\n  registries:\n    mirrors:\n      docker.io: {{skipFallback: yes}} # old\n      ghcr.io: {{}}\n---\n{MIRROR}",
            "machine:\n  registries:\n    mirrors:\n      docker.io: # old\n        endpoints:\n            - http://a\n      ghcr.io: {}\n",
        ),
        (
            f"machine:\n  registries:\n    config:\n      a:5000:\n        auth: {{username: old}}\n        tls: {{}}\n---\n{AUTH}",
            "machine:\n  registries:\n    config:\n      a:5000:\n        auth:\n          username: u\n        tls: {}\n",
        ),
        (f"machine:\n  registries:\n    mirrors:\n      docker.io: {{}}\n---\n{MIRROR}", "machine:\n  registries:\n    mirrors:\n      docker.io:\n        endpoints:\n            - http://a\n"),
        (f"{MIRROR}---\nmachine:\n    registries:\n        mirrors:\n            docker.io: {{}}", f"---\n{MIRRORS}".removesuffix("\n")),
        (f"{MIRROR}---\nmachine:\n    registries:\n        mirrors:\n            a: {{}}\n            docker.io: {{}}", f"---\n{MIRRORS}".replace("            d", "            a: {}\n            d").removesuffix("\n")),
        (f"{MIRROR}---\nmachine:\n    registries:", f"---\n{MIRRORS}".removesuffix("\n")),
        (HOSTNAME, HOSTNAME),
        (MIRRORS, MIRRORS),
    ],
)  # fmt: skip
def test_documents_become_entries_and_the_rest_stays(text: str, expected: str) -> None:
    assert back(text) == expected
    assert back(expected) == expected


def test_windows_line_ends_stay_windows_line_ends() -> None:
    text = f"debug: no\n---\n{MIRROR}".replace("\n", "\r\n")
    assert back(text) == f"debug: no\n{MIRRORS}".replace("\n", "\r\n")


def test_certificates_are_base64_again() -> None:
    identity = ClientIdentity.model_validate({"cert": CERTIFICATE, "key": KEY})
    tls = RegistryTLSConfig(name="a", ca=CERTIFICATE, client_identity=identity, insecure_skip_verify=False)
    assert (
        back(emit([tls]))
        == f"""\
machine:
    registries:
        config:
            a:
                tls:
                    clientIdentity:
                        crt: {encoded(CERTIFICATE)}
                        key: {encoded(KEY)}
                    ca: {encoded(CERTIFICATE)}
                    insecureSkipVerify: false
"""
    )


@pytest.mark.parametrize(
    ("flags", "written"),
    [
        (["", ""], ""),
        ([True, True], "overridePath: true\n"),
        ([False, False], "overridePath: false\n"),
        ([False, ""], "overridePath: false\n"),
    ],
)
def test_override_path_is_that_of_the_mirror(flags: list[bool | str], written: str) -> None:
    endpoints = "".join(
        f"  - url: http://{host}/x\n    overridePath: {flag}\n" for host, flag in zip("ab", flags, strict=True)
    )
    text = f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n{endpoints}"
    written = textwrap.indent(f"endpoints:\n  - http://a/x\n  - http://b/x\n{written}", " " * 8)
    assert back(text) == f"machine:\n  registries:\n    mirrors:\n      docker.io:\n{written}"


def test_comments_go_along() -> None:
    text = """\
# top
--- # marker
# hub
apiVersion: v1alpha1 # version
kind: RegistryMirrorConfig
# who
name: docker.io # name
endpoints: # list
    # first
    - url: http://a # one
      # as is
      overridePath: true # o
    # no more
# end
"""
    assert (
        back(text)
        == """\
# top
---
machine:
    registries:
        mirrors:
            # marker
            # hub
            # version
            # who
            docker.io: # name
                endpoints: # list
                    # first
                    - http://a # one
                    # no more
                # as is
                overridePath: true # o
# end
"""
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # an entry that is replaced
            """\
machine:
  registries:
    # all
    mirrors: # m
      ghcr.io: {} # other

      # above
      docker.io: # beside
        # in it
        endpoints: [http://old]
        # below
      # next
      quay.io: {}
---
# document
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
endpoints:
  - url: http://a # new
""",
            """\
machine:
  registries:
    # all
    mirrors: # m
      ghcr.io: {} # other

      # document
      # above
      docker.io: # beside
        # in it
        endpoints:
          - http://a # new
        # below
      # next
      quay.io: {}
""",
        ),
        (  # the only one
            """\
machine:
  registries:
    mirrors: # m
      # in it
      docker.io: {skipFallback: yes} # old
---
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
skipFallback: no # new
# end
""",
            """\
machine:
  registries:
    mirrors: # m
      # in it
      docker.io: # old
        endpoints: []
        skipFallback: false # new
# end
""",
        ),
    ],
)
def test_comments_of_what_is_replaced_stay(text: str, expected: str) -> None:
    assert back(text) == expected
    assert back(text.replace("\n", "\r\n")) == expected.replace("\n", "\r\n")


def test_what_the_legacy_section_cannot_say_stays_and_is_named() -> None:
    mixed = MIRROR.replace("docker.io", "ghcr.io") + "    - url: http://b/v2/x\n      overridePath: true\n"
    bad = MIRROR.replace("docker.io", "quay.io").replace("http://a", "a:1")
    with pytest.raises(MigrateError) as raised:
        migrate(parse(f"{mixed}---\n{bad}---\n{MIRROR}", filename="a.yaml"), to="legacy")
    assert [str(one) for one in raised.value.entries] == [
        'a.yaml:5:7: warning[override-per-endpoint]: RegistryMirrorConfig "ghcr.io" stays: its endpoints differ in overridePath, and the legacy section has one for all of them; give them paths that work with one.',
        'a.yaml:13:12: error[endpoint-without-scheme]: RegistryMirrorConfig "quay.io" stays: The endpoint "a:1" has no scheme; write https://a:1 or http://a:1.',
    ]
    assert raised.value.text == f"{mixed}---\n{bad}---\n{MIRRORS}"


def test_a_document_with_an_anchor_that_is_used_elsewhere_stays() -> None:
    text = f"{MIRROR.replace('http://a', '&a http://a')}---\ndebug: no\nmachine: {{env: {{A: *a}}}}\n"
    with pytest.raises(
        MigrateError, match=r"RegistryMirrorConfig \"docker.io\" stays: line 8 refers to its anchor &a\."
    ) as raised:
        back(text)
    assert raised.value.text == text


def test_the_target_may_be_older_than_documents() -> None:
    text = f"{MIRROR}skipFallback: true\n"
    flag = "                skipFallback: true\n"
    assert migrate(parse(text, talos_version="1.11"), to="legacy") == MIRRORS + flag
    with pytest.raises(MigrateError, match=r"skipFallback needs Talos 1\.9; the target is 1\.8\."):
        migrate(parse(text, talos_version="1.8"), to="legacy")


def test_a_value_that_talos_cannot_write_stays() -> None:
    auth = f'{AUTH}password: "\\ta\\nb"\n'
    with pytest.raises(MigrateError) as refusal:
        back(f"{MIRROR}---\n{auth}")
    assert [(one.code, one.path) for one in refusal.value.entries] == [("unwritable-value", (1, "password"))]
    assert refusal.value.text == f"---\n{auth}---\n{MIRRORS}"


def test_a_document_that_is_broken_after_a_template_marker_is_named() -> None:
    mirror = MIRROR.replace("http://a", "{{ a }}")
    with pytest.raises(MigrateError, match="A file that cannot be read as a whole is not changed"):
        back(f"{mirror}---\na: [ {{{{ b }}}}\n---\n{AUTH}")
