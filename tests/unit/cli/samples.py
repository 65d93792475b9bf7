"""The configs that tests of several commands begin with."""

from __future__ import annotations

GOOD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n  - url: http://10.5.0.1:5000\n"
BAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n  - url: 10.5.0.1:5000\n"
AUTH = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: 10.5.0.1:5000\nusername: u\npassword: p4ss\n"
BLOCKED = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nskipFallback: true\n"
