"""What the frozen application starts: the command line, which opens the window by default."""

import sys
from multiprocessing import freeze_support

from workstation.cli.main import main

if __name__ == "__main__":
    freeze_support()  # worker processes of a batch start this file again
    sys.exit(main())
