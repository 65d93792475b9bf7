from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from talos_registry import TalosRegistryError, emit, parse, redact
from talos_registry.redaction import find_secrets
from tests.property.mutations import mutated

VERSIONS = st.sampled_from(["1.12", "1.13", "1.14"])
SECRET = "s3cret-T0ken"
KEYS = st.sampled_from(["password", "auth", "identityToken"])
SPELLINGS = st.sampled_from(
    [
        SECRET, f"'{SECRET}'", f'"{SECRET}"', f"|\n  {SECRET}\n", f">-  # {SECRET}\n  {SECRET}\n\n", f"!!str {SECRET}",
        f"&a {SECRET}", f"&a !!str '{SECRET}'", f"&a |\n  {SECRET}", f"\n  {SECRET}", f"{SECRET}  # {SECRET}",
    ]
)  # fmt: skip


@st.composite
def credentials(draw: st.DrawFn) -> str:
    """A document with the secret, in any spelling, and comments that repeat it."""
    members = [f"{draw(KEYS)}: {draw(SPELLINGS)}", "name: a", "kind: RegistryAuthConfig", "apiVersion: v1alpha1"]
    comments = draw(st.lists(st.sampled_from(["", f"# {SECRET}", f"#password: {SECRET}", "# plain"]), max_size=3))
    return "".join(f"{line}\n" for line in draw(st.permutations([*members, *comments])))


@settings(max_examples=300)
@given(credentials(), VERSIONS)
def test_nothing_of_the_secret_is_left(text: str, version: str) -> None:
    config = parse(text, talos_version=version)
    redacted = redact(config)
    assert SECRET not in redacted
    assert redacted.count("\n") <= text.count("\n")
    assert redacted.count("#") == text.count("#")
    assert find_secrets(config) != ()
    assert find_secrets(parse(redacted, talos_version=version)) == ()


@settings(max_examples=500)
@given(mutated(), VERSIONS)
def test_redacting_again_changes_nothing(text: str, version: str) -> None:
    try:
        once = redact(parse(text, talos_version=version))
    except TalosRegistryError:
        return
    config = parse(once, talos_version=version)
    assert redact(config) == once
    assert emit(config.documents, talos_version=version) is not None
    assert find_secrets(config) == ()
