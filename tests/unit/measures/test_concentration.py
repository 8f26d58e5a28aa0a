"""Concentration charges are read off the branches that count."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.explain import greater_of, leaf, total
from workstation.measures.concentration import concentration_charge


def test_charges_of_winning_branches_count_once():
    crowded = total("Concentration and liquidation cost", leaf("Concentration, AAA", Decimal(40)),
                    leaf("Concentration, BBB", Decimal(2)))
    design = total("Requirement", leaf("Scan", Decimal(100)), crowded)
    house = total("Maintenance", leaf("4210(c)", Decimal(50)),
                  leaf("house: concentration", Decimal(7)))
    assert concentration_charge(design) == 42
    assert concentration_charge(house) == 7
    assert concentration_charge(greater_of("Greater of", design, house)) == 42
    least = leaf("Minimum", Decimal(999))
    assert concentration_charge(greater_of("Greater of", design, least)) == 0
    assert concentration_charge(leaf("Without concentration, by contribution", Decimal(5))) == 0
