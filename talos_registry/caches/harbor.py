"""Harbor: one registry, with a proxy project for each registry that is cached.

Source: goharbor/harbor, src/server/v2.0/handler, src/controller/registry, src/pkg/reg/adapter and src/pkg/retention of the
2.16 line.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from talos_registry.caches.cache import Cache, listed
from talos_registry.caches.filling import filled
from talos_registry.caches.upstreams import root_url
from talos_registry.diagnostic import CacheError
from talos_registry.documents import RegistryEndpoint
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from talos_registry.caches.upstreams import Upstream

__all__ = ["HarborCache"]

_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", re.ASCII)
"""Of projects and of robots: src/pkg/project/manager.go, src/server/v2.0/handler/robot.go."""

_LONGEST_NAME = 64
"""Of a registry endpoint, which is named as its project: src/controller/registry/controller.go."""

_LONGEST_ROBOT = 255 - len("robot$")
_MOST_DAYS = 20190904
"""src/pkg/retention/policy/rule/dayspl/evaluator.go."""

_HUB_ENDPOINT = ("docker-hub", "https://hub.docker.com")
_OWN_TYPES = {"https://ghcr.io": "github-ghcr"}


@dataclass(frozen=True, kw_only=True)
class HarborCache(Cache):
    """Proxy projects of a Harbor that runs already.

    Attributes:
        url: of Harbor as nodes reach it: scheme and host, without a path.
        prefix: what the name of a project has before the host.
        robot: the name, without ``robot$``, of the robot account by which nodes log in; without one the projects are
            public.
        retention: after how many days without a pull an image is deleted; without it none is.

    Raises:
        CacheError: for a description that makes no working cache, with the reason.
    """

    _DEFAULT_HOSTS: ClassVar[tuple[str, ...]] = ("docker.io", "ghcr.io", "gcr.io", "registry.k8s.io")
    _PRODUCT: ClassVar[str] = "HARBOR"

    url: str
    prefix: str = "proxy-"
    robot: str | None = None
    retention: int | None = None

    @property
    def setup_file(self) -> str:
        """``harbor.sh``."""
        return "harbor.sh"

    @property
    def setup(self) -> str:
        """The requests to Harbor's API, as a script for sh that needs curl and jq."""
        template, parameters = (
            ("always", {}) if self.retention is None else (_SINCE_PULL, {_SINCE_PULL: self.retention})
        )
        return filled(
            "harbor.sh",
            url=shlex.quote(self._root),
            public="true" if self.robot is None else "false",
            kept=self._kept(),
            template=template,
            parameters=json.dumps(parameters),
            ca=f"printf '%s' {shlex.quote(self.ca)} >\"$work/ca.crt\"\n" if self.ca else "",
            trust=' --cacert "$work/ca.crt"' if self.ca else "",
            caches="".join(map(self._cached, self._upstreams)),
            robot="" if self.robot is None else f"robot {self.robot} {' '.join(map(self._project, self._upstreams))}\n",
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What the script needs."""
        needed = (
            f"{self.setup_file} needs curl, jq, and the password of Harbor's administrator in HARBOR_ADMIN_PASSWORD"
        )
        return (f"{needed}, which http shows to whoever listens" if self._is_clear else needed,)

    def _project(self, upstream: Upstream) -> str:
        """The name of the project for an upstream, and of the endpoint by which Harbor reaches that."""
        return f"{self.prefix}{upstream.slug}"

    def _cached(self, upstream: Upstream) -> str:
        """The line of the script for an upstream."""
        kind, url = (
            _HUB_ENDPOINT if upstream.is_hub else (_OWN_TYPES.get(upstream.url, "docker-registry"), upstream.url)
        )
        return f"cache {self._project(upstream)} {kind} {shlex.quote(url)}\n"

    def _kept(self) -> str:
        if self.retention is None:
            return "all of them, for ever"
        return f"those that were pulled within {self.retention} days"

    @property
    def _root(self) -> str:
        return root_url(self.url, "the URL of Harbor")

    @property
    def _is_clear(self) -> bool:
        return self._root.startswith("http://")

    def _check(self) -> None:
        self._check_ca(self._root)
        if self.robot is not None:
            _check_robot(self.robot)
        if self.retention is not None and not 0 < self.retention <= _MOST_DAYS:
            raise CacheError(f"images are kept for 1 to {_MOST_DAYS} days, not for {self.retention}")
        for upstream in self._upstreams:
            self._check_project(upstream)

    def _check_project(self, upstream: Upstream) -> None:
        name = self._project(upstream)
        if not _NAME.fullmatch(name):
            raise CacheError(
                f"the project for {upstream.host} would be {quoted(name)}, and Harbor takes lower-case letters and digits,"
                " with one dot, _ or - between them"
            )
        if len(name) > _LONGEST_NAME:
            raise CacheError(f"the endpoint {quoted(name)} has {len(name)} characters; Harbor takes {_LONGEST_NAME}")
        if upstream.url == self._root:
            raise CacheError(f"the upstream of {upstream.host}, {upstream.url}, is this Harbor itself")

    def _endpoint(self, index: int, upstream: Upstream) -> RegistryEndpoint:  # noqa: ARG002 - each has its own path
        return RegistryEndpoint(url=f"{self._root}/v2/{self._project(upstream)}", override_path=True)

    def _username(self) -> str:
        return "" if self.robot is None else f"robot${self.robot}"

    def _nodes(self, file: str) -> str:
        return super()._nodes(file if self.robot is None else "filled.yaml")

    def _told(self) -> dict[str, str]:
        return {
            "url": self._root,
            "hosts": listed(f"`{upstream.host}` in `{self._project(upstream)}`" for upstream in self._upstreams),
            "secret": "" if self.robot is None else _FILLING.format(robot=self.robot, placeholder=self._placeholder),
            "envsubst": "" if self.robot is None else ", and envsubst",
            "retention": _KEEPS if self.retention is None else _deletes(self.retention),
            "pullers": "Everybody who reaches Harbor may pull, since the projects are public"
            if self.robot is None
            else f"`robot${self.robot}` may pull from these projects and do nothing else; its secret does not expire",
            "clear": _CLEAR if self._is_clear else "",
        }


_SINCE_PULL = "nDaysSinceLastPull"
_CLEAR = "- The URL is http: whoever listens reads the password of the administrator while the script runs.\n"
_FILLING = """\
The password of `robot${robot}` is in `harbor-{robot}.secret`, for you alone to read; without that file beside it the script sets a new one. Name the
variable to envsubst, which else replaces the `$` in the name of the user too:

```sh
(umask 077; HARBOR_PASSWORD=$(cat harbor-{robot}.secret) envsubst '$HARBOR_PASSWORD' <talos.yaml >filled.yaml)
```

"""
_KEEPS = (
    "Nothing is ever deleted. By itself Harbor would give each of these projects a policy that deletes what nobody pulled"
    " for seven days, which a mirror without a way to the upstream does not survive: the script sets it to keep all."
    " Watch the disk."
)


def _deletes(days: int) -> str:
    return (
        f"What nobody pulls for {days} days is deleted, at midnight; Harbor itself would delete after seven. An image that a"
        " node has already is not pulled again, and does not count."
    )


def _check_robot(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_ROBOT:
        hint = "; leave out robot$, which Harbor adds itself" if name.startswith("robot$") else ""
        raise CacheError(
            f"{quoted(name)} is no name of a robot in Harbor: it takes up to {_LONGEST_ROBOT} lower-case letters and digits,"
            f" with one dot, _ or - between them{hint}"
        )
