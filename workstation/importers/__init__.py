"""Client files to a book and a list of problems."""
