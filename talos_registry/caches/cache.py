"""A cache that is to be set up: one description, from which its own files and the documents of the nodes are made."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from talos_registry.arguments import refuse_text
from talos_registry.caches.filling import filled
from talos_registry.caches.upstreams import read_upstreams
from talos_registry.diagnostic import CacheError
from talos_registry.documents import RegistryAuthConfig, RegistryMirrorConfig, RegistryTLSConfig, emit
from talos_registry.loading import parse
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from talos_registry.caches.upstreams import Upstream
    from talos_registry.documents import RegistryDocument, RegistryEndpoint

__all__ = ["Cache", "check_guard", "listed", "paragraph", "require_line"]


@dataclass(frozen=True, kw_only=True)
class Cache(ABC):
    """What every cache is described by; each product adds its own.

    Attributes:
        hosts: the registry hosts that are cached, each as ``HOST``, or as ``HOST=URL`` where the cache fetches elsewhere;
            without any, those of Talos' guide.
        ca: the certificates, PEM, by which nodes verify that of the cache; "" for those they know already.

    Raises:
        CacheError: for a description that makes no working cache, with the reason.
    """

    _DEFAULT_HOSTS: ClassVar[tuple[str, ...]]
    _NAME: ClassVar[str]
    """What the placeholder of its password begins with."""

    hosts: Sequence[str] = ()
    ca: str = ""

    def __post_init__(self) -> None:
        refuse_text(type(self).__name__, "hosts as several texts", self.hosts)
        object.__setattr__(self, "hosts", tuple(self.hosts))
        self._check()
        refused = parse(emit(self.documents)).diagnostics
        if refused:
            raise CacheError(f"Talos refuses {refused[0].kind} {quoted(refused[0].name)}: {refused[0].message}")

    @property
    def upstreams(self) -> tuple[Upstream, ...]:
        """The registries that are cached, in order."""
        return read_upstreams(self.hosts or self._DEFAULT_HOSTS)

    @property
    def documents(self) -> tuple[RegistryDocument, ...]:
        """The mirrors in the order of the hosts, then credentials and TLS settings for each host of an endpoint."""
        endpoints = {upstream.host: self._endpoint(index, upstream) for index, upstream in enumerate(self.upstreams)}
        names = tuple(dict.fromkeys(endpoint.url.split("/")[2] for endpoint in endpoints.values()))
        username = self._username()
        mirrors = (RegistryMirrorConfig(name=host, endpoints=(endpoint,)) for host, endpoint in endpoints.items())
        auths = (RegistryAuthConfig(name=name, username=username, password=self.password) for name in names if username)
        tls = (RegistryTLSConfig(name=name, ca=self.ca) for name in names if self.ca)
        return (*mirrors, *auths, *tls)

    @property
    def password(self) -> str:
        """The placeholder for the password by which nodes log in."""
        return f"${{{self._NAME}_PASSWORD}}"

    @property
    def files(self) -> dict[str, str]:
        """The texts of all files by name: the set-up first, then ``talos.yaml`` and ``README.md``."""
        return {
            self.setup_file: self.setup,
            "talos.yaml": emit(self.documents),
            "README.md": filled(f"{self._NAME.lower()}.md", **self._told()),
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """What one has to know about the set-up that it cannot say itself."""
        return ()

    @property
    @abstractmethod
    def setup_file(self) -> str:
        """The name of the file by which the cache is set up."""

    @property
    @abstractmethod
    def setup(self) -> str:
        """The text of that file."""

    @abstractmethod
    def _check(self) -> None:
        """Raise a ``CacheError`` for what does not fit together."""

    @abstractmethod
    def _endpoint(self, index: int, upstream: Upstream) -> RegistryEndpoint:
        """Where nodes ask for the images of an upstream."""

    @abstractmethod
    def _username(self) -> str:
        """By which nodes log in; "" when they need not."""

    def _placeholders(self, where: str) -> str:
        """The paragraph about the password that the documents leave open."""
        username = self._username()
        lines = [f"`{self.password}`: the password of {username} at {where}"] if username else []
        return paragraph("Put in what `talos.yaml` leaves open:", lines)

    @abstractmethod
    def _told(self) -> dict[str, str]:
        """What the README tells, by the names in its template."""


def check_guard(tls: tuple[str, str] | None, htpasswd: str | None, username: str) -> None:
    """Refuse paths that are none, and users without a file or a file without the user by which nodes log in.

    Raises:
        CacheError: says what is wrong.
    """
    require_line("path of a file", *(tls or ()), *filter(None, [htpasswd]))
    require_line("user", *filter(None, [username]))
    if bool(htpasswd) != bool(username):
        raise CacheError("an htpasswd file and the user by which nodes log in go together")


def require_line(what: str, *values: str) -> None:
    """Refuse paths and users that are not one line of printable characters.

    Raises:
        CacheError: names ``what`` it is.
    """
    for value in values:
        if not value or not value.isprintable():
            raise CacheError(f"{quoted(value)} is no {what}")


def listed(lines: Iterable[str]) -> str:
    """Lines as the list of a Markdown page; nothing when there are none."""
    return "".join(f"- {line}\n" for line in lines)


def paragraph(heading: str, lines: Sequence[str]) -> str:
    """A heading and the list below it; nothing when the list is empty."""
    return f"{heading}\n\n{listed(lines)}\n" if lines else ""
