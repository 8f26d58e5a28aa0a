"""Settings that every test shares."""

import os

from hypothesis import settings

# A deadline times the machine, not the code; on a build server the same examples are drawn each
# time, so that a red run means a changed tree.
settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")
