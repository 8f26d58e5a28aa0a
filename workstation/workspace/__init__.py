"""Application services without Qt: sessions, edits, runs, settings, actions."""
