"""What Compose and a shell make of the files that ``cache registry`` writes, read by themselves, without an engine."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Literal

import pytest

from talos_registry.caches import RegistryCache
from tests.e2e.containers import Container, Told, composed, said_to_docker, told_to_docker

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.components import Components

pytestmark = pytest.mark.e2e
HUB = "https://registry-1.docker.io"
# What shells, YAML and Compose read something into.
HOSTILE = """a b'c"d$HOME${e}$$`id`\\f#g*!~é- h"""
CERTIFICATE, KEY, USERS = f"/srv/{HOSTILE}.crt", f"/srv/{HOSTILE}/key", f"/srv/users of {HOSTILE}"
MOUNTED = {"/etc/registry/tls.crt": CERTIFICATE, "/etc/registry/tls.key": KEY, "/etc/registry/htpasswd": USERS}
GUARDED = {
    "REGISTRY_HTTP_TLS_CERTIFICATE": "/etc/registry/tls.crt",
    "REGISTRY_HTTP_TLS_KEY": "/etc/registry/tls.key",
    "REGISTRY_AUTH_HTPASSWD_REALM": "cache",
    "REGISTRY_AUTH_HTPASSWD_PATH": "/etc/registry/htpasswd",
}
SECRETS = {"DOCKER_IO_PASSWORD": "p$HOME'\"`id` $$", "REG_EXAMPLE_5000_PASSWORD": "second"}


def plain(form: Literal["run", "compose"]) -> RegistryCache:
    return RegistryCache(hosts=("docker.io", "reg.example:5000"), address="10.5.0.1", form=form)


def hostile(form: Literal["run", "compose"]) -> RegistryCache:
    return RegistryCache(
        hosts=("docker.io", "ghcr.io", "reg.example:5000=http://10.0.0.1:5000"),
        address="10.5.0.1",
        port=6000,
        image="registry:3",
        ttl="72h",
        form=form,
        tls=(CERTIFICATE, KEY),
        htpasswd=USERS,
        username="puller",
        upstream_usernames=(f"docker.io={HOSTILE}", "reg.example:5000=robot$proxy"),
    )


def written(directory: Path, cache: RegistryCache) -> Path:
    file = directory / cache.setup_file
    file.write_text(cache.setup, encoding="utf-8")
    return file


def test_compose_reads_the_plain_file(components: Components, tmp_path: Path) -> None:
    told = {"REGISTRY_STORAGE_DELETE_ENABLED": "true"}
    health = "http://127.0.0.1:5000/"
    assert composed(written(tmp_path, plain("compose")), components.docker_compose) == [
        Container(
            "registry-docker.io",
            "registry:2",
            {"REGISTRY_PROXY_REMOTEURL": HUB, **told},
            {"/var/lib/registry": "docker.io"},
            5000,
            "always",
            health,
        ),
        Container(
            "registry-reg.example-5000",
            "registry:2",
            {"REGISTRY_PROXY_REMOTEURL": "https://reg.example:5000", **told},
            {"/var/lib/registry": "reg.example-5000"},
            5001,
            "always",
            health,
        ),
    ]


def test_compose_fills_in_passwords_and_nothing_else(components: Components, tmp_path: Path) -> None:
    hub, ghcr, own = composed(written(tmp_path, hostile("compose")), components.docker_compose, **SECRETS)
    common = {"REGISTRY_PROXY_TTL": "72h", **GUARDED}
    assert hub.environment == common | {
        "REGISTRY_PROXY_REMOTEURL": HUB,
        "REGISTRY_PROXY_USERNAME": HOSTILE,
        "REGISTRY_PROXY_PASSWORD": SECRETS["DOCKER_IO_PASSWORD"],
    }
    assert ghcr.environment == common | {"REGISTRY_PROXY_REMOTEURL": "https://ghcr.io"}
    assert own.environment == common | {
        "REGISTRY_PROXY_REMOTEURL": "http://10.0.0.1:5000",
        "REGISTRY_PROXY_USERNAME": "robot$proxy",
        "REGISTRY_PROXY_PASSWORD": "second",
    }
    assert [one.mounts for one in (hub, ghcr, own)] == [
        {"/var/lib/registry": volume, **MOUNTED} for volume in ("docker.io", "ghcr.io", "reg.example-5000")
    ]
    assert [one.port for one in (hub, ghcr, own)] == [6000, 6001, 6002]
    assert hub.health == "https://127.0.0.1:5000/"


@pytest.mark.parametrize("missing", SECRETS)
@pytest.mark.parametrize("empty", [True, False])
def test_compose_starts_nothing_without_a_password(
    components: Components, tmp_path: Path, missing: str, empty: bool
) -> None:
    others = {name: value for name, value in SECRETS.items() if name != missing} | ({missing: ""} if empty else {})
    with pytest.raises(subprocess.CalledProcessError) as refused:
        composed(written(tmp_path, hostile("compose")), components.docker_compose, **others)
    assert refused.value.stderr.strip().endswith(f'in service "{SERVICES[missing]}": {missing}')
    assert not any(value in refused.value.stderr for value in others.values() if value)


SERVICES = {
    "DOCKER_IO_PASSWORD": "registry-docker.io",
    "REG_EXAMPLE_5000_PASSWORD": "registry-reg.example-5000",
}


def test_the_shell_gives_docker_the_words_of_the_guide(tmp_path: Path) -> None:
    assert told_to_docker(written(tmp_path, plain("run"))) == [
        Told(
            "",
            [
                "run",
                "-d",
                "-p",
                f"{port}:5000",
                "-e",
                f"REGISTRY_PROXY_REMOTEURL={url}",
                "--restart",
                "always",
                "--name",
                name,
                "registry:2",
            ],
        )
        for port, url, name in (
            (5000, HUB, "registry-docker.io"),
            (5001, "https://reg.example:5000", "registry-reg.example-5000"),
        )
    ]


def test_the_shell_reads_nothing_into_names_and_shows_no_password(tmp_path: Path) -> None:
    script = written(tmp_path, hostile("run"))
    told = told_to_docker(script, **SECRETS)
    assert [one.password for one in told] == [SECRETS["DOCKER_IO_PASSWORD"], "", "second"]
    assert not any(secret in word for one in told for word in one.words for secret in SECRETS.values())
    hub, ghcr, own = said_to_docker(script, **SECRETS)
    assert hub == Container(
        "registry-docker.io",
        "registry:3",
        {
            "REGISTRY_PROXY_REMOTEURL": HUB,
            "REGISTRY_PROXY_USERNAME": HOSTILE,
            "REGISTRY_PROXY_PASSWORD": SECRETS["DOCKER_IO_PASSWORD"],
            "REGISTRY_PROXY_TTL": "72h",
            **GUARDED,
        },
        MOUNTED,
        6000,
        "always",
    )
    assert "REGISTRY_PROXY_PASSWORD" not in ghcr.environment
    assert own.environment["REGISTRY_PROXY_USERNAME"] == "robot$proxy"
    assert (ghcr.port, own.port) == (6001, 6002)


def test_the_shell_stops_before_a_proxy_whose_password_is_missing(tmp_path: Path) -> None:
    script = written(tmp_path, hostile("run"))
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        told_to_docker(script, DOCKER_IO_PASSWORD="first")
    assert "REG_EXAMPLE_5000_PASSWORD" in stopped.value.stderr
    record = (script.parent / "instruments" / "record").read_text(encoding="utf-8")
    assert "registry-ghcr.io" in record
    assert "registry-reg.example" not in record
