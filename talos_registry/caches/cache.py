"""A cache that is to be set up: one description, from which its own files and the documents of the nodes are made."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_origin, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from talos_registry.arguments import wrong_type
from talos_registry.caches.filling import filled
from talos_registry.caches.upstreams import read_upstreams
from talos_registry.diagnostic import CacheError
from talos_registry.documents import RegistryAuthConfig, RegistryMirrorConfig, RegistryTLSConfig, emit
from talos_registry.loading import parse
from talos_registry.masking import private_keys
from talos_registry.messages import quoted

if TYPE_CHECKING:
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

    _DEFAULT_HOSTS: ClassVar[tuple[str, ...]] = ("docker.io", "registry.k8s.io", "gcr.io", "ghcr.io")
    _PRODUCT: ClassVar[str]
    """What the placeholder of its password begins with, and, in lower case, the name of its README's template."""

    hosts: Sequence[str] = ()
    ca: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            self._check_type(field.name)
        if any(private_keys(self.ca)):
            raise CacheError("the CA comes with a private key, which nodes must not get; give the certificates alone")
        self._check()
        refused = parse(emit(self.documents)).diagnostics
        if refused:
            raise CacheError(f"Talos refuses {refused[0].kind} {quoted(refused[0].name)}: {refused[0].message}")

    def _check_type(self, name: str) -> None:
        """Refuse a value of another type; several texts become a tuple, which nobody can change."""
        hint, value = _hints(type(self))[name], getattr(self, name)
        if hint == Sequence[str] and isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping):
            value = tuple(value)
            object.__setattr__(self, name, value)
        wanted = str if get_origin(hint) is Literal else hint
        try:
            _adapter(wanted).validate_python(value)
        except ValidationError:
            raise wrong_type(type(self).__name__, f"{name} as {_TYPES[wanted]}", value) from None

    @property
    def _upstreams(self) -> tuple[Upstream, ...]:
        """The registries that are cached, in order."""
        return read_upstreams(self.hosts or self._DEFAULT_HOSTS)

    @property
    def documents(self) -> tuple[RegistryDocument, ...]:
        """The mirrors in the order of the hosts, then credentials and TLS settings for each host of an endpoint."""
        endpoints = {upstream.host: self._endpoint(index, upstream) for index, upstream in enumerate(self._upstreams)}
        names = tuple(dict.fromkeys(endpoint.url.split("/")[2] for endpoint in endpoints.values()))
        username = self._username()
        mirrors = (RegistryMirrorConfig(name=host, endpoints=(endpoint,)) for host, endpoint in endpoints.items())
        auths = (
            RegistryAuthConfig(name=name, username=username, password=self._placeholder) for name in names if username
        )
        tls = (RegistryTLSConfig(name=name, ca=self.ca) for name in names if self.ca)
        return (*mirrors, *auths, *tls)

    @property
    def files(self) -> dict[str, str]:
        """The texts of all files by name: the set-up first, then ``talos.yaml`` and ``README.md``."""
        return {
            self.setup_file: self.setup,
            "talos.yaml": emit(self.documents),
            "README.md": filled(f"{self._PRODUCT.lower()}.md", nodes=self._nodes("talos.yaml"), **self._told()),
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """What one has to know about the set-up that it cannot say itself."""
        return ()

    def _nodes(self, file: str) -> str:
        """What the README says about the documents, which are in ``file``."""
        return filled("nodes.md", file=file, host=self._upstreams[0].host)

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

    @property
    def _placeholder(self) -> str:
        """What stands for the password by which nodes log in."""
        return f"${{{self._PRODUCT}_PASSWORD}}"

    def _filling_in(self, where: str) -> str:
        """The paragraph about the password that the documents leave open."""
        username = self._username()
        if not username:
            return ""
        return (
            f"Put the password of `{username}` at {where} in place of `{self._placeholder}` in `talos.yaml`, in quotes, and let"
            " nobody else read the file.\n\n"
        )

    def _check_ca(self, url: str) -> None:
        if self.ca and url.startswith("http://"):
            raise CacheError(f"a CA is for a cache that speaks https, and its URL is {url}")

    @abstractmethod
    def _told(self) -> dict[str, str]:
        """What the README tells, by the names in its template."""


@cache
def _hints(description: type[Cache]) -> dict[str, Any]:
    return get_type_hints(description)


@cache
def _adapter(wanted: Any) -> TypeAdapter[Any]:
    return TypeAdapter(wanted, config=ConfigDict(strict=True))


def check_guard(tls: tuple[str, str] | None, htpasswd: str | None, username: str) -> None:
    """Refuse paths that are none, and users without a file or a file without the user by which nodes log in.

    Raises:
        CacheError: says what is wrong.
    """
    for path in (*(tls or ()), *(() if htpasswd is None else (htpasswd,))):
        _check_mounted(path)
    require_line("user", *filter(None, [username]))
    if (htpasswd is None) != (not username):
        raise CacheError("an htpasswd file and the user by which nodes log in go together")


def _check_mounted(path: str) -> None:
    require_line("path of a file", path)
    if not path.startswith("/"):
        raise CacheError(f"{quoted(path)} does not begin with /, and Docker would take it for a volume")
    if ":" in path:
        raise CacheError(f"{quoted(path)} has a colon, where Docker ends a path; keep the file elsewhere")


def require_line(what: str, *values: str) -> None:
    """Refuse paths and users that are not one line of printable characters.

    Raises:
        CacheError: names ``what`` it is.
    """
    for value in values:
        if not value or not value.isprintable():
            raise CacheError(f"{quoted(value)} is no {what}")


_TYPES: dict[Any, str] = {
    str: "text",
    int: "a number",
    str | None: "text or None",
    int | None: "a number or None",
    Sequence[str]: "several texts",
    tuple[str, str] | None: "two texts or None",
}


def listed(lines: Iterable[str]) -> str:
    """Lines as the list of a Markdown page; nothing when there are none."""
    return "".join(f"- {line}\n" for line in lines)


def paragraph(heading: str, lines: Sequence[str]) -> str:
    """A heading and the list below it; nothing when the list is empty."""
    return f"{heading}\n\n{listed(lines)}\n" if lines else ""
