from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.certificates import CERTIFICATE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli, Write

K3S = "mirrors:\n  docker.io:\n    endpoint:\n      - https://m.example\n"
MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n    - url: https://m.example\n"
WITH_CA = "configs:\n  m.example:\n    tls:\n      ca_file: /etc/ssl/ca.pem\n"
HOSTS = '[host."https://m.example"]\n'


def missing(file: str, path: str = "/etc/ssl/ca.pem") -> str:
    return (
        f'{file}:4:16: error[import-node-file]: configs["m.example"].tls.ca_file names a file of the node that is not at'
        f' hand, "{path}"; what is in it is missing.'
    )


@pytest.fixture
def node(write: Write) -> str:
    """The disk of a node."""
    write("node/etc/ssl/ca.pem", CERTIFICATE)
    return "node"


def test_documents_are_printed(cli: Cli, write: Write) -> None:
    assert cli("import", write("registries.yaml", K3S)) == (0, MIRROR, "")


def test_standard_input_is_read(cli: Cli) -> None:
    assert cli("import", "-", stdin=K3S) == (0, MIRROR, "")
    assert cli("import", "-", "-", stdin=K3S) == (0, MIRROR, "")


def test_what_has_no_counterpart_is_told_and_the_rest_is_printed(cli: Cli, write: Write) -> None:
    name = write("config.json", '{"credsStore": "desktop"}')
    code, out, err = cli("import", name, write("registries.yaml", K3S))
    assert (code, out) == (1, MIRROR)
    assert err == (
        'config.json: error[import-no-counterpart]: credsStore has no counterpart: credentials are with the helper "desktop",'
        " which is not run.\n"
    )


def test_a_directory_of_containerd_is_read_whole(cli: Cli, write: Write) -> None:
    write("certs.d/docker.io/hosts.toml", HOSTS)
    write("certs.d/ghcr.io/hosts.toml", HOSTS)
    write("certs.d/ghcr.io/notes.txt", "")
    assert cli("import", "certs.d") == (0, f"{MIRROR}---\n{MIRROR.replace('docker.io', 'ghcr.io')}", "")
    assert cli("import", "certs.d/docker.io") == (0, MIRROR, "")


def test_a_single_hosts_toml_has_the_name_of_its_directory(
    cli: Cli, write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = write("certs.d/docker.io/hosts.toml", HOSTS)
    assert cli("import", name) == (0, MIRROR, "")
    monkeypatch.chdir(folder / "certs.d" / "docker.io")
    assert cli("import", "hosts.toml") == (0, MIRROR, "")
    assert cli("import", ".") == (0, MIRROR, "")


def test_certificates_are_read_below_the_root(cli: Cli, write: Write, node: str) -> None:
    indented = "".join(f"    {line}\n" for line in CERTIFICATE.splitlines())
    document = f"apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: m.example\nca: |\n{indented}"
    assert cli("import", write("registries.yaml", WITH_CA), "--root", node) == (0, document, "")


def test_without_a_root_certificates_are_named(cli: Cli, write: Write) -> None:
    code, out, err = cli("import", write("registries.yaml", WITH_CA))
    assert (code, out) == (1, "")
    assert err.splitlines() == ["talos-registry: there is nothing to import", missing("registries.yaml")]
    assert cli("import", "registries.yaml", "-q").err.splitlines() == [missing("registries.yaml")]


@pytest.mark.parametrize(
    "path", ["/../outside.pem", "/etc/ssl/../../../outside.pem", "/etc/link.pem", "/etc/dir/outside.pem"]
)
def test_no_path_leaves_the_root(cli: Cli, write: Write, folder: Path, node: str, path: str) -> None:
    write("outside.pem", CERTIFICATE)
    (folder / "node" / "etc" / "link.pem").symlink_to("../../outside.pem")
    (folder / "node" / "etc" / "dir").symlink_to(folder)
    code, out, err = cli("import", write("a.yaml", WITH_CA.replace("/etc/ssl/ca.pem", path)), "--root", node, "-q")
    assert (code, out, err) == (1, "", missing("a.yaml", path) + "\n")


@pytest.mark.parametrize("path", ["/etc/ssl", "/etc/none.pem", "/etc/pipe"])
def test_what_is_no_file_below_the_root_is_named(cli: Cli, write: Write, folder: Path, node: str, path: str) -> None:
    import os

    os.mkfifo(folder / "node" / "etc" / "pipe")
    outcome = cli("import", write("a.yaml", WITH_CA.replace("/etc/ssl/ca.pem", path)), "--root", node, "-q")
    assert outcome == (1, "", missing("a.yaml", path) + "\n")


def test_a_certificate_beside_a_hosts_toml_needs_no_root(cli: Cli, write: Write) -> None:
    write("certs.d/docker.io/hosts.toml", HOSTS + 'ca = "ca.crt"\n')
    write("certs.d/docker.io/ca.crt", CERTIFICATE)
    code, out, err = cli("import", "certs.d")
    assert (code, err) == (0, "")
    assert "kind: RegistryTLSConfig\nname: m.example\nca: |\n" in out
    write("certs.d/docker.io/hosts.toml", HOSTS + 'ca = "../../ca.crt"\n')
    write("ca.crt", CERTIFICATE)
    assert cli("import", "certs.d").code == 1


def test_what_cannot_be_read_is_an_error_and_the_rest_is_imported(cli: Cli, write: Write, folder: Path) -> None:
    (folder / "empty").mkdir()
    code, out, err = cli("import", "none.yaml", "empty", write("registries.yaml", K3S))
    assert (code, out) == (2, MIRROR)
    assert err.splitlines() == [
        "talos-registry: empty: no */hosts.toml in this directory",
        "talos-registry: none.yaml: No such file or directory",
    ]


def test_what_is_too_large_is_not_read(cli: Cli, write: Write) -> None:
    outcome = cli("import", write("a.yaml", b"#" * (16 * 1024 * 1024 + 1)))
    assert (outcome.code, outcome.out) == (1, "")
    assert "error[limit-exceeded]: The file is larger than the 16 MiB this tool reads." in outcome.err


def test_the_target_version_counts(cli: Cli, write: Write) -> None:
    outcome = cli("import", write("registries.yaml", K3S), "--talos-version", "1.11")
    assert (outcome.code, outcome.out) == (1, "")
    assert "registries.yaml:2:3: error[kind-needs-newer-talos]" in outcome.err


def test_a_file_is_required(cli: Cli) -> None:
    outcome = cli("import")
    assert (outcome.code, "Missing argument 'FILE...'" in outcome.err) == (2, True)


def test_nothing_that_is_secret_is_told(cli: Cli, write: Write) -> None:
    text = "configs: {m.example: {auth: {password: hunter2, auth: hunter2, identity_token: [hunter2]}}}\n"
    outcome = cli("import", write("registries.yaml", text))
    assert outcome.code == 1
    assert "hunter2" not in outcome.out + outcome.err
