from __future__ import annotations

import json
import os
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from talos_registry.cli.folder import MANIFEST
from tests.unit.cli.samples import AUTH, GOOD

if TYPE_CHECKING:
    from tests.conftest import Cli, Write


def test_hosts_on_stdout_masks_secrets(cli: Cli) -> None:
    tls = (
        "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: m.example\nclientIdentity:\n"
        "  cert: |\n    -----BEGIN CERTIFICATE-----\n    Y2VydA==\n    -----END CERTIFICATE-----\n"
        "  key: |\n    -----BEGIN PRIVATE KEY-----\n    c2VjcmV0\n    -----END PRIVATE KEY-----\n"
    )
    outcome = cli("hosts", "-f", "-", stdin=f"{GOOD}---\n{AUTH}---\n{tls}")
    assert outcome.code == 0
    assert "# docker.io/hosts.toml\n[host]\n  [host.'http://10.5.0.1:5000']\n" in outcome.out
    assert "username = 'u'\n            password = '********'\n            auth = ''\n" in outcome.out
    assert "# m.example/m.example-client.key\n(not shown)\n" in outcome.out
    assert "Y2VydA==" in outcome.out
    assert "p4ss" not in outcome.out
    assert "c2VjcmV0" not in outcome.out


def test_hosts_on_stdout_masks_private_keys_among_certificates(cli: Cli) -> None:
    pem = (
        "-----BEGIN CERTIFICATE-----\nY2VydA==\n-----END CERTIFICATE-----\n"
        "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n-----END EC PRIVATE KEY-----\n"
    )
    both = b64encode(pem.encode()).decode()
    tls = f"ca: {both}, clientIdentity: {{crt: {both}, key: {both}}}"
    outcome = cli("hosts", "-f", "-", stdin=f"machine: {{registries: {{config: {{m: {{tls: {{{tls}}}}}}}}}}}\n")
    assert outcome.code == 0
    assert outcome.out.count("Y2VydA==\n-----END CERTIFICATE-----\n(not shown)\n") == 2
    assert "c2VjcmV0" not in outcome.out


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_hosts_writes_private_files(cli: Cli) -> None:
    old_umask = os.umask(0o022)
    try:
        outcome = cli("hosts", "-f", "-", "-o", "node/hosts", stdin=f"{GOOD}---\n{AUTH}")
    finally:
        os.umask(old_umask)
    assert outcome == (0, "", "2 files written below node/hosts\n")
    written = Path("node/hosts")
    assert "password = 'p4ss'" in (written / "01-registries.part").read_text()
    assert {mode(path) for path in [written, written / "docker.io"]} == {0o700}
    assert {mode(path) for path in written.glob("**/*") if path.is_file()} == {0o600}


def test_hosts_makes_a_file_private_that_was_not(cli: Cli, write: Write) -> None:
    write("out/01-registries.part", "old")
    Path("out/01-registries.part").chmod(0o644)
    cli("hosts", "-f", "-", "-o", "out", stdin=AUTH)
    assert mode(Path("out/01-registries.part")) == 0o600


@pytest.mark.parametrize("name", ["../../evil", "/evil", "a/../../../evil"])
def test_hosts_writes_nothing_outside_the_directory(cli: Cli, name: str, folder: Path) -> None:
    outcome = cli("hosts", "-f", "-", "-o", "deep/out", stdin=f"{GOOD}---\n{GOOD.replace('docker.io', name)}")
    assert (outcome.code, outcome.out) == (1, "")
    assert "is no name below deep/out; nothing is written." in outcome.err
    assert list(folder.iterdir()) == []


def written(directory: str) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes() for path in Path(directory).rglob("*") if path.is_file()
    }


def test_hosts_removes_what_an_earlier_run_wrote_and_nothing_else(cli: Cli, write: Write) -> None:
    gone = GOOD.replace("docker.io", "gone.example")
    cli("hosts", "-f", "-", "-o", "out", stdin=f"{GOOD}---\n{gone}")
    write("out/gone.example/notes", "mine")
    write("out/other.example/hosts.toml", "mine")
    assert "gone.example/hosts.toml" in written("out")
    expected = "2 files written below out, 1 of an earlier run removed\n"
    assert cli("hosts", "-f", "-", "-o", "out", stdin=GOOD) == (0, "", expected)
    assert set(written("out")) == {
        ".talos-registry-hosts.json",
        "01-registries.part",
        "docker.io/hosts.toml",
        "gone.example/notes",
        "other.example/hosts.toml",
    }
    Path("out/gone.example/notes").unlink()
    assert cli("hosts", "-f", "-", "-o", "out", stdin=gone).err == expected
    assert not Path("out/docker.io").exists()


@pytest.mark.parametrize(
    "names", [("a/b", "./a/b"), ("a/b", "a//b"), ("a", "a/hosts.toml"), ("01-registries.part",), (MANIFEST,)]
)
def test_hosts_refuses_names_that_collide_before_it_writes(cli: Cli, folder: Path, names: tuple[str, ...]) -> None:
    text = "---\n".join(GOOD.replace("docker.io", name) for name in ("first.example", *names))
    outcome = cli("hosts", "-f", "-", "-o", "out", stdin=text)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.endswith(" cannot both be below out; nothing is written.\n")
    assert list(folder.iterdir()) == []


