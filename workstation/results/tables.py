"""Every table of a run, under one import for views and reports."""

from __future__ import annotations

from workstation.results.account_tables import (
    account_tests_table,
    accounts_status_table,
    tiers_table,
    triggers_table,
)
from workstation.results.cascade_measures import (
    cascade_measure_tables,
    distances_table,
    factor_losses_table,
    halts_table,
    regimes_table,
    sources_table,
    tipping_table,
)
from workstation.results.cascade_tables import (
    calls_table,
    cascade_participants_table,
    cascade_path_table,
    invariants_table,
)
from workstation.results.collateral_tables import (
    collateral_states_table,
    free_table,
    lots_table,
    protection_table,
)
from workstation.results.depth import depth_table
from workstation.results.encumbrance_flow import flow_table
from workstation.results.encumbrance_measures import measures_table, proposals_table
from workstation.results.margin_tables import (
    bridge_table,
    designs_table,
    ledger_table,
    saving_share,
    silo_offsets_table,
    silos_table,
    stand_alone_table,
)
from workstation.results.mobility_tables import (
    estates_table,
    matrix_table,
    moves_table,
    obligations_table,
    runway_table,
    stressed_lots_table,
)
from workstation.results.positions_table import positions_of, positions_table
from workstation.results.record_tables import (
    all_problems,
    editions_table,
    exclusions_table,
    explain_table,
    inputs_table,
    problems_of,
    problems_table,
)
from workstation.results.run import Run
from workstation.results.silos import Silo, silo_of
from workstation.results.spreads import spread_log_table
from workstation.results.table import Table
from workstation.results.token_tables import depegs_table, tokens_table
from workstation.results.venue_tables import exposure_table, ladders_table, scenarios_table

__all__ = [
    "Silo",
    "account_tests_table",
    "accounts_status_table",
    "all_problems",
    "all_tables",
    "bridge_table",
    "calls_table",
    "cascade_measure_tables",
    "cascade_participants_table",
    "cascade_path_table",
    "collateral_states_table",
    "depegs_table",
    "designs_table",
    "distances_table",
    "editions_table",
    "estates_table",
    "exclusions_table",
    "explain_table",
    "exposure_table",
    "factor_losses_table",
    "free_table",
    "halts_table",
    "inputs_table",
    "invariants_table",
    "ladders_table",
    "ledger_table",
    "lots_table",
    "matrix_table",
    "moves_table",
    "obligations_table",
    "positions_of",
    "positions_table",
    "problems_of",
    "problems_table",
    "protection_table",
    "regimes_table",
    "runway_table",
    "saving_share",
    "scenarios_table",
    "silo_of",
    "silo_offsets_table",
    "silos_table",
    "sources_table",
    "stand_alone_table",
    "tipping_table",
    "tokens_table",
    "triggers_table",
]


def all_tables(run: Run) -> tuple[Table, ...]:
    """Return every table of a run, in the order a reader wants them; empty ones too."""
    by_design = tuple(
        table
        for outcome in run.designs
        for table in (bridge_table(outcome, run.currency), ledger_table(outcome, run.currency))
    )
    cascade = (
        calls_table(run), cascade_path_table(run), cascade_participants_table(run),
        invariants_table(run),
    )
    return (
        silos_table(run), *_standing(run), designs_table(run), *by_design, silo_offsets_table(run),
        *((spread_log_table(run.spreads),) if run.spreads else ()),
        positions_table(run), stand_alone_table(run), exclusions_table(run),
        *_one_risk(run), lots_table(run), collateral_states_table(run), free_table(run),
        *((protection_table(run),) if run.collateral.protection else ()), *_mobility(run),
        *(cascade if run.cascade else ()), *cascade_measure_tables(run),
        problems_table(run), editions_table(run), inputs_table(run),
    )


def _standing(run: Run) -> tuple[Table, ...]:
    if not run.statuses:
        return ()
    tiers = tiers_table(run)
    return (accounts_status_table(run), account_tests_table(run), triggers_table(run),
            *((tiers,) if tiers.rows else ()))


def _mobility(run: Run) -> tuple[Table, ...]:
    """Return the cheapest delivery and the insolvency view, where there are lots to deliver."""
    found = run.collateral.mobility
    plans = () if found is None else (
        matrix_table(run), obligations_table(run), runway_table(run), stressed_lots_table(run),
        flow_table(run), measures_table(run), proposals_table(run))
    moves = (moves_table(run),) if found is not None and found.regret is not None else ()
    return (*plans, *moves, *((estates_table(run),) if run.collateral.estates else ()))


def _one_risk(run: Run) -> tuple[Table, ...]:
    """Return exposure by risk, and what stands behind venue margins where there are any."""
    wanted = ((run.exposures, exposure_table), (run.exposures, depth_table),
              (run.venues.matrices, scenarios_table),
              (run.venues.ladders, ladders_table), (run.tokens, tokens_table),
              (run.depegs, depegs_table))
    return tuple(table(run) for rows, table in wanted if rows)
