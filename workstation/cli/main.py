"""`crossmargin`: the window, or one headless command.

Exit status: 0 done; 1 done, but part of the book could not be margined; 2 the input or the call
is unusable; 3 internal error, with a report file.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from workstation.base.problem import UnusableInputError
from workstation.cli.crash import install_crash_report
from workstation.cli.parser import COMMANDS, parser
from workstation.parameters.store import NoParametersInForceError, ParameterFileError

DONE, INCOMPLETE, UNUSABLE = 0, 1, 2


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
    return UNUSABLE


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
