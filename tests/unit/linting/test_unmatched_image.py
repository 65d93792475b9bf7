from __future__ import annotations

import pytest

from talos_registry import lint, parse


def fleet(size: int, *names: str) -> str:
    """Mirrors of one domain, none of whose names resembles another."""
    others = [f"{chr(97 + at // 26 % 26)}{chr(97 + at % 26)}{chr(97 + at // 676)}mm.example" for at in range(size)]
    head = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: {}\nendpoints:\n  - url: http://cache:5000\n"
    return "---\n".join(map(head.format, [*others, *names]))


def meant(config: str, host: str) -> list[str]:
    """The mirrors that an image of a host seems to be meant for."""
    found = lint(parse(config), images=[f"{host}/team/app:1"], select=["unmatched-image"])
    slips = (diagnostic.message for diagnostic in found if diagnostic.severity == "warning")
    return [message.partition("the mirror is named ")[2].partition(",")[0] for message in slips]


@pytest.mark.parametrize("host", ["eegistry.example", "rgeistry.example", "regisrty.example", "registr.example"])
@pytest.mark.parametrize("size", [0, 50, 199])
def test_a_slip_anywhere_in_a_word_is_found(host: str, size: int) -> None:
    assert meant(fleet(size, "registry.example"), host) == ['"registry.example"']


def test_a_slip_behind_the_first_letters_is_found_in_any_fleet() -> None:
    assert meant(fleet(2_000, "registry.example"), "registyr.example") == ['"registry.example"']


def test_the_first_of_the_mirrors_that_are_near_is_meant() -> None:
    assert meant(fleet(100, "registru.example", "registry.example"), "registri.example") == ['"registru.example"']


@pytest.mark.parametrize("host", ["registry.other", "quarry.example", "registry.team.example", "registry1.example"])
def test_other_words_are_no_slips(host: str) -> None:
    assert meant(fleet(10, "registry2.example"), host) == []
