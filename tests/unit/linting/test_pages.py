from __future__ import annotations

import pytest

from talos_registry.linting.pages import page, shown


def test_only_codes_have_a_page() -> None:
    with pytest.raises(LookupError):
        page("no-such-code")


def test_directives_for_tests_are_not_shown() -> None:
    assert shown("# also: x\n# --image a/b\nname: a") == "# --image a/b\nname: a"
