"""Talos' guide to pull-through caches from end to end, with the command line and what it writes."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.e2e.containers import Proxy, said_to_docker
from tests.e2e.documents import trust
from tests.e2e.scenario import REPOSITORY
from tests.e2e.servers import Asked, Registry
from tests.servers import free_ports

if TYPE_CHECKING:
    from pathlib import Path

    from talos_registry.resolution import Puller
    from tests.e2e.image import Image
    from tests.e2e.scenario import Scenario

pytestmark = pytest.mark.e2e
PULLERS: tuple[Puller, ...] = ("talos", "cri")
MACHINE, INTERNET = "127.0.0.3", "127.0.0.4"
GUIDE = ("docker.io", "registry.k8s.io", "gcr.io", "ghcr.io")


@pytest.mark.parametrize("puller", PULLERS)
def test_the_guide(scenario: Scenario, image: Image, tmp_path: Path, storage: Path, puller: Puller) -> None:
    """The caches of the guide, and one before a registry that a node can reach here, at the host in the images' names."""
    own = scenario.registry("127.0.0.2", storage=storage, tls=True)
    hosts = (*GUIDE, own.host)
    references = {host: f"{host}/{REPOSITORY}:1.0" for host in hosts}
    with ExitStack() as machine, ExitStack() as internet, ExitStack() as last:
        upstreams = [
            Registry(folder(tmp_path / f"upstream-{number}"), f"{INTERNET}:{port}", storage=storage)
            for number, port in enumerate(free_ports(INTERNET, len(hosts)))
        ]
        for upstream in upstreams:
            internet.enter_context(upstream.serving(scenario.components.docker_registry))

        # One description makes the set-up of the caches, which is run, and the documents, which nodes get.
        written, first_port = tmp_path / "caches", free_ports(MACHINE, len(hosts))[0]
        pairs = (f"{host}={upstream.url}" for host, upstream in zip(hosts, upstreams, strict=True))
        talos_registry("cache", "registry", *pairs, f"--address={MACHINE}", f"--port={first_port}", "-o", written)
        containers = said_to_docker(written / "run.sh")
        proxies = [Proxy(one, MACHINE, scenario.components, folder(tmp_path / one.name)) for one in containers]
        for proxy in proxies:
            (last if proxy is proxies[-1] else machine).enter_context(proxy.serving())
        scenario.servers += proxies
        documents = written / "talos.yaml"
        asks = [f"--image={reference}" for reference in references.values()]
        assert "ok" in talos_registry("probe", "-f", documents, *asks)

        # Each image comes from its own cache, also while its upstream is down.
        for reference in references.values():
            scenario.prove(puller, reference, documents.read_text(encoding="utf-8"), image)
        for proxy in proxies:
            proxy.wait_for(image)
        internet.close()
        for host, reference in references.items():
            pull = scenario.prove(puller, reference, documents.read_text(encoding="utf-8"), image)
            assert {one.url.rpartition("?ns=")[2] for one in pull.sent} == {host.replace(":", "%3A")}
        assert not own.asked()

        # When a cache is down too, the node asks the registry itself, which probe does not let pass, and skipFallback stops.
        last.close()
        down = {proxies[-1].host}
        trusted = documents.read_text(encoding="utf-8") + trust(own.host, scenario.authority.pem)
        scenario.prove(puller, references[own.host], trusted, image, down=down)
        assert own.asked()[0] == Asked("HEAD", f"/v2/{REPOSITORY}/manifests/1.0", 200)
        assert "refused" in talos_registry("probe", "-f", documents, *asks, code=1)
        patch = tmp_path / "patch.yaml"
        patch.write_text(
            f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: {own.host}\nskipFallback: true\n",
            encoding="utf-8",
        )
        alone = talos_registry("patch", "apply", documents, patch) + trust(own.host, scenario.authority.pem)
        before = len(own.asked())
        pull = scenario.prove(puller, references[own.host], alone, image, down=down)
        assert "connection refused" in pull.error
        assert len(own.asked()) == before


def talos_registry(*arguments: str | Path, code: int = 0) -> str:
    """What a command prints, which ends with ``code``."""
    command = [sys.executable, "-m", "talos_registry", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout


def folder(path: Path) -> Path:
    path.mkdir()
    return path
