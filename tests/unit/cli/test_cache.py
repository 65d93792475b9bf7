from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.certificates import CERTIFICATE
from tests.guide.samples import FOUR_CACHES

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

COMMANDS = (Path(__file__).parents[2] / "guide" / "four-caches.sh").read_text(encoding="utf-8")
USERS = "talos:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC\n"


@pytest.fixture
def registry(cli: Cli) -> Cli:
    """Runs ``cache registry`` with the address of the guide."""
    return partial(cli, "cache", "registry", "--address", "10.5.0.1")


def test_documents_are_printed(registry: Cli) -> None:
    assert registry() == (0, FOUR_CACHES, "")


def test_the_set_up_is_printed(registry: Cli) -> None:
    assert registry("--setup") == (0, COMMANDS, "")


def test_documents_can_be_looked_up_at_once(cli: Cli, registry: Cli) -> None:
    out = cli("resolve", "nginx", "-f", "-", stdin=registry().out).out
    assert "http://10.5.0.1:5000/v2/library/nginx/manifests/latest?ns=docker.io" in out


def test_all_files_are_written(registry: Cli, folder: Path) -> None:
    code, out, err = registry("-o", "cache")
    assert (code, out) == (0, "")
    assert err.splitlines() == [f"cache/{name}: written" for name in ("run.sh", "talos.yaml", "README.md")]
    assert (folder / "cache" / "run.sh").read_text() == COMMANDS
    assert (folder / "cache" / "talos.yaml").read_text() == FOUR_CACHES


def test_nothing_is_overwritten_unless_forced(registry: Cli, write: Write, folder: Path) -> None:
    write("cache/talos.yaml", "mine")
    refusal = "talos-registry: cache/talos.yaml: already there; --force replaces it. Nothing is written\n"
    assert registry("-o", "cache") == (2, "", refusal)
    assert [path.name for path in (folder / "cache").iterdir()] == ["talos.yaml"]
    assert (folder / "cache" / "talos.yaml").read_text() == "mine"
    assert registry("-o", "cache", "--force", "-q") == (0, "", "")
    assert (folder / "cache" / "talos.yaml").read_text() == FOUR_CACHES


def test_what_makes_no_cache_is_wrong_usage(registry: Cli) -> None:
    code, out, err = registry("registry-1.docker.io")
    assert (code, out) == (2, "")
    assert err.endswith(
        'Error: "registry-1.docker.io" is where docker.io lives; images are named docker.io/..., so say docker.io\n'
    )


def test_nodes_log_in_as_the_only_user_and_are_told_that_http_shows_it(
    registry: Cli, write: Write, folder: Path
) -> None:
    write("users", USERS)
    code, out, err = registry("docker.io", "--htpasswd", "users")
    assert code == 0
    assert out.endswith("name: 10.5.0.1:5000\nusername: talos\npassword: ${REGISTRY_PASSWORD}\n")
    assert err.startswith("talos-registry: warning[cleartext-credentials]: ")
    assert f"-v {folder}/users:/etc/registry/htpasswd:ro" in registry("--htpasswd", "users", "--setup").out


def test_one_of_several_users_is_chosen(registry: Cli, write: Write) -> None:
    write("users", USERS + USERS.replace("talos", "ci"))
    assert registry("--htpasswd", "users").err.endswith("Error: --username has to be one of: talos, ci\n")
    assert "username: ci\n" in registry("--htpasswd", "users", "--username", "ci").out
    assert registry("--username", "ci").err.endswith("Error: --username is a user of an --htpasswd file\n")


def test_a_missing_file_of_users(registry: Cli) -> None:
    code, out, err = registry("--htpasswd", "users")
    assert (code, out) == (2, "")
    assert err == (
        "talos-registry: users: No such file or directory\n"
        "talos-registry: make such a file with: htpasswd -nB NAME > FILE\n"
    )


def test_files_that_are_elsewhere_are_noted(registry: Cli, write: Write) -> None:
    write("tls.crt", CERTIFICATE)
    code, _, err = registry("docker.io", "--tls-cert", "tls.crt", "--tls-key", "tls.key")
    assert (code, err) == (0, "talos-registry: tls.key: not here; the cache needs it at this path\n")
    assert registry("--tls-cert", "tls.crt").err.endswith("Error: --tls-cert and --tls-key go together\n")


def test_a_ca_that_is_none_is_refused(registry: Cli, write: Write) -> None:
    write("ca.crt", "no certificate")
    write("tls.crt", CERTIFICATE)
    code, out, err = registry("docker.io", "--tls-cert", "tls.crt", "--tls-key", "tls.crt", "--ca", "ca.crt")
    assert (code, out) == (2, "")
    assert 'Error: Talos refuses RegistryTLSConfig "10.5.0.1:5000": ca holds no certificate that can be read' in err


@pytest.mark.parametrize("text", ["docker.io", "=me", "docker.io="])
def test_a_user_without_a_host(registry: Cli, text: str) -> None:
    code, _, err = registry("--upstream-username", text)
    assert (code, err.splitlines()[-1]) == (2, "Error: Invalid value for '--upstream-username': write HOST=USER")


def test_two_users_for_a_host(registry: Cli) -> None:
    code, _, err = registry("--upstream-username", "docker.io=a", "--upstream-username", "docker.io=b")
    assert (code, err.splitlines()[-1]) == (2, "Error: Invalid value for '--upstream-username': each HOST has one")


def test_one_output_at_a_time(registry: Cli) -> None:
    assert registry("--setup", "-o", "cache").err.endswith("Error: --setup and -o exclude each other\n")
