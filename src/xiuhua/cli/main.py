"""The command `xiuhua`: every subcommand lives in a file of its own and is loaded when it is called."""

from __future__ import annotations

from importlib import import_module

import click

#: Subcommand → module and function, so that `xiuhua --help` stays fast.
COMMANDS = {
    "init": ("xiuhua.cli.init", "init"),
    "serve": ("xiuhua.cli.serve", "serve"),
    "demo": ("xiuhua.cli.demo", "demo"),
    "token": ("xiuhua.cli.token", "token"),
    "user": ("xiuhua.cli.accounts", "user"),
    "post": ("xiuhua.cli.post", "post"),
    "pack": ("xiuhua.cli.pack", "pack"),
    "clock": ("xiuhua.cli.clock", "clock"),
    "territory": ("xiuhua.cli.territory", "territory"),
    "taxonomy": ("xiuhua.cli.taxonomy", "taxonomy"),
    "duty": ("xiuhua.cli.duty", "duty"),
    "case": ("xiuhua.cli.case", "case"),
    "site": ("xiuhua.cli.site", "site"),
    "unit": ("xiuhua.cli.unit", "unit"),
    "import": ("xiuhua.cli.guessing", "importing"),
    "privacy": ("xiuhua.cli.privacy", "privacy"),
    "export": ("xiuhua.cli.exporting", "export"),
    "ruling": ("xiuhua.cli.ruling", "ruling"),
    "facts": ("xiuhua.cli.facts", "facts"),
    "assess": ("xiuhua.cli.assess", "assess"),
    "lists": ("xiuhua.cli.assess", "lists"),
    "meeting-pack": ("xiuhua.cli.meeting", "meeting_pack"),
    "standing": ("xiuhua.cli.standing", "standing"),
    "lift": ("xiuhua.cli.standing", "lift"),
    "channel": ("xiuhua.cli.channel", "channel"),
    "worker": ("xiuhua.cli.worker", "worker"),
    "audit": ("xiuhua.cli.audit", "audit"),
    "bench": ("xiuhua.cli.bench", "bench"),
    "doctor": ("xiuhua.cli.doctor", "doctor"),
}


class Lazy(click.Group):
    """A group that imports a subcommand only when it is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all subcommands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the subcommand `cmd_name`, or None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        found: click.Command = getattr(import_module(module), name)
        return found


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version=__import__("xiuhua").__version__)
def main() -> None:
    """绣花：街道精细化管理 · Xiuhua, fine-grained management of a city's streets."""
