from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.certificates import CA, KEY

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

HASHED = "puller:$2y$05$" + "a" * 53 + "\n"  # bcrypt by its looks, which is all that is read
NOTE = (
    "talos-registry: config.json is for zot 2.1.21, which needs preserveDigest; from 2.1.22 on it is not."
    " Check it with: zot verify config.json\n"
)
WHERE = ("--url", "https://zot.example", "--zot-version", "2.1.21")


@pytest.fixture
def cache(cli: Cli) -> Cli:
    """Runs ``cache zot``."""
    return partial(cli, "cache", "zot")


def test_documents_are_printed_without_a_word(cache: Cli) -> None:
    document = (
        "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n"
        "    - url: https://zot.example/v2/docker.io\n      overridePath: true\n"
    )
    assert cache(*WHERE, "docker.io") == (0, document, "")


def test_documents_can_be_looked_up_and_are_clean(cli: Cli, cache: Cli) -> None:
    documents = cache(*WHERE).out
    assert cli("lint", "--fail-on", "warning", "-", stdin=documents).code == 0
    looked_up = cli(
        "resolve", "nginx", "registry.k8s.io/pause:3.10", "gcr.io/a/b", "ghcr.io/a/b", "-f", "-", stdin=documents
    )
    for url in (
        "https://zot.example/v2/docker.io/library/nginx/manifests/latest?ns=docker.io",
        "https://zot.example/v2/registry.k8s.io/pause/manifests/3.10?ns=registry.k8s.io",
        "https://zot.example/v2/gcr.io/a/b/manifests/latest?ns=gcr.io",
        "https://zot.example/v2/ghcr.io/a/b/manifests/latest?ns=ghcr.io",
    ):
        assert f"    1. {url}\n" in looked_up.out


def test_the_set_up_is_printed_with_what_it_cannot_say_on_stderr(cache: Cli) -> None:
    code, out, err = cache(*WHERE, "--setup")
    assert (code, err) == (0, NOTE)
    assert json.loads(out)["distSpecVersion"] == "1.1.1"
    assert cache(*WHERE, "--setup", "-q") == (0, out, "")


def test_all_files_are_written_and_nothing_is_replaced_unless_forced(cache: Cli) -> None:
    code, out, err = cache(*WHERE, "-o", "zot")
    assert (code, out) == (0, "")
    assert err == f"zot/config.json: written\nzot/talos.yaml: written\nzot/README.md: written\n{NOTE}"
    written = {path.name: path.read_text() for path in Path("zot").iterdir()}
    assert set(written) == {"config.json", "talos.yaml", "README.md"}
    refused = cache("--url", "https://other.example", "--zot-version", "2.1.22", "-o", "zot")
    assert refused == (
        2,
        "",
        "talos-registry: zot/config.json: already there; --force replaces it. Nothing is written\n",
    )
    assert {path.name: path.read_text() for path in Path("zot").iterdir()} == written
    assert cache("--url", "https://other.example", "--zot-version", "2.1.22", "-o", "zot", "--force", "-q") == (
        0,
        "",
        "",
    )
    assert "preserveDigest" in written["config.json"]
    assert "preserveDigest" not in Path("zot/config.json").read_text()


def test_files_of_zot_stay_where_they_are_and_are_named_by_their_whole_paths(
    cache: Cli, write: Write, folder: Path
) -> None:
    write("htpasswd", HASHED)
    write("tls.crt", CA)
    write("tls.key", KEY)
    args = (*WHERE, "--htpasswd", "htpasswd", "--tls-cert", "tls.crt", "--tls-key", "tls.key")
    assert cache(*args).out.endswith("name: zot.example\nusername: puller\npassword: ${ZOT_PASSWORD}\n")
    http = json.loads(cache(*args, "--setup").out)["http"]
    assert http["port"] == "443"
    assert http["tls"] == {"cert": str(folder / "tls.crt"), "key": str(folder / "tls.key")}
    assert http["auth"] == {"htpasswd": {"path": str(folder / "htpasswd")}}
    cache(*args, "-o", "zot")
    readme = Path("zot/README.md").read_text()
    assert readme.count(f"-v {folder}/htpasswd:{folder}/htpasswd:ro") == 2
    assert "$2y$" not in readme


def test_the_ca_is_for_the_nodes(cache: Cli, write: Write) -> None:
    write("ca.crt", CA)
    out = cache(*WHERE, "--ca", "ca.crt").out
    assert "kind: RegistryTLSConfig\nname: zot.example\nca: |\n    -----BEGIN CERTIFICATE-----\n" in out


def test_a_login_over_plain_http_is_complained_about(cache: Cli, write: Write) -> None:
    write("htpasswd", HASHED)
    outcome = cache("--url", "http://10.5.0.1:5000", "--zot-version", "2.1.22", "--htpasswd", "htpasswd", "-q")
    assert outcome.code == 0
    assert "warning[cleartext-credentials]" in outcome.err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--zot-version", "2.1.21"], "Missing option '--url'"),
        (["--url", "https://zot.example"], "Missing option '--zot-version'"),
        (["--url", "https://zot.example", "--zot-version", "2.1"], "the version of zot is three numbers"),
        (["--url", "https://zot.example", "--zot-version", "2.1.2"], "take 2.1.3 or newer"),
        (["--url", "https://zot.example/v2/", "--zot-version", "2.1.21"], "without a path"),
        ([*WHERE, "--tls-cert", "a"], "--tls-cert and --tls-key go together"),
        ([*WHERE, "--username", "u"], "--username is a user of an --htpasswd file"),
        ([*WHERE, "--htpasswd", "missing"], "missing: No such file or directory"),
        ([*WHERE, "--setup", "-o", "zot"], "--setup and -o exclude each other"),
        ([*WHERE, "docker.io", "docker.io"], '"docker.io" is there twice'),
        ([*WHERE, "docker.io/library"], "name it alone"),
        (
            ["--url", "http://zot.example", "--zot-version", "2.1.21", "--tls-cert", "a", "--tls-key", "b"],
            "a certificate is for a zot that speaks https",
        ),
    ],
)
def test_what_makes_no_working_cache_is_refused(cache: Cli, args: list[str], message: str, folder: Path) -> None:
    outcome = cache(*args, *([] if "-o" in args or "--setup" in args else ["-o", "zot"]))
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert list(folder.iterdir()) == []
