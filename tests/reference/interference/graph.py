"""Reference values for graphs: modularity from networkx, exposure probabilities and Hajek means by full enumeration of a small design. Run: python3 graph.py (networkx, numpy)"""
import datetime
import itertools
import json
import random

import networkx as nx


def exposure(g, arms, i, theta):
    n = list(g.neighbors(i))
    share = sum(arms[j] for j in n) / len(n) if n else float(arms[i])
    if share >= theta - 1e-12:
        return "11" if arms[i] else "01"
    if share <= 1 - theta + 1e-12:
        return "10" if arms[i] else "00"
    return "mixed"


def main():
    random.seed(4)
    club = nx.karate_club_graph()
    block = nx.planted_partition_graph(8, 15, 0.5, 0.03, seed=3)
    graphs = []
    for g in (club, block):
        n = g.number_of_nodes()
        labels = [random.randrange(5) for _ in range(n)]
        best = nx.community.louvain_communities(g, weight=None, seed=1)
        graphs.append({"units": n, "edges": [list(e) for e in g.edges()], "labels": labels,
                       "modularity": nx.community.modularity(g, [{i for i in range(n) if labels[i] == c} for c in set(labels)], weight=None),
                       "crossShare": sum(labels[a] != labels[b] for a, b in g.edges()) / g.number_of_edges(),
                       "louvain": nx.community.modularity(g, best, weight=None)})
    g = nx.planted_partition_graph(8, 5, 0.9, 0.06, seed=6)
    cluster = [i // 5 for i in range(40)]
    treated = {0, 2, 3, 6}
    theta = 0.6
    counts = [{"00": 0, "01": 0, "10": 0, "11": 0, "mixed": 0} for _ in range(40)]
    designs = list(itertools.combinations(range(8), 4))
    for chosen in designs:
        arms = [int(cluster[i] in chosen) for i in range(40)]
        for i in range(40):
            counts[i][exposure(g, arms, i, theta)] += 1
    arms = [int(cluster[i] in treated) for i in range(40)]
    y = [round(2 + arms[i] + random.gauss(0, 1), 3) for i in range(40)]
    seen = [exposure(g, arms, i, theta) for i in range(40)]
    json.dump({"tool": f"networkx {nx.__version__}", "made": str(datetime.date.today()), "script": "graph.py", "graphs": graphs,
               "design": {"edges": [list(e) for e in g.edges()], "cluster": cluster, "treated": sorted(treated), "surrounded": theta, "y": y, "seen": seen,
                          "probability00": [c["00"] / len(designs) for c in counts], "probability11": [c["11"] / len(designs) for c in counts]}}, open("graph.json", "w"))


main()
