"""``talos-registry completion``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from talos_registry.cli.help import Command

__all__ = ["command"]

_VARIABLE = "_TALOS_REGISTRY_COMPLETE"
"""What the script of a shell sets, and click reads, when words are to be completed."""


@click.command("completion", cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    r"""Print the script by which a SHELL completes commands, options, files, codes, versions and kinds.

    \b
    bash: source <(talos-registry completion bash)
    zsh:  source <(talos-registry completion zsh)
    fish: talos-registry completion fish | source
    """
    completion = get_completion_class(shell)
    assert completion is not None
    click.echo(completion(ctx.find_root().command, {}, "talos-registry", _VARIABLE).source())
