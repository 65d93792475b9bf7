"""From an image reference to the hosts that are tried for it, by either puller.

Rules and probing also ask ``resolver``, ``hosts``, ``requests``, ``reference`` and ``containerd`` for steps on the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.resolution.hosts import render_cri_auth, render_hosts
    from talos_registry.resolution.reference import Reference
    from talos_registry.resolution.requests import Request, request_sequence
    from talos_registry.resolution.resolver import Attempt, HostList, Plan, Puller, resolve

__all__ = [
    "Attempt",
    "HostList",
    "Plan",
    "Puller",
    "Reference",
    "Request",
    "render_cri_auth",
    "render_hosts",
    "request_sequence",
    "resolve",
]

__getattr__ = face(
    __name__,
    {
        "hosts": ("render_cri_auth", "render_hosts"),
        "reference": ("Reference",),
        "requests": ("Request", "request_sequence"),
        "resolver": ("Attempt", "HostList", "Plan", "Puller", "resolve"),
    },
)
