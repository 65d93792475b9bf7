"""Containers without an engine: what Docker is told to run, and the same as programs of this machine."""

from __future__ import annotations

import json
import subprocess
from argparse import ArgumentParser
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from tests.e2e.processes import STARTUP, running, wait_until
from tests.e2e.scenario import REPOSITORY
from tests.e2e.servers import read_log
from tests.servers import Asked, free_host, is_listening

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.e2e.components import Components
    from tests.e2e.image import Image

__all__ = ["Container", "Proxy", "composed", "said_to_docker", "told_to_docker"]

PORT, STORAGE = 5000, "/var/lib/registry"
"""Where both images listen, and what they declare as a volume."""
PATH = {"PATH": "/usr/bin:/bin"}
# An instrument that shows what the shell made of a line: the password it hands on, then each word, and an end.
DOCKER = """\
#!/bin/sh
printf '%s\\0' "${REGISTRY_PROXY_PASSWORD-}" "$@" '
' >>"$RECORD"
"""


class Container(NamedTuple):
    """A registry that Docker would run.

    Attributes:
        mounts: the path or volume of the machine, by the path in the container that it is seen at.
        port: of the machine, which leads to the container's 5000.
        health: the URL that is asked for whether it is well, in the container; "" where nothing is.
    """

    name: str
    image: str
    environment: Mapping[str, str]
    mounts: Mapping[str, str]
    port: int
    restart: str
    health: str = ""


class Proxy:
    """A container as a program: paths are those of the machine, and it listens itself where the port is published.

    Whatever is below ``directory`` stays from one start to the next, as a volume does.
    """

    def __init__(self, container: Container, address: str, components: Components, directory: Path) -> None:
        self.container = container
        self.host = f"{address}:{container.port}"
        self.storage = directory / container.mounts.get(STORAGE, container.name)
        self._program, config, provided = _image(container.image, components)
        self._environment = PATH | provided | _environment(container)
        self._directory = directory / f"{container.name}.d"
        self._directory.mkdir()
        self._config = self._directory / "config.yml"
        config["storage"]["filesystem"] = {"rootdirectory": str(self.storage)}
        config["http"]["addr"] = self.host
        self._config.write_text(json.dumps(config), encoding="utf-8")

    @contextmanager
    def serving(self) -> Iterator[None]:
        log = self._directory / f"{len(self._logs)}.log"
        with running(self._command, log, self._environment, lambda: is_listening(self.host)):
            yield

    def started_in_vain(self) -> str:
        """What it says as it stops, while it should start."""
        done = subprocess.run(
            self._command, env=self._environment, capture_output=True, text=True, timeout=STARTUP, check=False
        )
        assert done.returncode
        return done.stderr

    def asked(self, agent: str = "containerd/") -> list[Asked]:
        """What clients whose User-Agent starts with ``agent`` asked, in order, since it was first started."""
        return [one for log in self._logs for one in read_log(log, agent)]

    def stored(self) -> set[str]:
        """The digests of the objects of our repository that it serves by itself."""
        links = self.storage.glob(f"docker/registry/v2/repositories/{REPOSITORY}/_*/**/sha256/*/link")
        return {f"sha256:{link.parent.name}" for link in links if "tags" not in link.parts}

    def on_disk(self) -> set[str]:
        """The digests of all objects, of those too that it has forgotten."""
        return {f"sha256:{data.parent.name}" for data in self.storage.glob("docker/registry/v2/blobs/sha256/*/*/data")}

    def wait_for(self, image: Image) -> None:
        """Waits until the whole image is in the cache: 2.8 answers before it has stored a blob."""
        objects = {image.top, image.manifest, image.config, *image.layers}
        wait_until(lambda: self.stored() == objects, f"{self.host} to store the image", 5)

    def said(self, text: str) -> int:
        """In how many lines of its logs a text is."""
        return sum(text in line for log in self._logs for line in log.read_text(encoding="utf-8").splitlines())

    @property
    def _command(self) -> list[str]:
        return [str(self._program), "serve", str(self._config)]

    @property
    def _logs(self) -> list[Path]:
        return sorted(self._directory.glob("*.log"))


