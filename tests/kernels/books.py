"""Random option books for kernel tests, as the arguments of the option kernels."""

import numpy as np


def option_book(options, scenarios, seed=7, *, same_rows=True):
    """Return the ten kernel arguments; spot 10-800, 2 days to 2 years, shocks as in a stress."""
    rng = np.random.default_rng(seed)
    spot = rng.uniform(10, 800, options)
    rate = rng.uniform(-0.01, 0.06, options)
    rows = 1 if same_rows else options
    shape = (options, scenarios)
    return (
        spot,
        spot * rng.uniform(0.6, 1.5, options),
        rng.uniform(2 / 365, 2.0, options),
        rate,
        rate - rng.uniform(0.0, 0.05, options),
        rng.uniform(0.1, 0.9, options),
        rng.random(options) < 0.5,
        np.broadcast_to(rng.uniform(-0.5, 0.5, (rows, scenarios)), shape),
        np.broadcast_to(rng.uniform(0.6, 1.4, (rows, scenarios)), shape),
        np.full(shape, np.nan),
    )


def one_option(spot=100.0, strike=100.0, years=1.0, rate=0.05, carry=0.05, volatility=0.2,
               is_call=True, move=0.0, factor=1.0):
    """Return the ten kernel arguments for a single option and scenario."""
    columns = [np.array([float(x)]) for x in (spot, strike, years, rate, carry, volatility)]
    return (*columns, np.array([is_call]), np.array([[float(move)]]), np.array([[float(factor)]]),
            np.full((1, 1), np.nan))


def valued(price, book, **options):
    """Run a kernel on fresh output and return it."""
    out = np.full_like(book[-1], np.nan)
    price(*book[:-1], out, **options)
    return out
