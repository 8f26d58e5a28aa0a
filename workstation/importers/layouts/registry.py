"""Every layout the importer knows, in the order they are tried."""

from __future__ import annotations

from workstation.importers.layouts import (
    activity_statement,
    binance,
    clearing,
    commodity_portfolio,
    crif,
    deribit,
    eurex_estimator,
    flex_query,
    form_13f,
    futures_statement,
    json_records,
    okx,
    pos_xml,
    refusals,
    strata,
    tabular,
)
from workstation.importers.layouts.protocol import Layout

LAYOUTS: tuple[Layout, ...] = (
    Layout("activity statement", activity_statement.matches, activity_statement.read),
    Layout("deribit positions", deribit.matches, deribit.read),
    Layout("binance positions", binance.matches, binance.read),
    Layout("okx positions", okx.matches, okx.read),
    Layout("eurex estimator portfolio", eurex_estimator.matches, eurex_estimator.read),
    Layout("flex query", flex_query.matches, flex_query.read),
    Layout("form 13f", form_13f.matches, form_13f.read),
    Layout("strata positions", strata.matches, strata.read),
    Layout("commodity portfolio", commodity_portfolio.matches, commodity_portfolio.read),
    Layout("futures statement", futures_statement.matches, futures_statement.read),
    Layout("clearing positions", clearing.matches, clearing.read),
    Layout("span position xml", pos_xml.matches, pos_xml.read),
    Layout("json positions", json_records.matches, json_records.read),
    Layout("crif", crif.matches, crif.read),
    *refusals.BEFORE_TABLES,
    Layout("position table", tabular.matches, tabular.read),
)
