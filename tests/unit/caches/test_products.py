from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talos_registry import CacheError, RegistryMirrorConfig, RegistrySet, product_endpoint, resolve

if TYPE_CHECKING:
    from talos_registry.caches import Product

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
GAR = "europe-west3-docker.pkg.dev"


@pytest.mark.parametrize(
    ("product", "address", "url"),
    [
        ("ecr", f"{ECR}/docker-hub", f"https://{ECR}/v2/docker-hub"),
        ("ecr", f"https://{ECR}/v2/team/hub/", f"https://{ECR}/v2/team/hub"),
        ("gar", f"{GAR}/project/hub", f"https://{GAR}/v2/project/hub"),
        ("gar", f"https://{GAR}/corp.example/project/hub", f"https://{GAR}/v2/corp.example/project/hub"),
        (
            "gitlab",
            "gitlab.example/group/dependency_proxy/",
            "https://gitlab.example/v2/group/dependency_proxy/containers",
        ),
        ("gitlab", "gitlab.example/group", "https://gitlab.example/v2/group/dependency_proxy/containers"),
        (
            "gitlab",
            "http://gitlab.example:8080/group/sub/dependency_proxy/containers",
            "http://gitlab.example:8080/v2/group/sub/dependency_proxy/containers",
        ),
    ],
)
def test_the_path_goes_behind_v2_and_stays_as_it_is(product: Product, address: str, url: str) -> None:
    endpoint = product_endpoint(product, "docker.io", address)
    registries = RegistrySet.of(RegistryMirrorConfig(name="docker.io", endpoints=[endpoint]))
    assert (endpoint.url, endpoint.override_path) == (url, True)
    for puller in ("talos", "cri"):
        first = resolve("nginx", registries, puller=puller).attempts[0].manifest_url
        assert first == f"{url}/library/nginx/manifests/latest?ns=docker.io"


@pytest.mark.parametrize(
    ("product", "address"),
    [
        ("ecr", ECR),
        ("ecr", f"{ECR}/v2"),
        ("ecr", f"{ECR}/Hub"),
        ("ecr", "ecr.example/docker-hub"),
        ("ecr", f"http://{ECR}/docker-hub"),
        ("ecr", f"{ECR}/docker-hub?x"),
        ("gar", f"{GAR}/project"),
        ("gar", f"{ECR}/project/hub"),
        ("gar", f"{GAR}/project/hub/image"),
        ("gitlab", "gitlab.example"),
        ("gitlab", "gitlab..example/group"),
        ("gitlab", "gitlab.example:99999/group"),
        ("gitlab", "ftp://gitlab.example/group"),
        ("gitlab", "https://gitlab.example:x/group"),
    ],
)
def test_addresses_of_something_else_are_refused(product: Product, address: str) -> None:
    with pytest.raises(CacheError, match=r"is no such address; it is https://"):
        product_endpoint(product, "docker.io", address)


@pytest.mark.parametrize("host", ["*", "", "foo", "registry-1.docker.io", "not a host"])
@pytest.mark.parametrize("product", ["ecr", "gar"])
def test_a_product_caches_for_one_registry_host(product: Product, host: str) -> None:
    with pytest.raises(CacheError):
        product_endpoint(product, host, f"{ECR}/hub" if product == "ecr" else f"{GAR}/project/hub")


def test_values_of_other_types_are_refused() -> None:
    with pytest.raises(TypeError, match="product_endpoint takes address as text, not None"):
        product_endpoint("ecr", "docker.io", None)  # type: ignore[arg-type]


def test_a_password_in_an_address_is_not_shown() -> None:
    with pytest.raises(CacheError) as refusal:
        product_endpoint("ecr", "docker.io", f"https://AWS:0123@{ECR}/hub")
    assert "0123" not in str(refusal.value)


def test_gitlab_caches_docker_hub_alone() -> None:
    with pytest.raises(CacheError, match=r'gitlab caches the images of docker\.io alone, not of "ghcr\.io"'):
        product_endpoint("gitlab", "ghcr.io", "gitlab.example/group")


def test_other_products_are_refused() -> None:
    with pytest.raises(CacheError, match='"nexus" is none of ecr, gar, gitlab'):
        product_endpoint("nexus", "docker.io", "nexus.example/hub")  # type: ignore[arg-type]
