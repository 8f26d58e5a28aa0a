/* What meets a call before anything is sold, layer by layer, in one step of a path; see cascade.h. */
#ifndef CROSSMARGIN_CASCADE_RELIEF_H
#define CROSSMARGIN_CASCADE_RELIEF_H

#include "cascade_plan.h"

/* Move what donors of a group can give (up to `limit`) to those in need, in proportion to both; `moved`
 * is received less given.  Calls fall, what givers have over falls, cash and equity move. */
static void shared_out(const Plan *plan, Work *work, const Py_ssize_t *group, const double *limit)
{
    double *need = work->needs, *give = work->gives, *moved = work->moved;
    Py_ssize_t i;
    memset(need, 0, plan->lanes * sizeof(double));
    memset(give, 0, plan->lanes * sizeof(double));
    for (i = 0; i < plan->accounts; i++) {
        need[group[i]] += work->call[i];
        give[group[i]] += limit[i];
    }
    for (i = 0; i < plan->accounts; i++) {
        Py_ssize_t g = group[i];
        double flow = smaller(need[g], give[g]);
        double into = need[g] > 0.0 ? flow / need[g] : 0.0, out = give[g] > 0.0 ? flow / give[g] : 0.0;
        moved[i] = work->call[i] * into - limit[i] * out;
        work->call[i] = larger(work->call[i] - larger(moved[i], 0.0), 0.0);
        work->spare[i] += smaller(moved[i], 0.0);
        work->cash[i] += moved[i];
        work->equity[i] += moved[i];
    }
}

/* Excess at the same firm. */
static void excess(const Plan *plan, Work *work)
{
    Py_ssize_t i;
    for (i = 0; i < plan->lanes; i++)
        work->limit[i] = work->spare[i] * plan->lends[i];
    shared_out(plan, work, plan->firm, work->limit);
}

/* What an owner's accounts hold in a pool, never more than their own excess. */
static void from_pool(const Plan *plan, Work *work, double *pool)
{
    Py_ssize_t i;
    for (i = 0; i < plan->lanes; i++)
        work->limit[i] = smaller(work->spare[i], pool[i]);
    shared_out(plan, work, plan->owner, work->limit);
    for (i = 0; i < plan->accounts; i++)
        pool[i] += smaller(work->moved[i], 0.0);
}

/* Let come back what was asked for long enough ago. */
static void come_back(const Plan *plan, Work *work, Py_ssize_t number)
{
    Py_ssize_t n;
    for (n = 0; n < plan->recalls; n++) {
        Py_ssize_t row = plan->lent[n];
        int64_t since = work->asked[plan->owner[row]];
        if (!work->came[n] && since != NEVER && number >= since + plan->delay[n]) {
            work->back[row] += plan->worth[n];
            work->came[n] = 1;
        }
    }
}

/* The owners' credit lines, shared among their calls in proportion. */
static void borrow(const Plan *plan, Work *work)
{
    Py_ssize_t i;
    memset(work->needs, 0, plan->lanes * sizeof(double));
    for (i = 0; i < plan->accounts; i++)
        work->needs[plan->owner[i]] += work->call[i];
    for (i = 0; i < plan->accounts; i++) {
        double need = work->needs[i], lent = smaller(need, work->line[i]);
        work->line[i] -= lent;
        work->gives[i] = need > 0.0 ? lent / need : 0.0;
    }
    for (i = 0; i < plan->accounts; i++) {
        double lent = work->call[i] * work->gives[plan->owner[i]];
        work->call[i] -= lent;
        work->cash[i] += lent;
        work->equity[i] += lent;
        work->drawn[i] += lent;
    }
}

/* Free collateral, what came back of what was lent out, credit; ask back what is lent for open calls. */
static void relieve(const Plan *plan, Work *work, Py_ssize_t number)
{
    Py_ssize_t i;
    if (plan->owners_share)
        from_pool(plan, work, work->free);
    if (plan->recalls) {
        come_back(plan, work, number);
        if (plan->owners_share)
            from_pool(plan, work, work->back);
    }
    if (plan->borrows)
        borrow(plan, work);
    for (i = 0; i < plan->accounts; i++) {
        int64_t *asked = work->asked + plan->owner[i];
        if (work->call[i] > 0.0 && *asked == NEVER)
            *asked = number;
        if (work->call[i] <= 1e-9 * work->full[i])
            work->call[i] = 0.0; /* what rounding leaves is met */
    }
}

#endif
