"""Rule 15c3-1a, 17 CFR 240.15c3-1a: risk-based haircuts on a broker-dealer's own positions."""
