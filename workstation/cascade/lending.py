"""Liquidation of an over-collateralised loan."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loan:
    """Collateral value, debt, and the share of collateral that counts (liquidation threshold)."""

    collateral: float
    debt: float
    threshold: float

    @property
    def health(self) -> float:
        """Health factor: collateral x threshold / debt; below 1 the loan may be liquidated."""
        return self.collateral * self.threshold / self.debt

    def repaid(self, amount: float, bonus: float) -> Loan:
        """Return the loan after a liquidator repays `amount` for collateral with a bonus."""
        return Loan(self.collateral - amount * (1.0 + bonus), self.debt - amount, self.threshold)

    def worsens(self, bonus: float) -> bool:
        """Say whether liquidation makes the loan worse: health below threshold x (1 + bonus)."""
        return self.health < self.threshold * (1.0 + bonus)

    def bad_debt(self, bonus: float) -> float:
        """Debt left when all collateral is liquidated: max(0, debt - collateral / (1 + bonus))."""
        return max(0.0, self.debt - self.collateral / (1.0 + bonus))
