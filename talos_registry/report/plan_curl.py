"""Plans as curl commands: the first request of each attempt, to be answered as a node's would be.

Source: containerd/containerd, core/remotes/docker/resolver.go (Resolve).
"""

from __future__ import annotations

import shlex
from itertools import groupby
from typing import TYPE_CHECKING

from talos_registry.masking import mask_quoted, mask_url
from talos_registry.messages import printable
from talos_registry.resolution.requests import ACCEPT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from talos_registry.documents import RegistryAuthConfig, RegistrySet
    from talos_registry.resolution import Attempt, Plan

__all__ = ["render"]

_OF_LOGINS = (
    '# A 401 with "WWW-Authenticate: Bearer" is the answer of a registry with token login: a node goes to the realm for a\n'
    "# token, with these credentials if there are some, and asks again."
)


def render(plans: Iterable[Plan], registries: RegistrySet) -> str:
    """A line for each attempt, below a comment for each plan; plans of both pullers that are the same are shown once."""
    in_turn = groupby(plans, key=lambda plan: (plan.reference, _lines(plan, registries)))
    parts = [_part(lines, [*alike]) for (_, lines), alike in in_turn]
    return "\n\n".join([*parts, _OF_LOGINS])


def _part(lines: Sequence[str], plans: Sequence[Plan]) -> str:
    pullers = " and ".join(plan.puller for plan in plans)
    return "\n".join([f"# {plans[0].reference} ({pullers})", *lines])


def _lines(plan: Plan, registries: RegistrySet) -> tuple[str, ...]:
    if plan.error is not None or not plan.attempts:
        return (f"# cannot pull: {printable(mask_quoted(plan.error or 'no attempt is left'))}",)
    return tuple(line for attempt in plan.attempts for line in _attempt(attempt, plan, registries))


def _attempt(attempt: Attempt, plan: Plan, registries: RegistrySet) -> Iterator[str]:
    words = ["curl", "--silent", "--show-error", "--head", "--path-as-is", "--header", f"Accept: {ACCEPT}"]
    auth = registries.auths.get(attempt.auth) if attempt.auth is not None else None
    if auth is not None:
        yield from _remarks_on(auth)
        words += _credentials(auth)
    words += _tls(attempt, registries)
    if attempt.tls is not None and plan.puller == "cri" and "--cacert" in words:
        yield "# containerd trusts the roots of the system besides this CA, curl this CA alone"
    if attempt.https_first:
        yield "# containerd goes on with http when https is refused"
    yield printable(shlex.join([*words, mask_url(attempt.manifest_url)]))


def _remarks_on(auth: RegistryAuthConfig) -> Iterator[str]:
    name = printable(mask_url(auth.name))
    if auth.identity_token.get_secret_value():
        yield f"# RegistryAuthConfig {name} has an identityToken, which a node exchanges for a token; curl cannot"
    elif not auth.username:
        yield f"# USER stands for the user in the auth of RegistryAuthConfig {name}"


def _credentials(auth: RegistryAuthConfig) -> list[str]:
    """The user; curl asks for the password."""
    return [] if auth.identity_token.get_secret_value() else ["--user", auth.username or "USER"]


def _tls(attempt: Attempt, registries: RegistrySet) -> Iterator[str]:
    """Whom to trust and who to be, by files that whoever runs the line has to write."""
    settings = registries.tls.get(attempt.tls) if attempt.tls is not None else None
    if attempt.skip_verify:
        yield "--insecure"
    elif settings is not None and settings.ca:
        yield from ("--cacert", f"{_file_name(attempt.tls)}-ca.pem")
    if settings is not None and settings.client_identity is not None:
        yield from ("--cert", f"{_file_name(attempt.tls)}-cert.pem", "--key", f"{_file_name(attempt.tls)}-key.pem")


def _file_name(host: str | None) -> str:
    return "".join(char if char.isalnum() or char in ".-" else "-" for char in host or "")
