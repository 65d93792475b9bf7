"""A password that expires within hours is written into the config.

Flags: credentials for Amazon ECR, for Google's registries with an access token, for Azure's with a token, and the job
token of GitLab CI.

Because: these passwords are tokens that last about twelve hours or less. A config is static, so pulls fail the same day.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: 123456789012.dkr.ecr.eu-west-1.amazonaws.com
    username: AWS
    password: ${ECR_PASSWORD}

Clean:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: europe-docker.pkg.dev
    username: _json_key_base64
    password: ${SERVICE_ACCOUNT_KEY}

Fix: for pods a KubeCredentialProviderConfig (before 1.14 ``machine.kubelet.credentialProviderConfig``), by which the
kubelet gets new tokens. For what Talos pulls itself there is none: use a cache that renews its own credentials, or a
credential that lasts, such as a service account key.

Source: https://github.com/awslabs/amazon-ecr-credential-helper/issues/947; siderolabs/talos,
pkg/machinery/config/types/k8s/credential_provider.go
"""

from __future__ import annotations

import re
from base64 import b64decode
from typing import TYPE_CHECKING

from talos_registry.goyaml.scalars import base64_error
from talos_registry.linting.finding import Finding
from talos_registry.linting.hostnames import AMAZON, AZURE, GOOGLE, bare
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View
    from talos_registry.loading import Setting

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING

_ANY = re.compile(r".*")
_TOKEN_USERS = {
    GOOGLE: {"oauth2accesstoken", "_token", "_dcgcloud_token"},
    AZURE: {"00000000-0000-0000-0000-000000000000"},
    _ANY: {"gitlab-ci-token"},
}


def check(view: View) -> Iterator[Finding]:
    """Credentials that stop working within hours."""
    for auth in view.auths.values():
        if _expires(auth):
            message = (
                f"The password for {quoted(auth.name)} is a token that expires within hours; pulls with it fail from then "
                f"on. Pods can have new ones by {_provider(view)}, Talos' own pulls cannot."
            )
            yield Finding(auth.path, message)


def _provider(view: View) -> str:
    """Where the credential provider of the kubelet is configured."""
    has_document = view.release.number >= (1, 14)
    return "a KubeCredentialProviderConfig" if has_document else "machine.kubelet.credentialProviderConfig"


def _expires(auth: Setting) -> bool:
    host, username = bare(auth.name), auth.values.get("username") or _user_of(auth.values.get("auth") or "")
    if AMAZON.fullmatch(host) or (auth.values.get("identityToken") and AZURE.fullmatch(host)):
        return True
    return any(pattern.fullmatch(host) and username in users for pattern, users in _TOKEN_USERS.items())


def _user_of(auth: str) -> str:
    if not auth or base64_error(auth) is not None:
        return ""
    return b64decode(auth).decode("utf-8", "replace").partition(":")[0]
