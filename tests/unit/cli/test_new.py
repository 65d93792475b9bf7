from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.certificates import CERTIFICATE, KEY
from tests.unit.cli.samples import AUTH, BAD

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

MIRROR = """\
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
endpoints:
    - url: http://10.5.0.1:5000
"""


@pytest.fixture
def new(cli: Cli) -> Cli:
    """Runs ``new``."""
    return partial(cli, "new")


def test_mirror(new: Cli) -> None:
    assert new("mirror", "docker.io", "http://10.5.0.1:5000") == (0, MIRROR, "")
    out = new("mirror", "*", "https://h/v2/a", "https://h/v2/b", "--override-path", "--skip-fallback").out
    assert out == (
        "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: '*'\nendpoints:\n"
        "    - url: https://h/v2/a\n      overridePath: true\n    - url: https://h/v2/b\n      overridePath: true\n"
        "skipFallback: true\n"
    )


def test_auth(new: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    head = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: h:5000\n"
    assert new("auth", "h:5000", "--username", "u", "--password-stdin", stdin="p4ss\r\n") == (
        0,
        f"{head}username: u\npassword: p4ss\n",
        "",
    )
    monkeypatch.setenv("PASSWORD", "0123")
    assert new("auth", "h:5000", "--username", "u", "--password-env", "PASSWORD").out.endswith('password: "0123"\n')
    assert new("auth", "h:5000", "--identity-token-stdin", stdin="t") == (0, f"{head}identityToken: t\n", "")
    assert new("auth", "h:5000", "--auth-env", "PASSWORD").out == f'{head}auth: "0123"\n'


def test_tls(cli: Cli, write: Write, new: Cli) -> None:
    write("ca.crt", CERTIFICATE)
    write("client.crt", CERTIFICATE.replace("\n", "\r\n"))
    write("client.key", KEY)
    code, out, _ = new(
        "tls", "h:5000", "--ca-file", "ca.crt", "--client-cert", "client.crt", "--client-key", "client.key"
    )
    pem = "".join(f"        {line}\n" for line in CERTIFICATE.splitlines())
    assert code == 0
    assert f"clientIdentity:\n    cert: |\n{pem}    key: |\n" in out
    assert cli("validate", "-", stdin=out).code == 0
    assert "insecureSkipVerify: true\n" in new("tls", "h:5000", "--insecure-skip-verify").out


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["mirror", "docker.io", "10.5.0.1:5000"], 1, "talos-registry: error[endpoint-without-scheme]: The endpoint"),
        (["mirror", "", "http://a"], 1, "talos-registry: error[missing-name]"),
        (["auth", "a", "--username", "u", "--identity-token-stdin"], 1, "talos-registry: error[conflicting-auth]"),
        (["mirror", "a", "http://u:s3cret@a"], 2, "an endpoint takes no user and password"),
        (["mirror", "a", "--talos-version", "1.11"], 1, "talos-registry: error[kind-needs-newer-talos]"),
        (["auth", "a", "--password-stdin", "--auth-stdin"], 2, "standard input holds one secret"),
        (["auth", "a", "--password-stdin", "--password-env", "A"], 2, "exclude each other"),
        (["auth", "a", "--password-env", "UNSET_HERE"], 2, "the variable UNSET_HERE is not set"),
        (["auth", "a", "--password", "p4ss"], 2, "No such option"),
        (["tls", "a", "--ca-file", "missing.crt"], 2, "missing.crt: No such file or directory"),
        (["tls", "a", "--ca-file", "empty.crt"], 2, "empty.crt is empty"),
        (["tls", "a", "--ca-file", "der.crt"], 2, "der.crt is no PEM text"),
        (["tls", "a", "--ca-file", "text.crt"], 1, "talos-registry: error[invalid-ca]"),
        (["tls", "a", "--client-cert", "text.crt"], 2, "go together"),
        (
            ["mirror", "a", "http://b", "-a", "no/missing.yaml"],
            2,
            "no/missing.yaml: not written: No such file or directory",
        ),
        (["mirror", "a", "http://b", "-a", "-"], 2, "standard input cannot be appended to"),
        (["mirror", "a", "http://b", "-a", "wide.yaml"], 2, "wide.yaml is UTF-16"),
        (["mirror", "a", "http://b", "-a", "."], 2, ". is no file; name the one to append to"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_printed(
    write: Write, new: Cli, args: list[str], code: int, message: str
) -> None:
    write("empty.crt", "\n")
    write("der.crt", b"\x30\x82\xff")
    write("text.crt", "hello")
    write("wide.yaml", MIRROR.encode("utf-16"))
    outcome = new(*args, stdin="s3cret")
    assert (outcome.code, outcome.out) == (code, "")
    assert message in outcome.err
    assert "s3cret" not in outcome.err
    assert "p4ss" not in outcome.err


def test_standard_input_that_is_empty_is_no_password(new: Cli) -> None:
    assert new("auth", "a", "--password-stdin", stdin="\n").code == 2


def test_what_the_rules_say_goes_to_standard_error(new: Cli) -> None:
    code, out, err = new("mirror", "registry-1.docker.io", "http://a")
    assert (code, out.splitlines()[2]) == (0, "name: registry-1.docker.io")
    assert err.startswith("talos-registry: warning[docker-hub-mirror-name]: ")


# Appending


def test_append(write: Write, new: Cli) -> None:
    write("a.yaml", f"# mine\n{AUTH}# end")
    code, out, err = new("mirror", "docker.io", "http://10.5.0.1:5000", "-a", "a.yaml")
    assert (code, out) == (0, "")
    warning, added = err.splitlines()
    assert warning.startswith("talos-registry: warning[cleartext-credentials]: ")
    assert added == 'a.yaml: RegistryMirrorConfig "docker.io" added'
    assert Path("a.yaml").read_text(encoding="utf-8") == f"# mine\n{AUTH}# end\n---\n{MIRROR}"


def test_a_second_one_is_refused(write: Write, new: Cli) -> None:
    write("a.yaml", MIRROR)
    code, out, err = new("mirror", "docker.io", "http://b", "--append", "a.yaml")
    assert (code, out) == (1, "")
    assert err == 'talos-registry: a.yaml: there is already a document RegistryMirrorConfig "docker.io"\n'
    assert Path("a.yaml").read_text(encoding="utf-8") == MIRROR


def test_nothing_is_added_to_a_file_that_talos_refuses(write: Write, new: Cli) -> None:
    code, out, err = new("mirror", "ghcr.io", "http://b", "-a", write("a.yaml", BAD))
    assert (code, out) == (1, "")
    assert err.endswith("talos-registry: a.yaml: nothing is added to a file that Talos refuses\n")
    assert Path("a.yaml").read_text(encoding="utf-8") == BAD


def test_a_file_without_documents_is_begun(write: Write, new: Cli) -> None:
    assert new("mirror", "docker.io", "http://10.5.0.1:5000", "-a", write("a.yaml", "# mine\n")).code == 0
    assert Path("a.yaml").read_text(encoding="utf-8") == f"# mine\n{MIRROR}"


def test_a_mirror_through_the_cache_of_a_product(new: Cli) -> None:
    code, out, err = new("mirror", "docker.io", "gitlab.example/group", "--for", "gitlab")
    assert (code, out) == (
        0,
        (
            "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n"
            "    - url: https://gitlab.example/v2/group/dependency_proxy/containers\n      overridePath: true\n"
        ),
    )
    assert err.startswith("talos-registry: GitLab wants a login")
    code, out, err = new("mirror", "ghcr.io", "gitlab.example/group", "--for", "gitlab")
    assert (code, out) == (2, "")
    assert err.endswith('Error: gitlab caches the images of docker.io alone, not of "ghcr.io"\n')
    assert new("mirror", "docker.io", "--for", "ecr").code == 2
