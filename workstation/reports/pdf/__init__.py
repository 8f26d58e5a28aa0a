"""The review pack on paper."""
