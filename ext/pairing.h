/* Exact pairing of supplies with demands: primal network simplex, whole numbers throughout.
 *
 * Node 0 is the root; supplies and demands hang from it by slack arcs of cost 0, which are also the first
 * (feasible) tree. Strongly feasible trees - every tree arc without flow points to the root - exclude
 * cycling. Readable twin: workstation/kernels/pairing.py.
 */
#ifndef CROSSMARGIN_PAIRING_H
#define CROSSMARGIN_PAIRING_H

#include <stdint.h>
#include <stdlib.h>

typedef struct {
    Py_ssize_t nodes, arcs, block, next;
    Py_ssize_t *tail, *head;      /* of arcs, slack arcs last */
    int64_t *saving, *flow, *price;
    Py_ssize_t *parent, *arc, *depth, *child, *after, *before, *stack;
    char *used;                   /* arc is in the tree */
} Network;

static void hang(Network *n, Py_ssize_t node, Py_ssize_t parent, Py_ssize_t arc)
{
    n->parent[node] = parent;
    n->arc[node] = arc;
    n->before[node] = -1;
    n->after[node] = n->child[parent];
    if (n->child[parent] >= 0)
        n->before[n->child[parent]] = node;
    n->child[parent] = node;
}

static void unhang(Network *n, Py_ssize_t node)
{
    if (n->before[node] >= 0)
        n->after[n->before[node]] = n->after[node];
    else
        n->child[n->parent[node]] = n->after[node];
    if (n->after[node] >= 0)
        n->before[n->after[node]] = n->before[node];
}

/* Prices are such that a tree arc saves exactly price[tail] - price[head]. */
static void settle(Network *n, Py_ssize_t from)
{
    Py_ssize_t top = 0;
    n->stack[top++] = from;
    while (top > 0) {
        Py_ssize_t node = n->stack[--top], parent = n->parent[node], arc = n->arc[node], c;
        n->depth[node] = n->depth[parent] + 1;
        n->price[node] = n->tail[arc] == node ? n->price[parent] + n->saving[arc]
                                              : n->price[parent] - n->saving[arc];
        for (c = n->child[node]; c >= 0; c = n->after[c])
            n->stack[top++] = c;
    }
}

/* The arc of the next block that would save most beyond its price, or -1 when none would. */
static Py_ssize_t entering(Network *n)
{
    Py_ssize_t seen = 0, best = -1, left = n->block;
    int64_t most = 0;
    for (; seen < n->arcs; seen++) {
        Py_ssize_t a = n->next;
        int64_t gain = n->saving[a] - n->price[n->tail[a]] + n->price[n->head[a]];
        n->next = a + 1 == n->arcs ? 0 : a + 1;
        if (gain > most && !n->used[a]) {
            most = gain;
            best = a;
        }
        if (--left == 0) {
            if (best >= 0)
                return best;
            left = n->block;
        }
    }
    return best;
}

static Py_ssize_t meeting(const Network *n, Py_ssize_t u, Py_ssize_t v)
{
    while (u != v) {
        if (n->depth[u] >= n->depth[v])
            u = n->parent[u];
        else
            v = n->parent[v];
    }
    return u;
}

/* Send flow round the cycle of an entering arc and exchange it for the last arc that runs dry. */
static void pivot(Network *n, Py_ssize_t enter)
{
    Py_ssize_t from = n->tail[enter], to = n->head[enter], top = meeting(n, from, to), u, leave = -1;
    int64_t least = INT64_MAX;
    int before = 1;
    /* The cycle runs top -> from -> to -> top: up-pointing arcs lose flow on the way down to `from`. */
    for (u = from; u != top; u = n->parent[u])
        if (n->tail[n->arc[u]] == u && n->flow[n->arc[u]] < least) {
            least = n->flow[n->arc[u]];
            leave = u;
        }
    for (u = to; u != top; u = n->parent[u])
        if (n->head[n->arc[u]] == u && n->flow[n->arc[u]] <= least) {
            least = n->flow[n->arc[u]];
            leave = u;
            before = 0;
        }
    if (least > 0) {
        for (u = from; u != top; u = n->parent[u])
            n->flow[n->arc[u]] += n->tail[n->arc[u]] == u ? -least : least;
        for (u = to; u != top; u = n->parent[u])
            n->flow[n->arc[u]] += n->head[n->arc[u]] == u ? -least : least;
        n->flow[enter] += least;
    }
    {
        Py_ssize_t node = before ? from : to, parent = before ? to : from, arc = enter;
        Py_ssize_t start = node;
        n->used[n->arc[leave]] = 0;
        n->used[enter] = 1;
        for (;;) {
            Py_ssize_t up = n->parent[node], old = n->arc[node];
            unhang(n, node);
            hang(n, node, parent, arc);
            if (node == leave)
                break;
            parent = node;
            arc = old;
            node = up;
        }
        settle(n, start);
    }
}

