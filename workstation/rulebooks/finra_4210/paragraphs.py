"""Every paragraph of FINRA 4210: the function that computes it, or why none does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workstation.rulebooks.finra_4210 import (
    account_tests,
    f_hedges,
    f_options,
    f_protected,
    intraday,
    portfolio,
)
from workstation.rulebooks.finra_4210 import c_maintenance as c
from workstation.rulebooks.finra_4210 import d_house as d
from workstation.rulebooks.finra_4210 import e_exempted_and_debt as e
from workstation.rulebooks.finra_4210 import g_requirement as g

_LATER = "not computed yet: listed as excluded where a position needs it"

PARAGRAPHS: Mapping[str, Callable[..., Any] | str] = {
    "(a)": "definitions: no amount to compute",
    "(b)": "initial margin: the greater of Regulation T (regime reg-t) and these amounts",
    "(b)(4)": account_tests.b_4_minimum_equity,
    "(c)(1)": c.c_1_long,
    "(c)(2)": c.c_2_short_below_five_dollars,
    "(c)(3)": c.c_3_short_at_five_dollars_or_more,
    "(c)(4)": c.c_4_short_bond,
    "(c)(5)": c.c_5_security_future,
    "(c)(6)": c.c_6_nonmargin_long,
    "(d)": d.d_concentration,
    "(d)(2) intraday standard": intraday.d_2_intraday_deficit,
    "(e)(1) same security": e.e_1_same_security,
    "(e)(1) exchangeable": e.e_1_exchangeable,
    "(e)(2)(A)": e.e_2_a_government,
    "(e)(2)(B)": e.e_2_b_municipal,
    "(e)(2)(C)": e.e_2_c_corporate,
    "(e)(2)(D)-(E)": "mortgage related securities: " + _LATER,
    "(e)(2)(F)": e.e_2_f_exempt_account,
    "(e)(2)(G)": e.e_2_g_exempt_account,
    "(e)(2)(H)": "covered agency transactions (to-be-announced): variation margin only; a row of "
                 "that class is excluded with what to state instead",
    "(e)(3)-(8)": "joint, specialist and subordinated arrangements: outside a client's book",
    "(f)(1)": "options that are not listed or OTC at this firm: " + _LATER,
    "(f)(2)(D) long": f_options.f_2_d_long,
    "(f)(2)(E) uncovered": f_options.f_2_e_uncovered,
    "(f)(2)(F)": f_options.f_2_f_otc,
    "(f)(2)(G) short straddle": f_options.f_2_g_short_straddle,
    "(f)(2)(H) spread": f_options.f_2_h_spread,
    "(f)(2)(H) long box": f_options.f_2_h_long_box,
    "(f)(2)(H) covered call": f_hedges.f_2_h_covered_call,
    "(f)(2)(H) covered put": f_hedges.f_2_h_covered_put,
    "(f)(2)(H) protective put": f_hedges.f_2_h_protective_put,
    "(f)(2)(H) long call short stock": f_hedges.f_2_h_long_call_short_stock,
    "(f)(2)(H) conversion": f_hedges.f_2_h_conversion,
    "(f)(2)(H) reverse conversion": f_hedges.f_2_h_reverse_conversion,
    "(f)(2)(H) collar": f_hedges.f_2_h_collar,
    "(f)(2)(H) protected": f_protected.f_2_h_protected,
    "(f)(3)-(7)": "time of payment, guarantees and the firm's own procedures: conditions of the "
                  "account, no requirement on a position",
    "(f)(8) day trading": intraday.f_8_pattern_day_trader,
    "(f)(9)-(10)": "free-riding and customers' own arrangements: conditions of the account",
    "(g)(1) minimum equity": account_tests.g_1_minimum_equity,
    "(g)(1) net capital": account_tests.g_1_net_capital,
    "(g)(2)-(5)": "who may use portfolio margin and on what approval: conditions of the account",
    "(g)(6) eligible products": portfolio.g_6_eligible,
    "(g)(7)": g.g_7_requirement,
    "(g)(8)-(15)": "deficiencies, disclosure and intraday monitoring: no requirement",
    "(h)": "security futures carried under CFTC rules: not a securities account",
}
