from __future__ import annotations

import pytest

from talos_registry import CacheError
from talos_registry.caches.htpasswd import users

HASH = "$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC"


def test_users_in_order() -> None:
    assert users(f"# nodes\ntalos:{HASH}\r\n\n ci:$2b$10$abc\n") == ("talos", "ci")


@pytest.mark.parametrize("text", ["talos\n", f":{HASH}\n"])
def test_what_is_no_user(text: str) -> None:
    with pytest.raises(CacheError, match="line 2 is no user of an htpasswd file; make one with: htpasswd -nB NAME"):
        users("\n" + text)


def test_other_hashes_are_refused_and_not_shown() -> None:
    with pytest.raises(CacheError) as refusal:
        users("talos:$apr1$x7f2$secret\n")
    assert str(refusal.value) == 'the password of "talos" is not hashed by bcrypt; do that with: htpasswd -nB NAME'
