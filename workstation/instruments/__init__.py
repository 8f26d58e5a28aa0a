"""What can be held: frozen descriptions, one module per family."""
