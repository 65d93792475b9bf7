from __future__ import annotations

import subprocess
import sys

import pytest

import talos_registry


def python(code: str) -> str:
    """What a fresh interpreter prints when it runs ``code``."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", talos_registry.__all__)
def test_every_public_name_resolves(name: str) -> None:
    assert getattr(talos_registry, name) is not None
    assert name in dir(talos_registry)


def test_the_version_is_listed() -> None:
    assert "__version__" in dir(talos_registry)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'talos_registry' has no attribute 'nothing'"):
        talos_registry.nothing  # noqa: B018 - the access is the test


@pytest.mark.parametrize(
    "before",
    [
        "",
        "import talos_registry.resolution.resolver, talos_registry.documents.encoder, talos_registry.loading.config, talos_registry.cli.resolve",
        "from talos_registry.resolution.resolver import Plan",
        "from talos_registry import *",
        "import talos_registry.cli.schema, talos_registry.schema.generation",
    ],
)
def test_public_names_are_no_modules_whatever_was_imported_before(before: str) -> None:
    code = f"""{before}
import types, talos_registry
print([name for name in talos_registry.__all__ if isinstance(getattr(talos_registry, name), types.ModuleType)])
from talos_registry import emit, parse, resolve
print(callable(emit), callable(parse), callable(resolve))"""
    assert python(code).splitlines() == ["[]", "True True True"]


CLEAN = """machine:
  registries:
    mirrors: {docker.io: {endpoints: [https://old.example]}}
---
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: ghcr.io
endpoints: [{url: https://new.example}]
"""
HEAVY = {"pydantic", "yaml", "click", "cryptography", "jsonschema", "ruamel"}


def heavy_modules_after(code: str) -> set[str]:
    return set(python(f"{code}\nimport sys; print(*sys.modules)").split()) & HEAVY


@pytest.mark.parametrize(
    ("code", "imported"),
    [
        ("import talos_registry", set()),
        ("from talos_registry import Diagnostic, LATEST, Reference", set()),
        ("from talos_registry import parse", {"yaml"}),
        ("import talos_registry; talos_registry.parse('kind: RegistryAuthConfig')", {"yaml"}),
        ("import talos_registry; assert talos_registry.recognise('machine: {}').form == 'config'", {"yaml"}),
        ("from talos_registry import RegistryMirrorConfig", {"pydantic"}),
        ("import talos_registry.roundtrip", set()),
        (f"from talos_registry import lint, parse; assert not lint(parse({CLEAN!r}))", {"yaml"}),
    ],
)
def test_a_name_imports_no_more_than_it_needs(code: str, imported: set[str]) -> None:
    assert heavy_modules_after(code) == imported


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_read_and_model_nothing(option: str) -> None:
    code = f"""
import contextlib, io
from talos_registry.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit): main([{option!r}])"""
    assert heavy_modules_after(code) == {"click"}
