"""Plans as JSON, format version 1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from talos_registry.masking import mask_quoted, mask_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from talos_registry.resolution import Attempt, Plan, Request

__all__ = ["render"]

_CAPABILITIES = ("pull", "resolve", "push", "referrers")


def render(plans: Iterable[Plan], talos_version: str, requests: Mapping[Plan, Sequence[Request]] | None = None) -> str:
    """All plans as one JSON object, each with its requests where they are given."""
    rows = [_plan(plan) | _requests(plan, requests) for plan in plans]
    return json.dumps({"version": 1, "talos_version": talos_version, "plans": rows}, indent=2)


def _requests(plan: Plan, requests: Mapping[Plan, Sequence[Request]] | None) -> dict[str, Any]:
    return {} if requests is None else {"requests": [request._asdict() for request in requests[plan]]}


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "reference": str(plan.reference),
        "registry_host": plan.reference.registry_host,
        "repository": plan.reference.repository,
        "puller": plan.puller,
        "mirror": plan.mirror,
        "error": None if plan.error is None else mask_quoted(plan.error),
        "attempts": [_attempt(attempt) for attempt in plan.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "role": attempt.role,
        "endpoint": mask_url(attempt.endpoint),
        "scheme": attempt.scheme,
        "host": attempt.host,
        "path": attempt.path,
        "override_path": attempt.override_path,
        "auth": attempt.auth,
        "tls": attempt.tls,
        "skip_verify": attempt.skip_verify,
        "https_first": attempt.https_first,
        "capabilities": [name for name in _CAPABILITIES if name in attempt.capabilities],
        "manifest_url": attempt.manifest_url,
    }