static Network *new_network(Py_ssize_t supplies, Py_ssize_t demands, Py_ssize_t pairs)
{
    Py_ssize_t nodes = supplies + demands + 1, arcs = pairs + nodes - 1;
    size_t size = sizeof(Network) + (size_t)arcs * (2 * sizeof(Py_ssize_t) + 2 * sizeof(int64_t) + 1)
                  + (size_t)nodes * (7 * sizeof(Py_ssize_t) + sizeof(int64_t));
    Network *n = malloc(size);
    char *at = (char *)(n + 1);
    if (n == NULL)
        return NULL;
    n->nodes = nodes;
    n->arcs = arcs;
    n->next = 0;
    for (n->block = 16; n->block * n->block < arcs; n->block++)
        ;
#define TAKE(member, type, count) n->member = (type *)at; at += (size_t)(count) * sizeof(type)
    TAKE(saving, int64_t, arcs);
    TAKE(flow, int64_t, arcs);
    TAKE(price, int64_t, nodes);
    TAKE(tail, Py_ssize_t, arcs);
    TAKE(head, Py_ssize_t, arcs);
    TAKE(parent, Py_ssize_t, nodes);
    TAKE(arc, Py_ssize_t, nodes);
    TAKE(depth, Py_ssize_t, nodes);
    TAKE(child, Py_ssize_t, nodes);
    TAKE(after, Py_ssize_t, nodes);
    TAKE(before, Py_ssize_t, nodes);
    TAKE(stack, Py_ssize_t, nodes);
    TAKE(used, char, arcs);
#undef TAKE
    return n;
}

static Network *paired(Py_ssize_t supplies, Py_ssize_t demands, Py_ssize_t pairs,
                       const int64_t *supply, const int64_t *demand, const int64_t *of_supply,
                       const int64_t *of_demand, const int64_t *saving)
{
    Network *n = new_network(supplies, demands, pairs);
    Py_ssize_t i, enter;
    if (n == NULL)
        return NULL;
    for (i = 0; i < pairs; i++) {
        n->tail[i] = of_supply[i] + 1;
        n->head[i] = of_demand[i] + supplies + 1;
        n->saving[i] = saving[i];
        n->flow[i] = 0;
        /* What has nothing to give or take stays out of the search. */
        n->used[i] = supply[of_supply[i]] == 0 || demand[of_demand[i]] == 0 || saving[i] <= 0;
    }
    for (i = 0; i < n->nodes; i++)
        n->child[i] = -1;
    n->parent[0] = n->arc[0] = n->after[0] = n->before[0] = -1;
    n->depth[0] = n->price[0] = 0;
    for (i = 1; i < n->nodes; i++) {
        Py_ssize_t slack = pairs + i - 1;
        int gives = i <= supplies || demand[i - supplies - 1] == 0;
        n->tail[slack] = gives ? i : 0;
        n->head[slack] = gives ? 0 : i;
        n->saving[slack] = 0;
        n->flow[slack] = i <= supplies ? supply[i - 1] : demand[i - supplies - 1];
        n->used[slack] = 1;
        hang(n, i, 0, slack);
        n->price[i] = 0;
        n->depth[i] = 1;
    }
    while ((enter = entering(n)) >= 0)
        pivot(n, enter);
    return n;
}

#endif
