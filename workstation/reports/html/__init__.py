"""The review pack as one self-contained web page."""
