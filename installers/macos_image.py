"""macOS disk image from the application bundle; signed and notarised where an identity is given.

Environment: CROSSMARGIN_SIGNING_IDENTITY (codesign), CROSSMARGIN_NOTARY_PROFILE (notarytool's
keychain profile). Without them the image is unsigned, and says so.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from freeze import ROOT, say

ENTITLEMENTS = ROOT / "installers" / "macos" / "entitlements.plist"


def package(frozen: Path, version: str, out: Path) -> list[Path]:
    """Write the .dmg into `out` and return its path."""
    bundle = frozen.parent / "Crossmargin.app"
    image = out / f"crossmargin-{version}.dmg"
    _sign(bundle)
    subprocess.run(["hdiutil", "create", "-ov", "-volname", "Crossmargin", "-srcfolder",
                    str(bundle), "-format", "UDZO", str(image)], check=True)
    _notarise(image)
    return [image]


def _sign(bundle: Path) -> None:
    identity = os.environ.get("CROSSMARGIN_SIGNING_IDENTITY")
    if not identity:
        say("no signing identity given: the application is not signed")
        return
    subprocess.run(["codesign", "--force", "--deep", "--timestamp", "--options", "runtime",
                    "--entitlements", str(ENTITLEMENTS), "--sign", identity, str(bundle)],
                   check=True)


def _notarise(image: Path) -> None:
    profile = os.environ.get("CROSSMARGIN_NOTARY_PROFILE")
    if not profile:
        say("no notary profile given: the image is not notarised")
        return
    subprocess.run(["xcrun", "notarytool", "submit", str(image), "--keychain-profile", profile,
                    "--wait"], check=True)
    subprocess.run(["xcrun", "stapler", "staple", str(image)], check=True)
