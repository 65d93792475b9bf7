"""Asking each host of a plan as a node would, and what came back: the one room that opens connections.

The command goes through ``prober`` and ``asking``, so that what is known can be kept when it is interrupted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.probing.prober import probe
    from talos_registry.probing.results import Probe, ProbedAttempt

__all__ = ["Probe", "ProbedAttempt", "probe"]

__getattr__ = face(__name__, {"prober": ("probe",), "results": ("Probe", "ProbedAttempt")})
