"""The command line: one module a command, each loaded only when it is asked for.

A command parses its options, calls the pipeline, prints what comes back and returns an exit code. Everything that ends a
command otherwise is turned into a sentence here, so that no traceback reaches a user.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence

import click

from .. import __version__
from ..errors import ReconcilerError
from . import terminal

COMMANDS = (
    "init",
    "doctor",
    "validate",
    "plan",
    "show",
    "apply",
    "import",
    "tenants",
    "audit",
    "hours",
    "calendar",
    "explain",
    "github",
    "sandbox",
)
USAGE = 64
FAILED = 1


class _Commands(click.Group):
    """A group whose commands are modules of this package, imported by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        module = "import_" if cmd_name == "import" else cmd_name  # `import` is no name for a module
        command = importlib.import_module(f"{__name__}.{module}").command
        assert isinstance(command, click.Command)  # noqa: S101 - each of these modules defines one
        return command


cli = _Commands(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="""Outbound calling schedules as code for NICE CXone: checked, planned and applied from git.

    Exit codes: 0 done; 1 the tenant or the network failed; 2 the plan has changes (--detailed-exitcode); 3 the desired
    state is invalid; 4 refused before the first write; 5 apply ended with something not applied; 64 wrong usage.
    """,
)
click.version_option(__version__, prog_name="reconciler")(cli)


def run(arguments: Sequence[str]) -> int:
    """Run one command line (without the program's name) and return its exit code."""
    terminal.make_ready()
    try:
        result = cli.main(args=list(arguments), prog_name="reconciler", standalone_mode=False)
        terminal.data("")
    except (KeyboardInterrupt, click.Abort):
        terminal.error("interrupted; nothing was written to a tenant")
        return FAILED
    except click.ClickException as error:
        _show_usage(error)
        return USAGE
    except ReconcilerError as error:
        terminal.error(error.message, hint=error.hint)
        _show_trace(arguments)
        return error.exit_code
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        terminal.error(f"the system refused: {error.strerror or error}{place}")
        _show_trace(arguments)
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last line of defense: a person gets a sentence
        terminal.error(
            f"this should not happen: {type(error).__name__}: {error}",
            hint="run the command again with --debug and report what it prints",
        )
        _show_trace(arguments)
        return FAILED
    return result if isinstance(result, int) else 0


def _show_usage(error: click.ClickException) -> None:
    context = getattr(error, "ctx", None)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        terminal.say(error.format_message())
        return
    path = context.command_path if context is not None else "reconciler"
    terminal.error(error.format_message(), hint=f"`{path} --help` shows what there is")


def _show_trace(arguments: Sequence[str]) -> None:
    if "--debug" in arguments:
        import traceback

        terminal.say(traceback.format_exc())
