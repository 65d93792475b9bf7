from __future__ import annotations

import pytest

from talos_registry import MigrateError, apply_patches, migration_patch, parse

CONFIG = """\
machine:
  type: worker
  registries:
    mirrors:
      docker.io: {endpoints: [http://a]} # comment
    config:
      a: {auth: {username: u}}
"""
DOCUMENTS = """\
---
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
endpoints:
    - url: http://a
---
apiVersion: v1alpha1
kind: RegistryAuthConfig
name: a
username: u
"""


def test_a_section_that_goes_as_a_whole_is_deleted_as_a_whole() -> None:
    patch = migration_patch(parse(CONFIG))
    assert patch == f"machine:\n    registries:\n        $patch: delete\n{DOCUMENTS}"
    assert migration_patch(apply_patches(parse(CONFIG), [patch])) == ""


def test_what_stays_is_not_deleted() -> None:
    text = CONFIG.replace("    config:", "      bad: {endpoints: [b:1]}\n    config:")
    with pytest.raises(MigrateError, match=r"mirrors\.bad stays") as raised:
        migration_patch(parse(text))
    assert (
        raised.value.text
        == f"""\
machine:
    registries:
        mirrors:
            docker.io:
                $patch: delete
        config:
            $patch: delete
{DOCUMENTS}"""
    )


def test_nothing_to_migrate_is_no_patch() -> None:
    assert migration_patch(parse("machine: {type: worker}\n")) == ""


def test_talos_cannot_delete_an_entry_whose_name_begins_with_a_bracket() -> None:
    text = CONFIG.replace("    config:", '      "[::1]:5000": {}\n      bad: {endpoints: [b:1]}\n    config:')
    with pytest.raises(MigrateError, match=r'cannot delete the entry "\[::1\]:5000" alone') as raised:
        migration_patch(parse(text))
    assert raised.value.text is None


def test_a_refusal_shows_no_value_that_talos_quotes() -> None:
    text = "machine: {registries: {mirrors: {ghcr.io: {endpoints: [http://a]}, h:5000: {password: hunter2}}}}\n"
    with pytest.raises(MigrateError) as caught:
        migration_patch(parse(text))
    assert "hunter2" not in str(caught.value)
