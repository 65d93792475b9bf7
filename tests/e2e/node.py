"""A node's containerd, configured with what we render, and the requests its pulls make."""

from __future__ import annotations

import json
import re
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from talos_registry.resolution import render_cri_auth, render_hosts
from talos_registry.resolution.hosts import BASE_PATH
from tests.e2e.processes import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from talos_registry.documents import RegistrySet
    from talos_registry.resolution import Attempt, Plan
    from tests.e2e.components import Components

# More than the longest that is waited for a silent host.
PULL_TIMEOUT = 200.0
# Plugins that would use directories outside the node's own, or that nobody needs for a pull.
DISABLED = (
    "io.containerd.internal.v1.opt",
    "io.containerd.nri.v1.nri",
    "io.containerd.image-verifier.v1.bindir",
    "io.containerd.monitor.task.v1.cgroups",
    "io.containerd.monitor.container.v1.restart",
)
# As Talos sets them, but for the snapshotter, which is the one that asks nothing of the kernel.
IMAGES = """\
    snapshotter = 'native'
    use_local_image_pull = true
    discard_unpacked_layers = true
"""


class Sent(NamedTuple):
    """One request as containerd logs it before it connects."""

    method: str
    url: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


class Pull(NamedTuple):
    """What a pull sent, in order; ``error`` is empty where it succeeded.

    ``seconds`` has, for each request, the time until the next one or the end of the pull.
    """

    sent: list[Sent]
    error: str
    seconds: list[float]


class Node:
    def __init__(self, directory: Path, components: Components, registries: RegistrySet, proxy: str) -> None:
        self._directory = directory
        self._components = components
        self._registries = registries
        self._log = directory / "containerd.log"
        self._socket = str(directory / "containerd.sock")
        # Whatever is not on loopback meets a proxy that refuses: nothing leaves this machine, no name is looked up.
        self._environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HTTP_PROXY": proxy, "HTTPS_PROXY": proxy}

    @contextmanager
    def running(self) -> Iterator[None]:
        self._write_hosts()
        (self._directory / "cni").mkdir()
        config = self._directory / "config.toml"
        config.write_text(self._config(), encoding="utf-8")
        command = [str(self._components.containerd), "--config", str(config)]
        with running(command, self._log, self._environment, self._has_booted):
            yield

    def pull(self, plan: Plan, reference: str) -> Pull:
        """What the puller of the plan sends for an image."""
        before = len(self._logged())
        command = [str(self._components.pull), plan.puller, self._socket, reference]
        hosts = json.dumps([self._talos_host(attempt) for attempt in plan.attempts])
        done = self._run(command, hosts)
        return _pull(done, done.stderr if plan.puller == "talos" else self._logged()[before:])

    def begin_as_talos(self, config: str, reference: str) -> Pull:
        """What Talos' own packages send for what a name means: the beginning of a pull, with nothing written down."""
        done = self._run([str(self._components.begin_as_talos), reference], config)
        return _pull(done, done.stderr)

    def fetch_with_ctr(self, reference: str) -> Pull:
        """What ``ctr content fetch`` sends, going by the same hosts directory."""
        options = ["--debug", "--address", self._socket, "content", "fetch", "--hosts-dir", str(self._hosts)]
        done = self._run([str(self._components.ctr), *options, reference])
        return _pull(done, done.stderr)

    def _run(self, command: list[str], text: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            timeout=PULL_TIMEOUT,
            env=self._environment,
            check=False,
        )

    @property
    def _hosts(self) -> Path:
        return self._directory / "hosts"

    def _write_hosts(self) -> None:
        self._hosts.mkdir()
        for name, content in render_hosts(self._registries, base_path=str(self._hosts)).items():
            path = self._hosts / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)

    def _config(self) -> str:
        table = "  [plugins.'io.containerd.cri.v1.images']\n"
        part = render_cri_auth(self._registries).replace(BASE_PATH, str(self._hosts)).replace(table, table + IMAGES)
        return f"""\
version = 3
root = '{self._directory}/root'
state = '{self._directory}/state'
disabled_plugins = {list(DISABLED)}
[grpc]
  address = '{self._socket}'
[ttrpc]
  address = '{self._directory}/ttrpc.sock'
[debug]
  level = 'debug'
[plugins.'io.containerd.metadata.v1.bolt']
  content_sharing_policy = 'isolated'
{part}
  [plugins.'io.containerd.cri.v1.runtime'.cni]
    conf_dir = '{self._directory}/cni' # containerd looks again whenever something in there changes
"""

    def _has_booted(self) -> bool:
        return "containerd successfully booted" in self._logged()

    def _logged(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def _talos_host(self, attempt: Attempt) -> dict[str, Any]:
        tls = self._registries.tls.get(attempt.tls or "")
        identity = tls.client_identity if tls else None
        auth = self._registries.auths.get(attempt.auth or "")
        secret = (auth.password if auth.username else auth.identity_token).get_secret_value() if auth else ""
        return {
            "scheme": attempt.scheme,
            "host": attempt.host,
            "path": attempt.path,
            "skip_verify": attempt.skip_verify,
            "ca": tls.ca if tls else "",
            "client_cert": identity.cert if identity else "",
            "client_key": identity.key.get_secret_value() if identity else "",
            "username": auth.username if auth else "",
            "password": secret,
        }


_REQUEST = re.compile(
    r'time="(?P<time>[^"]*)".* msg="do request".* request\.method=(?P<method>[A-Z]+).* url="(?P<url>[^"]*)"'
)


def _pull(done: subprocess.CompletedProcess[str], log: str) -> Pull:
    """The pull that has just ended, from its log."""
    end = datetime.now(UTC)
    found = [match for match in map(_REQUEST.search, log.splitlines()) if match]
    times = [*(datetime.fromisoformat(match["time"]) for match in found), end]
    return Pull(
        [Sent(match["method"], match["url"]) for match in found],
        done.stderr if done.returncode else "",
        [(after - before).total_seconds() for before, after in pairwise(times)],
    )
