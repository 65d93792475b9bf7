"""The documents as typed, frozen pydantic models; field names are Talos' own in snake_case.

A model can hold values that Talos refuses: ``validate_talos`` says which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias, TypeVar

from pydantic import (
    AliasChoices,
    AliasGenerator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PrivateAttr,
    SecretStr,
    StrictBool,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticSerializationError

from talos_registry.diagnostic import Diagnostic, Severity
from talos_registry.documents.kinds import KINDS, kind_problem
from talos_registry.masking import mask_before_at, mask_private_keys
from talos_registry.versions import LATEST, release_of

__all__ = [
    "ClientIdentity",
    "Document",
    "ImageCacheConfig",
    "LocalImageCache",
    "Model",
    "OpaqueDocument",
    "RegistryAuthConfig",
    "RegistryDocument",
    "RegistryEndpoint",
    "RegistryMirrorConfig",
    "RegistryTLSConfig",
]


_Init = TypeVar("_Init", bound=Callable[..., None])


def _stated(init: _Init) -> _Init:
    """The constructor of pydantic under a signature that says what it takes, to people and to type checkers."""

    def __init__(self: BaseModel, /, **members: Any) -> None:  # noqa: N807 - it becomes one
        BaseModel.__init__(self, **members)

    construct = wraps(init)(__init__)
    construct.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # so that validating does not go through it
    return construct  # type: ignore[return-value]  # it stands for init


def _as_json(secret: SecretStr) -> str:
    if secret.get_secret_value():
        raise PydanticSerializationError(
            "JSON of pydantic would hold asterisks for a secret, and be read as a password of asterisks; "
            "to_values() gives the values with their secrets, redact() a config without"
        )
    return ""


Secret: TypeAlias = Annotated[SecretStr, PlainSerializer(_as_json, when_used="json")]
"""A text that is shown by ``to_values`` alone."""


class Model(BaseModel, frozen=True):  # type checkers look for "frozen" at each class
    """What documents and their parts have: frozen, compared by value, built by names as in Python or as in YAML.

    A value that Talos would refuse can be held, one of another type cannot: pydantic's ``ValidationError`` says where,
    without showing it.
    """

    model_config = ConfigDict(
        # No alias but these two: pydantic would show it in the place of the name that is to be written in Python.
        alias_generator=AliasGenerator(
            validation_alias=lambda name: AliasChoices(to_camel(name)), serialization_alias=to_camel
        ),
        defer_build=True,
        extra="forbid",
        hide_input_in_errors=True,
        validate_by_alias=True,
        validate_by_name=True,
    )

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        for name, member in super().__repr_args__():
            yield name, _shown(member) if isinstance(member, str) else member

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Self:
        """The model of decoded ``values``, which need no second check (they may hold text that is not UTF-8).

        Args:
            values: plain values by Talos' keys, as ``to_values`` gives them.
        """
        fields = cls.model_fields
        known = {field.serialization_alias: name for name, field in fields.items()}
        given = {known[key]: cls._member(known[key], value) for key, value in values.items()}
        return cls.model_construct(**given)

    @classmethod
    def _member(cls, name: str, value: Any) -> Any:
        return SecretStr(value) if cls.model_fields[name].annotation is SecretStr else value

    def to_values(self) -> dict[str, Any]:
        """The values Talos would decode: by Talos' keys, secrets revealed, unset members absent."""
        values = {}
        for name, field in type(self).model_fields.items():
            value = _value(getattr(self, name))
            if value not in _UNSET or value != _value(field.default):
                values[str(field.serialization_alias)] = value
        return values

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other members, by their names here or in Talos; checked as the constructor checks them.

        Args:
            update: the members that are other.
            deep: whether those that stay are copied, too; they are frozen.

        Raises:
            ValidationError: if ``update`` names what is no member, or holds what is no value of one.
        """
        checked = type(self).model_validate(dict(update or {}))
        members = {name: getattr(checked, name) for name in checked.model_fields_set}
        return super().model_copy(update=members, deep=deep)

    def with_members(self, **members: Any) -> Self:
        """A copy with other members, which need no check (they may hold text that is not UTF-8).

        Args:
            **members: values as the model holds them, by their names here.
        """
        return super().model_copy(update=members)


_UNSET: tuple[Any, ...] = (None, "", [])
"""The values of what is missing."""


def _shown(text: str) -> str:
    return mask_before_at(mask_private_keys(text, "***"))


def _value(member: Any) -> Any:
    if isinstance(member, Model):
        return member.to_values()
    if isinstance(member, SecretStr):
        return member.get_secret_value()
    if isinstance(member, tuple):
        return [_value(item) for item in member]
    return member


class RegistryEndpoint(Model, frozen=True):
    """One URL of a mirror.

    The text stays as it is given; ``parse`` gives that of a document as Go writes the URL again.

    Source: siderolabs/talos, pkg/machinery/config/types/cri/registry_mirror.go.
    """

    url: str = Field(
        default="",
        description="URL of the mirror, scheme included: http://HOST[:PORT][/PATH] or https://HOST[:PORT][/PATH].",
        examples=["http://10.5.0.1:5000", "https://harbor.example/v2/proxy-docker.io"],
    )
    override_path: StrictBool | None = Field(
        default=None, description="Use the path of the URL as it is, without adding /v2.", examples=[True]
    )

    @_stated
    def __init__(self, *, url: str = "", override_path: bool | None = None) -> None: ...


class ClientIdentity(Model, frozen=True):
    """A client certificate and its key, both PEM text.

    Base64 of PEM is for the legacy section alone, whose entries are read into this.

    Source: siderolabs/talos, pkg/machinery/config/types/meta/certificate_key.go.
    """

    cert: str = Field(default="", description="Client certificate, PEM.")
    key: Secret = Field(default=SecretStr(""), description="Private key of the client certificate, PEM.")

    @_stated
    def __init__(self, *, cert: str = "", key: str | SecretStr = "") -> None: ...


class LocalImageCache(Model, frozen=True):
    """The image cache on the machine itself."""

    enabled: StrictBool | None = Field(
        default=None, description="Use the image cache on this machine.", examples=[True]
    )

    @_stated
    def __init__(self, *, enabled: bool | None = None) -> None: ...


def _endpoint(value: object) -> object:
    return {"url": value} if isinstance(value, str) else value


class Document(Model, frozen=True):
    """What every document of a typed kind has."""

    api_version: str = Field(default="v1alpha1", description="Version of the document format.")

    def validate_talos(self, talos_version: str = LATEST) -> tuple[Diagnostic, ...]:
        """What Talos refuses in this document; the findings have no position.

        Args:
            talos_version: the Talos to judge for, ``MAJOR.MINOR[.PATCH]``.

        Raises:
            ValueError: if ``talos_version`` is not a version.

        Source: the ``Validate`` methods of siderolabs/talos, pkg/machinery/config/types/cri.
        """
        values, release = self.to_values(), release_of(talos_version)
        unknown = kind_problem(values["kind"], self.api_version, release)
        problems = KINDS[values["kind"]].problems(values, release) if unknown is None else (unknown,)
        return tuple(
            Diagnostic(
                code=problem.code,
                severity=Severity.ERROR,
                message=problem.message,
                path=(0, *problem.path),
                kind=values["kind"],
                name=values.get("name", ""),
            )
            for problem in problems
        )


class RegistryMirrorConfig(Document, frozen=True):
    """The endpoints to try, in order, for the images of a registry host.

    An endpoint can be given as its URL alone.

    Source: siderolabs/talos, pkg/machinery/config/types/cri/registry_mirror.go.
    """

    kind: Literal["RegistryMirrorConfig"] = Field(default="RegistryMirrorConfig", description="Kind of the document.")
    name: str = Field(
        default="",
        description="Registry host as image references name it, with its port; * stands for every host without a mirror of its own.",
        examples=["docker.io", "registry.example:5000", "*"],
    )
    endpoints: tuple[Annotated[RegistryEndpoint, BeforeValidator(_endpoint)], ...] = Field(
        default=(), description="Endpoints to try, in order."
    )
    skip_fallback: StrictBool | None = Field(
        default=None, description="Do not go to the upstream registry when no endpoint has the image.", examples=[True]
    )

    @_stated
    def __init__(
        self,
        *,
        name: str = "",
        endpoints: Iterable[RegistryEndpoint | str] = (),
        skip_fallback: bool | None = None,
        kind: Literal["RegistryMirrorConfig"] = "RegistryMirrorConfig",
        api_version: str = "v1alpha1",
    ) -> None: ...

    @classmethod
    def _member(cls, name: str, value: Any) -> Any:
        if name == "endpoints":
            return tuple(RegistryEndpoint.from_values(item) for item in value)
        return super()._member(name, value)


class RegistryAuthConfig(Document, frozen=True):
    """The credentials for an endpoint host.

    Source: siderolabs/talos, pkg/machinery/config/types/cri/registry_auth.go.
    """

    kind: Literal["RegistryAuthConfig"] = Field(default="RegistryAuthConfig", description="Kind of the document.")
    name: str = Field(
        default="",
        description="Host of the endpoint, with its port if the endpoint has one; for Docker Hub registry-1.docker.io.",
        examples=["registry.example:5000", "registry-1.docker.io"],
    )
    username: str = Field(default="", description="User name.")
    password: Secret = Field(default=SecretStr(""), description="Password of the user.")
    auth: Secret = Field(default=SecretStr(""), description="base64 of USERNAME:PASSWORD, as in a Docker config file.")
    identity_token: Secret = Field(default=SecretStr(""), description="Token to exchange for an access token.")

    @_stated
    def __init__(  # noqa: PLR0913 - each is a keyword
        self,
        *,
        name: str = "",
        username: str = "",
        password: str | SecretStr = "",
        auth: str | SecretStr = "",
        identity_token: str | SecretStr = "",
        kind: Literal["RegistryAuthConfig"] = "RegistryAuthConfig",
        api_version: str = "v1alpha1",
    ) -> None: ...


class RegistryTLSConfig(Document, frozen=True):
    """Whom to trust, and who to be, at an endpoint host.

    Source: siderolabs/talos, pkg/machinery/config/types/cri/registry_tls.go.
    """

    kind: Literal["RegistryTLSConfig"] = Field(default="RegistryTLSConfig", description="Kind of the document.")
    name: str = Field(
        default="",
        description="Host of the endpoint, with its port if the endpoint has one.",
        examples=["registry.example:5000"],
    )
    client_identity: ClientIdentity | None = Field(default=None, description="Client certificate for mutual TLS.")
    ca: str = Field(default="", description="CA certificate to trust, PEM text.")
    insecure_skip_verify: StrictBool | None = Field(
        default=None, description="Do not verify the certificate of the server.", examples=[True]
    )

    @_stated
    def __init__(
        self,
        *,
        name: str = "",
        client_identity: ClientIdentity | None = None,
        ca: str = "",
        insecure_skip_verify: bool | None = None,
        kind: Literal["RegistryTLSConfig"] = "RegistryTLSConfig",
        api_version: str = "v1alpha1",
    ) -> None: ...

    @classmethod
    def _member(cls, name: str, value: Any) -> Any:
        return ClientIdentity.from_values(value) if name == "client_identity" else super()._member(name, value)


_UNDECIDED = LocalImageCache()


class ImageCacheConfig(Document, frozen=True):
    """Whether the node pulls from its own image cache first.

    Talos knows the document from 1.14 on; before, the setting is in ``machine.features.imageCache``.

    Attributes:
        name: "", since there is one of its kind only.

    Source: siderolabs/talos, pkg/machinery/config/types/cri/image_cache.go.
    """

    kind: Literal["ImageCacheConfig"] = Field(default="ImageCacheConfig", description="Kind of the document.")
    local: LocalImageCache = Field(default=_UNDECIDED, description="Image cache on the machine itself.")

    name: ClassVar[str] = ""

    @_stated
    def __init__(
        self,
        *,
        local: LocalImageCache = _UNDECIDED,
        kind: Literal["ImageCacheConfig"] = "ImageCacheConfig",
        api_version: str = "v1alpha1",
    ) -> None: ...

    @classmethod
    def _member(cls, name: str, value: Any) -> Any:
        return LocalImageCache.from_values(value) if name == "local" else super()._member(name, value)


class OpaqueDocument(Model, frozen=True):
    """A document that has no model: another kind, the kind-less v1alpha1 document, or one that cannot be decoded.

    Attributes:
        api_version: "" where it is missing.
        kind: "" where it is missing, ``"v1alpha1"`` for the kind-less document.
        name: "" where it has none.
        text: the document as it stands in the file, without the ``---`` before it.
    """

    api_version: str = ""
    kind: str = ""
    name: str = ""
    text: str = Field(default="", repr=False)

    @_stated
    def __init__(self, *, api_version: str = "", kind: str = "", name: str = "", text: str = "") -> None: ...

    _values: dict[str, Any] | None = PrivateAttr(default=None)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OpaqueDocument) and self.__dict__ == other.__dict__  # the values follow from the text

    def __hash__(self) -> int:
        return hash((self.api_version, self.kind, self.name, self.text))

    @property
    def values(self) -> dict[str, Any] | None:
        """What Talos decodes from the document; None where it cannot, and for targets before 1.12. It can hold secrets."""
        return self._values


RegistryDocument: TypeAlias = RegistryMirrorConfig | RegistryAuthConfig | RegistryTLSConfig | ImageCacheConfig

TYPED: dict[str, type[RegistryDocument]] = {
    "RegistryMirrorConfig": RegistryMirrorConfig,
    "RegistryAuthConfig": RegistryAuthConfig,
    "RegistryTLSConfig": RegistryTLSConfig,
    "ImageCacheConfig": ImageCacheConfig,
}