def test_hosts_follows_no_link_out_of_the_directory(cli: Cli, write: Write) -> None:
    write("elsewhere/hosts.toml", "mine")
    Path("out").mkdir()
    Path("out/docker.io").symlink_to("../elsewhere")
    outcome = cli("hosts", "-f", "-", "-o", "out", stdin=f"{GOOD}---\n{GOOD.replace('docker.io', 'a.example')}")
    assert outcome.code == 2
    assert outcome.err.endswith("out/docker.io is a link out of out; nothing is written\n")
    assert written("elsewhere") == {"hosts.toml": b"mine"}
    assert written("out") == {}


def test_hosts_replaces_a_link_instead_of_what_it_points_to(cli: Cli, write: Write) -> None:
    write("mine", "mine")
    Path("out/docker.io").mkdir(parents=True)
    Path("out/docker.io/hosts.toml").symlink_to("../../mine")
    assert cli("hosts", "-f", "-", "-o", "out", stdin=GOOD).code == 0
    assert Path("mine").read_text() == "mine"
    assert not Path("out/docker.io/hosts.toml").is_symlink()


@pytest.mark.parametrize("names", [["../mine"], ["/etc/passwd"], ["link/mine"], ["a\0b", 1, None]])
def test_a_list_of_files_that_somebody_else_wrote_removes_nothing_outside(
    cli: Cli, write: Write, names: list[object]
) -> None:
    write("mine", "mine")
    write("elsewhere/mine", "mine")
    write("out/.talos-registry-hosts.json", json.dumps({"version": 1, "files": names}))
    Path("out/link").symlink_to("../elsewhere")
    cli("hosts", "-f", "-", "-o", "out", stdin=GOOD)
    assert (written("."))["mine"] == written("elsewhere")["mine"] == b"mine"


@pytest.mark.parametrize("content", ["{", "[]", '{"files": 1}', "[" * 100_000])
def test_a_list_of_files_that_is_none_stops_hosts(cli: Cli, write: Write, content: str) -> None:
    write("out/.talos-registry-hosts.json", content)
    outcome = cli("hosts", "-f", "-", "-o", "out", stdin=GOOD)
    assert outcome.code == 2
    assert outcome.err.endswith(": this is no list of files of an earlier run; nothing is written\n")
    assert list(written("out")) == [".talos-registry-hosts.json"]


def test_hosts_that_fails_halfway_leaves_the_old_files(cli: Cli) -> None:
    cli("hosts", "-f", "-", "-o", "out", stdin=f"{GOOD}---\n{AUTH}")
    before = written("out")
    Path("out/a.example/hosts.toml").mkdir(parents=True)
    outcome = cli(
        "hosts",
        "-f",
        "-",
        "-o",
        "out",
        stdin=f"{GOOD.replace('10.5', '10.6')}---\n{GOOD.replace('docker.io', 'a.example')}",
    )
    assert (outcome.code, outcome.err) == (2, "talos-registry: out: not written: Is a directory\n")
    assert [name for name in written("out") if name.endswith("hosts.toml")] == ["docker.io/hosts.toml"]
    assert written("out")["docker.io/hosts.toml"] == before["docker.io/hosts.toml"]


def test_hosts_says_what_talos_says_where_it_generates_nothing(cli: Cli) -> None:
    tls = "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: '*'\ninsecureSkipVerify: true\n"
    assert cli("hosts", "-f", "-", stdin=tls) == (
        1,
        "",
        "talos-registry: error generating CRI registry hosts: wildcard host TLS configuration is not supported\n",
    )


def test_hosts_cannot_write_over_a_file(cli: Cli, write: Write) -> None:
    write("file", "")
    assert cli("hosts", "-f", "-", "-o", "file/out", stdin=GOOD).code == 2


@pytest.mark.parametrize("name", ["a\\0b", "a/../../b"])
def test_hosts_writes_no_name_that_is_none(cli: Cli, name: str, folder: Path) -> None:
    text = f'apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: "{name}"\n'
    outcome = cli("hosts", "-f", "-", "-o", "out", stdin=text)
    assert (outcome.code, outcome.out) == (1, "")
    assert list(folder.iterdir()) == []


def test_hosts_on_stdout_masks_user_and_password_of_a_url_in_the_place_of_a_user(cli: Cli) -> None:
    outcome = cli(
        "hosts", "-f", "-", stdin=f"{GOOD}---\n{AUTH.replace('username: u', 'username: https://u:s3cret@h/')}"
    )
    assert "username = 'https://***@h/'" in outcome.out


def test_files_are_those_of_the_version(cli: Cli, tmp_path: Path) -> None:
    tab = AUTH.replace("username: u", 'username: "a\\tb"')
    for version, written in (("1.13", "'a\tb'"), ("1.14", '"a\\tb"')):
        assert cli("hosts", "-", "-o", version, "--talos-version", version, stdin=tab).code == 0
        assert f"username = {written}\n" in (tmp_path / version / "01-registries.part").read_text(encoding="utf-8")
