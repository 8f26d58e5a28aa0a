"""`crossmargin`: the window, or one headless command.

Exit status: 0 done; 1 done, but part of the book could not be margined; 2 the input or the call
is unusable; 3 internal error, with a report file.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from workstation.base.problem import UnusableInputError, reason_of
from workstation.cli.crash import install_crash_report
from workstation.cli.parser import COMMANDS, parser
from workstation.parameters.store import NoParametersInForceError, ParameterFileError

DONE, INCOMPLETE, UNUSABLE = 0, 1, 2
TROUBLES = {errno.ENOSPC: "free some space, or choose another folder",
            errno.EACCES: "close it in the program that has it open, or choose another folder",
            errno.EPERM: "choose another folder", errno.EROFS: "choose another folder",
            errno.ENOENT: "choose a folder that exists"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    install_crash_report()
    words = list(sys.argv[1:] if arguments is None else arguments)
    chosen = parser().parse_args(_with_default_command(words))
    try:
        return int(chosen.run(chosen))
    except UnusableInputError as error:
        for problem in error.problems:
            print(f"crossmargin: {problem.sentence()}", file=sys.stderr)
    except (ParameterFileError, NoParametersInForceError) as error:
        print(f"crossmargin: {str(error).rstrip(chr(46))}.", file=sys.stderr)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away; nothing is left to tell it
    except OSError as error:
        if error.filename is None and error.errno not in TROUBLES:
            raise
        print(f"crossmargin: {_trouble(error)}", file=sys.stderr)
    return UNUSABLE


def _trouble(error: OSError) -> str:
    """Return what the system refuses, where, and what can be done about it."""
    where = Path(os.fsdecode(error.filename2 or error.filename)) if error.filename else Path()
    remedy = TROUBLES.get(error.errno or 0, "check the path and the permissions")
    return f"{where}: {reason_of(error).lower()}; {remedy}."


def _with_default_command(words: list[str]) -> list[str]:
    """`crossmargin FILE` opens the file: put the default command in front of it."""
    flags = {"-h", "--help", "--version"}
    if words and (words[0] in COMMANDS or words[0] in flags):
        return words
    if words and not words[0].startswith("-") and not Path(words[0]).suffix:
        return words  # a misspelt command: argparse names the choices
    return ["open", *words]


if __name__ == "__main__":
    sys.exit(main())
