"""Ranks by implicit's ALS and BPR (https://github.com/benfred/implicit) for bench/recommendations.ts.

Reads from standard input a JSON object: people, events, rows (person, event, strength), and the
candidates of each trial; writes the ten best of each, by each method.
"""

import json
import sys

import numpy
from implicit.als import AlternatingLeastSquares
from implicit.bpr import BayesianPersonalizedRanking
from scipy.sparse import csr_matrix

given = json.load(sys.stdin)
people = {user: i for i, user in enumerate(given["people"])}
events = {event: i for i, event in enumerate(given["events"])}
rows = [(people[u], events[e], s) for u, e, s in given["rows"] if s > 0]
users, items, strengths = (numpy.array(column) for column in zip(*rows))
matrix = csr_matrix((strengths, (users, items)), shape=(len(people), len(events)), dtype=numpy.float32)


def lists(model):
    answer = []
    for trial in given["trials"]:
        person = people.get(trial["user"])
        known = [event for event in trial["candidates"] if event in events]
        if person is None or not known:
            answer.append([])
            continue
        factors = model.item_factors[[events[event] for event in known]]
        scores = factors @ model.user_factors[person]
        best = numpy.argsort(-scores, kind="stable")[:10]
        answer.append([known[i] for i in best])
    return answer


found = {}
for factors in (16, 64):
    als = AlternatingLeastSquares(factors=factors, regularization=0.05, alpha=10, iterations=20, random_state=1)
    als.fit(matrix, show_progress=False)
    found[f"implicit ALS, {factors}"] = lists(als)
    bpr = BayesianPersonalizedRanking(factors=factors, iterations=200, random_state=1)
    bpr.fit(matrix, show_progress=False)
    found[f"implicit BPR, {factors}"] = lists(bpr)
json.dump(found, sys.stdout)
