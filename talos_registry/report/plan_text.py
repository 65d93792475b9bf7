"""Plans as text for people: each attempt with its reason, and what differs between the pullers."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from talos_registry.masking import mask_quoted, mask_url
from talos_registry.messages import did_you_mean, quoted
from talos_registry.report import requests_text
from talos_registry.report.style import styled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from talos_registry.documents import RegistryMirrorConfig, RegistrySet
    from talos_registry.resolution import Attempt, Plan, Request

__all__ = ["render"]

_PULLERS = {"talos": "Talos itself: installer, kubelet, etcd, talosctl image pull", "cri": "containerd, for pods"}


def render(
    plans: Sequence[Plan], registries: RegistrySet, requests: Mapping[Plan, Sequence[Request]] | None = None
) -> str:
    """The plans of one reference, one for each puller, as lines; each with its requests where they are given."""
    shown = {
        plan: [*_attempts(plan, registries), *requests_text.lines(requests[plan] if requests else ())] for plan in plans
    }
    lines = [styled(str(plans[-1].reference), bold=True)]
    differences = list(dict.fromkeys(_different(*plans))) if len(plans) > 1 else []
    if len(plans) > 1 and requests:
        differences += _different_waits([requests[plan] for plan in plans])
    if len(plans) > 1 and not differences:
        both = " and ".join(styled(plan.puller, fg="cyan") for plan in plans)
        lines += [f"  {both} try the same URLs in the same way", *shown[plans[-1]]]
    else:
        for plan in plans:
            lines += [f"  {styled(plan.puller, fg='cyan')} ({_PULLERS[plan.puller]})", *shown[plan]]
    if differences:
        lines += [styled("  the pullers differ:", fg="yellow"), *(f"    - {sentence}" for sentence in differences)]
    return "\n".join(lines)


def _attempts(plan: Plan, registries: RegistrySet) -> Iterator[str]:
    if plan.error is not None:
        yield f"    {styled('cannot pull', fg='red', bold=True)}: {mask_quoted(plan.error)}"
        return
    if not plan.attempts:
        why = f"mirror {quoted(plan.mirror or '')} has no endpoints, and skipFallback leaves no upstream"
        yield f"    {styled('cannot pull', fg='red', bold=True)}: no resolve hosts: not found ({why})"
    endpoints = accumulate(int(attempt.role == "mirror") for attempt in plan.attempts)
    for number, (attempt, endpoint) in enumerate(zip(plan.attempts, endpoints, strict=True), 1):
        yield f"    {number}. {mask_url(attempt.manifest_url)}"
        yield from (f"       {reason}" for reason in _reasons(plan, attempt, endpoint, registries))


def _reasons(plan: Plan, attempt: Attempt, endpoint: int, registries: RegistrySet) -> Iterator[str]:
    if attempt.role == "image-cache":
        yield "image cache of the node"
    elif attempt.role == "mirror":
        yield _mirror(plan, endpoint)
    else:
        yield _fallback(plan, registries)
    if attempt.override_path:
        yield "path as written (overridePath)"
    if attempt.https_first:
        yield "https first, http when that is refused"
    if attempt.auth is not None:
        yield f"credentials of RegistryAuthConfig {attempt.auth}"
    if attempt.tls is not None:
        yield f"TLS of RegistryTLSConfig {attempt.tls}"
    if attempt.skip_verify:
        yield "server certificate not verified"


def _mirror(plan: Plan, endpoint: int) -> str:
    which = f"endpoint {endpoint} of mirror {plan.mirror}"
    return f"{which}, the catch-all: no mirror is named {plan.reference.registry_host}" if plan.mirror == "*" else which


def _fallback(plan: Plan, registries: RegistrySet) -> str:
    if plan.mirror is not None:
        return _fallback_from(registries.mirrors[plan.mirror], plan)
    host = plan.reference.registry_host
    if host in registries.mirrors or "*" in registries.mirrors:
        name = host if host in registries.mirrors else "*"
        return f"upstream registry: what RegistryTLSConfig {host} makes Talos write hides mirror {name}"
    hint = did_you_mean(host, registries.mirrors, otherwise="", cutoff=0.8)
    return f"upstream registry: no mirror is named {quoted(host)}{hint}"


def _fallback_from(mirror: RegistryMirrorConfig, plan: Plan) -> str:
    if mirror.endpoints and len(plan.attempts) == 1:
        return f"upstream registry: containerd cannot read what Talos writes for mirror {mirror.name}, where an endpoint is repeated"
    if mirror.skip_fallback:
        return "upstream registry: for containerd skipFallback has no effect in a mirror without endpoints"
    return "fallback to the upstream registry"


def _different(talos: Plan, cri: Plan) -> Iterator[str]:
    if talos.error != cri.error:
        can_pull = [plan.puller for plan in (talos, cri) if plan.attempts]
        yield f"only {can_pull[0]} can pull" if can_pull else "they fail in different words"
        return
    if not talos.attempts and cri.attempts:
        yield "only cri can pull"
    if talos.reference != cri.reference:
        yield f"talos asks for {talos.reference}"
    ours, theirs = ([attempt.manifest_url for attempt in plan.attempts] for plan in (talos, cri))
    yield from _only_in(talos, ours, cri, theirs)
    yield from _only_in(cri, theirs, talos, ours)
    by_url = dict(zip(theirs, cri.attempts, strict=True))
    for url, attempt in zip(ours, talos.attempts, strict=True):
        other = by_url.get(url)
        if other is not None:
            yield from _settings(attempt, other)


def _different_waits(requests: Iterable[Sequence[Request]]) -> Iterator[str]:
    talos, cri = map(requests_text.waited, requests)
    if talos != cri:
        yield f"talos waits {talos:.0f} s, cri {cri:.0f} s"


def _only_in(plan: Plan, urls: list[str], other: Plan, other_urls: list[str]) -> Iterator[str]:
    known = set(other_urls)
    for url, attempt in zip(urls, plan.attempts, strict=True):
        if url not in known:
            yield f"only {plan.puller} tries {attempt.scheme}://{attempt.host}{attempt.path}"
    counts = len(urls), len(other_urls)
    if counts[0] > counts[1] and set(urls) == known:
        yield f"{plan.puller} tries {counts[0]} times, {other.puller} {counts[1]}"


def _settings(talos: Attempt, cri: Attempt) -> Iterator[str]:
    for what, kind, ours, theirs in (
        ("credentials", "RegistryAuthConfig", talos.auth, cri.auth),
        ("TLS settings", "RegistryTLSConfig", talos.tls, cri.tls),
    ):
        if ours != theirs:
            puller = "talos" if ours is not None else "cri"
            yield f"only {puller} uses the {what} of {kind} {ours if ours is not None else theirs} at {talos.host}"
    if talos.skip_verify != cri.skip_verify:
        yield f"only {'talos' if talos.skip_verify else 'cri'} skips the verification of the server certificate at {talos.host}"
    if cri.https_first:
        yield f"only cri goes on with http at {talos.host} when https is refused"
