from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.certificates import CERTIFICATE, KEY
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


def test_files_that_are_elsewhere_are_noted(registry: Cli, write: Write, folder: Path) -> None:
    write("tls.crt", CERTIFICATE)
    code, _, err = registry("docker.io", "--tls-cert", "tls.crt", "--tls-key", "tls.key")
    assert (code, err) == (0, f"talos-registry: {folder}/tls.key: not here; the cache needs it at this path\n")
    assert registry("--tls-cert", "tls.crt").err.endswith("Error: --tls-cert and --tls-key go together\n")


def test_a_ca_that_is_none_is_refused(registry: Cli, write: Write) -> None:
    write("ca.crt", "no certificate")
    write("tls.crt", CERTIFICATE)
    code, out, err = registry("docker.io", "--tls-cert", "tls.crt", "--tls-key", "tls.crt", "--ca", "ca.crt")
    assert (code, out) == (2, "")
    assert 'Error: Talos refuses RegistryTLSConfig "10.5.0.1:5000": ca holds no certificate that can be read' in err


@pytest.mark.parametrize("path", ["", "-", "."])
def test_paths_that_no_cache_can_read(registry: Cli, path: str) -> None:
    refusal = f'Error: "{path}" is no file that a cache can read'
    assert registry("--tls-cert", path, "--tls-key", path).err.splitlines()[-1] == refusal
    code, out, _ = registry("--htpasswd", path, "--username", "talos")
    assert (code, out) == (2, "")


def test_a_private_key_reaches_no_node(registry: Cli, cli: Cli, write: Write) -> None:
    write("both.pem", CERTIFICATE + KEY)
    write("tls.crt", CERTIFICATE)
    refusal = "Error: both.pem holds a private key, too; give the certificates alone"
    code, out, err = registry("docker.io", "--tls-cert", "tls.crt", "--tls-key", "tls.crt", "--ca", "both.pem")
    assert (code, out, err.splitlines()[-1]) == (2, "", refusal)
    assert cli("new", "tls", "h", "--ca-file", "both.pem").err.splitlines()[-1] == refusal


def test_documents_that_a_rule_warns_of_are_refused(registry: Cli, write: Write) -> None:
    write("server.crt", CERTIFICATE)
    write("tls.crt", CERTIFICATE)
    code, out, err = registry("docker.io", "--tls-cert", "tls.crt", "--tls-key", "tls.crt", "--ca", "server.crt")
    assert (code, out) == (2, "")
    assert err.endswith("(not-a-ca)\n")


def test_nothing_is_written_where_something_is_in_the_way(registry: Cli, folder: Path) -> None:
    (folder / "cache" / "README.md").mkdir(parents=True)
    refusal = "talos-registry: cache/README.md: is in the way, and no file. Nothing is written\n"
    assert registry("-o", "cache", "--force") == (2, "", refusal)
    assert [path.name for path in (folder / "cache").iterdir()] == ["README.md"]


def test_documents_are_for_their_owner_who_puts_a_password_in(registry: Cli, folder: Path) -> None:
    registry("-o", "cache")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder / "cache").iterdir()}
    assert modes == {"run.sh": 0o644, "talos.yaml": 0o600, "README.md": 0o644}


def test_one_output_at_a_time(registry: Cli) -> None:
    assert registry("--setup", "-o", "cache").err.endswith("Error: --setup and -o exclude each other\n")
    assert registry("--force").err.endswith("Error: --force is for the files that -o writes\n")
