"""Plans as JSON, format version 1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from talos_registry.masking import mask_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from talos_registry.resolution import Plan, Request

__all__ = ["render"]


def render(plans: Iterable[Plan], talos_version: str, requests: Mapping[Plan, Sequence[Request]] | None = None) -> str:
    """All plans as one JSON object, each with its requests where they are given."""
    rows = [plan.to_dict() | _requests(plan, requests) for plan in plans]
    return json.dumps({"version": 1, "talos_version": talos_version, "plans": rows}, indent=2)


def _requests(plan: Plan, requests: Mapping[Plan, Sequence[Request]] | None) -> dict[str, Any]:
    return (
        {}
        if requests is None
        else {"requests": [request._asdict() | {"url": mask_url(request.url)} for request in requests[plan]]}
    )
