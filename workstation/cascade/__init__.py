"""Liquidation cascades: shocks, calls, forced sales, impact, contagion, halts, and who bears what.

Laws that hold and are tested: inventory, cash and value are conserved; without impact the
amplification is one; without a breach there is one step; slicing an order and the order of clients
change nothing; small shocks end at the linear model; the equilibrium is monotone in the shock; at
correlations of one a long-only book nets nothing.

Not laws, and not tested: that more shock means more defaults, a wider event or more amplification.
Published simulations show defaults that fall as the shock grows, and amplification falls once
books are sold out. Prices of the dynamic mode were monotone wherever they were looked at, which is
no proof.
"""