def _image(name: str, components: Components) -> tuple[Path, dict[str, Any], dict[str, str]]:
    """The program in the image, what its configuration file says, and its environment.

    Source: distribution/distribution-library-image, config-example.yml and Dockerfile, in what decides.
    """
    cache = {"blobdescriptor": "inmemory"}
    checked = {"storagedriver": {"enabled": True, "interval": "10s", "threshold": 3}}
    if name == "registry:2":
        return components.docker_registry, _config(storage={"cache": cache}, http={}, health=checked), {}
    assert name == "registry:3"
    storage = {"delete": {"enabled": True}, "cache": cache, "tag": {"concurrencylimit": 5}}
    metrics = {"addr": free_host(), "prometheus": {"enabled": True, "path": "/metrics"}}
    config = _config(storage=storage, http={"debug": metrics}, health=checked, log={"level": "debug"})
    return components.distribution, config, {"OTEL_TRACES_EXPORTER": "none"}


def _config(**sections: Any) -> dict[str, Any]:
    return {"version": 0.1, **sections}


def _environment(container: Container) -> dict[str, str]:
    """The settings, with the path on the machine for each path of a file that is mounted."""
    return {name: container.mounts.get(value, value) for name, value in container.environment.items()}


def composed(file: Path, docker_compose: Path, **variables: str) -> list[Container]:
    """What Compose makes of a file, with variables in its environment.

    Raises:
        subprocess.CalledProcessError: when it refuses the file.
    """
    done = subprocess.run(
        [str(docker_compose), "-f", str(file), "config"],
        env=PATH | variables,
        cwd=file.parent,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return [_service(name, service) for name, service in yaml.safe_load(done.stdout)["services"].items()]


def _service(name: str, service: dict[str, Any]) -> Container:
    assert (service["container_name"], service["init"]) == (name, True)
    (port,) = service["ports"]
    assert port["target"] == PORT
    # What it prints is a Compose file again, but for the sign in volumes, where it leaves it alone.
    environment = {name: value.replace("$$", "$") for name, value in service["environment"].items()}
    return Container(
        name,
        service["image"],
        environment,
        _mounts(service["volumes"]),
        port["published"],
        service["restart"],
        service["healthcheck"]["test"][-1],
    )


def _mounts(volumes: list[str]) -> dict[str, str]:
    """Nothing of the machine but volumes may be written to."""
    parts = [volume.split(":") for volume in volumes]
    assert all(mode == "ro" or (inside, mode) == (STORAGE, "rw") for _, inside, mode in parts)
    return {inside: outside for outside, inside, _ in parts}


class Told(NamedTuple):
    """What one ``docker`` command was given: its words, and the password in its environment."""

    password: str
    words: list[str]


def told_to_docker(script: Path, **variables: str) -> list[Told]:
    """What the shell makes of each ``docker`` command in a script, with variables in its environment.

    Raises:
        subprocess.CalledProcessError: when the shell stops.
    """
    instruments = script.parent / "instruments"
    instruments.mkdir(exist_ok=True)
    (instruments / "docker").write_text(DOCKER, encoding="utf-8")
    (instruments / "docker").chmod(0o755)
    record = instruments / "record"
    record.write_bytes(b"")
    subprocess.run(
        ["/bin/sh", script.name],
        env=variables | {"PATH": f"{instruments}:{PATH['PATH']}", "RECORD": str(record)},
        cwd=script.parent,
        check=True,
        capture_output=True,
        text=True,
        timeout=10,
    )
    commands = record.read_text(encoding="utf-8").split("\0\n\0")[:-1]
    return [Told(password, words) for password, *words in (command.split("\0") for command in commands)]


def said_to_docker(script: Path, **variables: str) -> list[Container]:
    """What the commands of a script would run."""
    return [_run(told) for told in told_to_docker(script, **variables)]


def _run(told: Told) -> Container:
    parser = ArgumentParser(exit_on_error=False, allow_abbrev=False)
    parser.add_argument("-d", action="store_true", required=True)
    for option in ("-p", "--restart", "--name"):
        parser.add_argument(option, required=True)
    for option in ("-e", "-v"):
        parser.add_argument(option, action="append", default=[])
    parser.add_argument("image")
    assert told.words[0] == "run"
    options = parser.parse_args(told.words[1:])
    published, port = options.p.split(":")
    assert port == str(PORT)
    handed_on = {"REGISTRY_PROXY_PASSWORD": told.password}
    environment = {
        name: value if equals else handed_on[name]
        for name, equals, value in (text.partition("=") for text in options.e)
    }
    return Container(options.name, options.image, environment, _mounts(options.v), int(published), options.restart)
