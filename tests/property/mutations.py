"""Good files, and files that pieces of YAML were put into."""

from __future__ import annotations

from hypothesis import strategies as st

__all__ = ["PIECES", "SAMPLES", "lines_of", "mutated"]

SAMPLES = (
    """\
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
endpoints:
  - url: http://10.5.0.1:5000
  - {url: "https://harbor.example/v2/proxy", overridePath: true}
skipFallback: yes
---
apiVersion: v1alpha1
kind: RegistryAuthConfig
name: &host registry.example:5000
username: 'it''s'
password: !!binary aGVsbG8=
--- # comment
apiVersion: v1alpha1
kind: RegistryTLSConfig
name: *host
ca: |-
  -----BEGIN CERTIFICATE-----
  MIIB
clientIdentity: {cert: c, key: k}
---
apiVersion: v1alpha1
kind: ImageCacheConfig
local: {enabled: on}
...
---
apiVersion: v1alpha1
kind: VolumeConfig
name: EPHEMERAL
""",
    """\
version: v1alpha1
machine:
  registries:
    mirrors:
      "*": {endpoints: [http://a, "b:5000"], overridePath: false}
      docker.io:
    config:
      a:5000:
        auth: {username: u, password: p}
        tls: {ca: aGVsbG8=, clientIdentity: {crt: aGVsbG8=, key: "******"}}
  features: {imageCache: {localEnabled: true}}
cluster: {}
""",
)
PIECES = (
    "---\n", "...\n", "- ", ": ", ":", "? ", "&a ", "*a", "<<: *a\n", "!!null ", "!!int ", "!foo ", "|\n", ">-\n", "{", "}", "[", "]",
    '"', "'", "\\", "\\'", "\\/", "#", "%YAML 1.2\n", "\t", "\r", "\n\n", "\x00", "\x7f", "\x85", "\u2028", "\ufeff", "\U000f0000", "😀",
    "kind", "apiVersion", "name", "url", "machine:\n", "null", "~", "2001-01-01", "0x1F", "y", "{{ x }}", "{% x %}", "  ",
)  # fmt: skip


GOOD = st.sampled_from(SAMPLES)


@st.composite
def mutated(draw: st.DrawFn, texts: st.SearchStrategy[str] = GOOD, *, at_least: int = 1, at_most: int = 6) -> str:
    """A good file with pieces of YAML put into it, cut out of it and doubled."""
    text = draw(texts)
    for _ in range(draw(st.integers(at_least, at_most))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        piece = draw(st.one_of(st.sampled_from(PIECES), st.just(text[start:end] * 2), st.text(max_size=3)))
        text = text[:start] + piece + text[end:]
    return text


def lines_of(text: str) -> list[str]:
    """The lines as YAML breaks them."""
    for mark in ("\r\n", "\r", "\x85", "\u2028", "\u2029"):
        text = text.replace(mark, "\n")
    return text.split("\n")
