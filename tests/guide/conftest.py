from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.certificates import certificate, certificate_pem, new_key


@pytest.fixture(scope="session")
def ca_pem() -> str:
    """A CA certificate made for this run."""
    now = datetime.now(UTC)
    return certificate_pem(certificate(new_key(), subject="guide CA", valid=(now, now + timedelta(days=1))))
