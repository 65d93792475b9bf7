"""A tiny image, made in Python as an OCI layout."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

OCI = "application/vnd.oci.image"
TAG = "1.0"


class Image(NamedTuple):
    """Where the layout is, and the digests of its objects; ``top``, what the tag names, is the manifest where there is no index."""

    layout: Path
    top: str
    manifest: str
    config: str
    layers: tuple[str, ...]


def make_image(layout: Path, *, layers: int = 1, indexed: bool = True) -> Image:
    """An image for every platform the tests run on, with an index of its own unless ``indexed`` is False."""
    tars = [_tar(f"file-{number}") for number in range(layers)]
    blobs = [_store(layout, f"{OCI}.layer.v1.tar+gzip", gzip.compress(tar, mtime=0)) for tar in tars]
    config = _store(layout, f"{OCI}.config.v1+json", _json(_config(tars)))
    manifest = _store(
        layout,
        f"{OCI}.manifest.v1+json",
        _json({"schemaVersion": 2, "mediaType": f"{OCI}.manifest.v1+json", "config": config, "layers": blobs}),
    )
    top = _index(layout, manifest) if indexed else manifest
    named = top | {"annotations": {"org.opencontainers.image.ref.name": TAG}}
    (layout / "index.json").write_bytes(_json({"schemaVersion": 2, "manifests": [named]}))
    (layout / "oci-layout").write_bytes(_json({"imageLayoutVersion": "1.0.0"}))
    return Image(layout, top["digest"], manifest["digest"], config["digest"], tuple(blob["digest"] for blob in blobs))


def _index(layout: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    platforms = [manifest | {"platform": {"os": "linux", "architecture": name}} for name in ("amd64", "arm64")]
    media_type = f"{OCI}.index.v1+json"
    return _store(layout, media_type, _json({"schemaVersion": 2, "mediaType": media_type, "manifests": platforms}))


def _config(tars: list[bytes]) -> dict[str, Any]:
    return {
        "os": "linux",
        "architecture": "amd64",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [_digest(tar) for tar in tars]},
    }


def _tar(name: str) -> bytes:
    text = name.encode()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    return packed.getvalue()


def _store(layout: Path, media_type: str, content: bytes) -> dict[str, Any]:
    digest = _digest(content)
    place = layout / "blobs" / digest.replace(":", "/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return {"mediaType": media_type, "digest": digest, "size": len(content)}


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode()


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
