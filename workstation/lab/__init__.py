"""The policy lab: designs against books, history and stress."""
