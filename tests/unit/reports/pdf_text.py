"""The words a PDF prints, page by page, read from its own streams."""

import base64
import re
import zlib

STREAM = re.compile(rb"/Filter \[ /ASCII85Decode /FlateDecode \].*?stream\r?\n(.*?)~>", re.DOTALL)
SHOWN = re.compile(rb"\(((?:\\.|[^\\()])*)\) Tj", re.DOTALL)
ESCAPED = re.compile(r"\\([0-7]{3}|.)")


def pages(pdf):
    """Return the text of each page, in the order it was drawn."""
    found = []
    for match in STREAM.finditer(pdf):
        content = zlib.decompress(base64.a85decode(match.group(1)))
        words = [ESCAPED.sub(_plain, text.decode("latin-1")) for text in SHOWN.findall(content)]
        found.append(" ".join(words))
    return found


def _plain(match):
    code = match.group(1)
    return bytes([int(code, 8)]).decode("cp1252") if len(code) == 3 else code
