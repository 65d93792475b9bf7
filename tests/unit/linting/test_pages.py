from __future__ import annotations

import pytest

from talos_registry.linting import explain
from talos_registry.linting.pages import shown


def test_only_codes_have_a_page() -> None:
    with pytest.raises(ValueError, match="there is no code 'no-such-code'"):
        explain("no-such-code")


def test_directives_for_tests_are_not_shown() -> None:
    assert shown("# also: x\n# --image a/b\nname: a") == "# --image a/b\nname: a"
