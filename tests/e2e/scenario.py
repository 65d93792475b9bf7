"""One scenario: registries that listen, a node that pulls, and the comparison of what was asked with what we predict."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any, TypeVar

from talos_registry import parse
from talos_registry.resolution import Puller, request_sequence, resolve
from tests.e2e.image import TAG, Image
from tests.e2e.node import Node, Pull, Sent
from tests.e2e.prediction import Expected, expected
from tests.e2e.processes import wait_until
from tests.e2e.servers import PASSWORD, USERNAME, Asked, Front, Registry, Server, Silent, Tls, free_host
from tests.servers import Talker, Web

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from talos_registry.documents import RegistrySet
    from tests.certificates import KeyPair
    from tests.e2e.certificates import Authority
    from tests.e2e.components import Components

REPOSITORY = "library/hello"
TOLERANCE = 8.0
Sortable = TypeVar("Sortable", Asked, Sent)
Served = TypeVar("Served", bound=Web | Talker)


class Scenario:
    """Servers and nodes live until ``stack`` is closed; ``directory`` makes a fresh directory."""

    def __init__(
        self, stack: ExitStack, components: Components, authority: Authority, directory: Callable[[], Path]
    ) -> None:
        self.authority = authority
        self.components = components
        self.servers: list[Server] = []
        self._stack = stack
        self._directory = directory

    def registry(
        self,
        address: str,
        image: Image | None = None,
        *,
        tls: bool | KeyPair = False,
        client_ca: str | None = None,
        modern: bool = False,
        **settings: Any,
    ) -> Registry:
        """A registry that listens at a loopback address and holds the image, if one is given.

        ``tls``: with a certificate of the authority, or with the one given. ``modern``: distribution's own program.
        """
        pair = self.authority.issue(address) if tls is True else tls
        registry = Registry(
            self._directory(), free_host(address), tls=Tls(pair, client_ca) if pair else None, **settings
        )
        program = self.components.distribution if modern else self.components.docker_registry
        self._stack.enter_context(registry.serving(program))
        self.servers.append(registry)
        if image is not None:
            self._push(image, registry)
        return registry

    def front(self, address: str, **settings: Any) -> Front:
        return self.serve(Front(free_host(address), **settings))

    def serve(self, server: Served) -> Served:
        """A small server, started."""
        self._stack.enter_context(server.serving())
        self.servers.append(server)
        return server

    def silent(self, address: str) -> Silent:
        silent = Silent(free_host(address))
        self._stack.enter_context(silent.serving())
        self.servers.append(silent)
        return silent

    def node(self, config: str) -> Node:
        """A fresh node, which holds no image, with the registry documents of a machine config."""
        return self.node_of(parse(config).registries)

    def node_of(self, registries: RegistrySet) -> Node:
        node = Node(self._directory(), self.components, registries, f"http://{free_host('127.0.0.1')}")
        self._stack.enter_context(node.running())
        return node

    def prove(
        self,
        puller: Puller,
        reference: str,
        config: str,
        image: Image,
        *,
        challenging: Collection[str] = (),
        **outcomes: Collection[str],
    ) -> Pull:
        """Pulls an image on a fresh node and compares all that was asked, at every server, with the prediction."""
        plan = resolve(reference, parse(config).registries, puller=puller)
        asked = expected(request_sequence(plan, **outcomes, talos_version="1.14"), image, challenging)
        assert asked, plan.error
        before = [len(server.asked()) for server in self.servers]
        pull = self.node(config).pull(plan, reference)
        assert settled(pull.sent, asked) == settled([Sent(one.method, one.url) for one in asked], asked), pull.error
        compare_waits(pull, asked)
        for server, lines in zip(self.servers, before, strict=True):
            compare_log(server, lines, [one for one in asked if one.host == server.host and one.status])
        assert (not pull.error) == (asked[-1].status == 200), pull.error
        return pull

    def _push(self, image: Image, registry: Registry) -> None:
        copy = ["copy", "--quiet", "--all", "--dest-tls-verify=false", f"--dest-creds={USERNAME}:{PASSWORD}"]
        target = f"docker://{registry.host}/{REPOSITORY}:{TAG}"
        command = [str(self.components.skopeo), "--insecure-policy", *copy, f"oci:{image.layout}:{TAG}", target]
        subprocess.run(command, check=True, timeout=60, env={"HOME": str(self._directory())})


def compare_waits(pull: Pull, asked: Sequence[Expected]) -> None:
    """The pull waited for each silent host as long as predicted, but for the time that a busy machine takes."""
    waits = [(one.seconds, seconds) for one, seconds in zip(asked, pull.seconds, strict=True) if one.seconds]
    for predicted, waited in waits:
        assert predicted - 0.1 <= waited <= predicted + TOLERANCE, waits


def compare_log(server: Server, before: int, asked: Sequence[Expected]) -> None:
    """A server was asked just this after the first ``before`` lines of its log."""
    wait_until(lambda: len(server.asked()) >= before + len(asked), f"{len(asked)} lines in the log of {server.host}", 5)
    predicted = [Asked(one.method, one.target, one.status) for one in asked]
    assert settled(server.asked()[before:], asked) == settled(predicted, asked)


def settled(requests: Sequence[Sortable], asked: Sequence[Expected]) -> list[Sortable]:
    """The requests in order, but sorted where the prediction leaves the order open."""
    fixed = sum(not one.side_by_side for one in asked)
    return list(requests[:fixed]) + sorted(requests[fixed:])
