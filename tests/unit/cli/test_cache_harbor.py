from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.certificates import CA
from tests.guide.samples import HARBOR

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

NEEDED = "talos-registry: harbor.sh needs curl, jq, and the password of Harbor's administrator in HARBOR_ADMIN_PASSWORD"
WHERE = ("--url", "https://harbor.example")


@pytest.fixture
def cache(cli: Cli) -> Cli:
    """Runs ``cache harbor``."""
    return partial(cli, "cache", "harbor")


@pytest.mark.parametrize("args", [(), ("--public",), ("--retention", "keep", "--prefix", "proxy-")])
def test_the_documents_of_the_guide_are_printed(cache: Cli, args: tuple[str, ...]) -> None:
    assert cache("--url", "http://harbor", *args) == (0, HARBOR, "")


def test_documents_with_a_robot_can_be_looked_up_and_are_clean(cli: Cli, cache: Cli) -> None:
    code, documents, err = cache(*WHERE, "--robot", "talos")
    assert (code, err) == (0, "")
    assert documents.endswith("name: harbor.example\nusername: robot$talos\npassword: ${HARBOR_PASSWORD}\n")
    assert cli("lint", "--fail-on", "warning", "-", stdin=documents).code == 0
    looked_up = cli("resolve", "nginx", "registry.k8s.io/pause:3.10", "-f", "-", stdin=documents).out
    for url in (
        "https://harbor.example/v2/proxy-docker.io/library/nginx/manifests/latest?ns=docker.io",
        "https://harbor.example/v2/proxy-registry.k8s.io/pause/manifests/3.10?ns=registry.k8s.io",
    ):
        assert f"    1. {url}\n" in looked_up
    assert "credentials of RegistryAuthConfig harbor.example" in looked_up


def test_the_set_up_is_printed_with_what_it_needs_on_stderr(cache: Cli) -> None:
    code, out, err = cache(*WHERE, "--setup", "--retention", "14", "quay.io")
    assert (code, err) == (0, f"{NEEDED}\n")
    assert '"params": {"nDaysSinceLastPull": 14}' in out
    assert "\ncache proxy-quay.io docker-registry https://quay.io\n" in out
    assert cache(*WHERE, "--setup", "-q").err == ""


def test_all_files_are_written_and_nothing_is_replaced_unless_forced(cache: Cli) -> None:
    code, out, err = cache(*WHERE, "-o", "harbor")
    assert (code, out) == (0, "")
    assert err == f"harbor/harbor.sh: written\nharbor/talos.yaml: written\nharbor/README.md: written\n{NEEDED}\n"
    written = {path.name: path.read_text() for path in Path("harbor").iterdir()}
    assert set(written) == {"harbor.sh", "talos.yaml", "README.md"}
    assert cache("--url", "https://other.example", "-o", "harbor") == (
        2,
        "",
        "talos-registry: harbor/harbor.sh: already there; --force replaces it. Nothing is written\n",
    )
    assert {path.name: path.read_text() for path in Path("harbor").iterdir()} == written
    assert cache("--url", "https://other.example", "-o", "harbor", "--force", "-q") == (0, "", "")
    assert "url=https://other.example\n" in Path("harbor/harbor.sh").read_text()


def test_the_ca_is_for_the_nodes_and_for_curl(cache: Cli, write: Write) -> None:
    write("ca.crt", CA)
    assert "kind: RegistryTLSConfig\nname: harbor.example\nca: |\n" in cache(*WHERE, "--ca", "ca.crt").out
    assert CA in cache(*WHERE, "--ca", "ca.crt", "--setup").out


def test_credentials_over_plain_http_are_complained_about(cache: Cli) -> None:
    outcome = cache("--url", "http://harbor", "--robot", "talos", "--setup")
    assert outcome.code == 0
    assert outcome.err.startswith("talos-registry: warning[cleartext-credentials]: ")
    assert outcome.err.endswith(f"{NEEDED}, which http shows to whoever listens\n")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "Missing option '--url'"),
        (["--url", "https://harbor.example/v2/"], "without a path"),
        ([*WHERE, "--public", "--robot", "talos"], "--public and --robot exclude each other"),
        ([*WHERE, "--public", "--robot", ""], "--public and --robot exclude each other"),
        ([*WHERE, "--robot", "robot$talos"], "leave out robot$, which Harbor adds itself"),
        ([*WHERE, "--prefix", "Proxy-"], 'the project for docker.io would be "Proxy-docker.io"'),
        ([*WHERE, "--retention", "7d"], "Invalid value for '--retention': write keep, or a number of days"),
        ([*WHERE, "--retention", "-1"], "Invalid value for '--retention': write keep, or a number of days"),
        ([*WHERE, "--retention", "0"], "images are kept for 1 to 20190904 days, not for 0"),
        ([*WHERE, "--setup", "-o", "harbor"], "--setup and -o exclude each other"),
        ([*WHERE, "docker.io/library"], "name it alone"),
        (["--url", "http://harbor.example", "--ca", "ca.crt"], "a CA is for a cache that speaks https"),
    ],
)
def test_what_makes_no_working_cache_is_refused(cache: Cli, write: Write, args: list[str], message: str) -> None:
    write("ca.crt", CA)
    outcome = cache(*args)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
