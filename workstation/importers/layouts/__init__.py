"""One module per family of files: how it is recognised and how it is read."""
