"""Ranks by implicit's ALS and BPR (https://github.com/benfred/implicit) and, where it is installed, by
LightFM (https://github.com/lyst/lightfm) for bench/recommendations.ts.

Reads from standard input a JSON object: people, events, rows (person, event, strength), the features of
all events that may be ranked, and the candidates of each trial; writes the ten best of each, by each
method.
"""

import json
import sys

import numpy
from implicit.als import AlternatingLeastSquares
from implicit.bpr import BayesianPersonalizedRanking
from scipy.sparse import csr_matrix

try:
    from lightfm import LightFM
except ImportError:
    LightFM = None

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


def by_lightfm(components, epochs):
    """Of each event the same features as ours has, and of each known one itself; of people themselves."""
    names = [event for event, _ in given["features"]]
    place = {event: i for i, event in enumerate(names)}
    count = given["featureCount"]
    cells = [(i, f, w) for i, (_, own) in enumerate(given["features"]) for f, w in own]
    cells += [(place[event], count + i, 1.0) for event, i in events.items()]
    at, of, weights = (numpy.array(column) for column in zip(*cells))
    features = csr_matrix((weights, (at, of)), shape=(len(names), count + len(events)), dtype=numpy.float32)
    columns = numpy.array([place[given["events"][i]] for i in items])
    done = csr_matrix((numpy.ones(len(users)), (users, columns)), shape=(len(people), len(names)), dtype=numpy.float32)
    model = LightFM(no_components=components, loss="warp", random_state=1)
    model.fit(done.tocoo(), item_features=features, epochs=epochs)
    biases, vectors = model.get_item_representations(features)
    _, tastes = model.get_user_representations()
    answer = []
    for trial in given["trials"]:
        known = [place[event] for event in trial["candidates"]]
        person = people.get(trial["user"])
        scores = biases[known] + (vectors[known] @ tastes[person] if person is not None else 0)
        best = numpy.argsort(-scores, kind="stable")[:10]
        answer.append([names[known[i]] for i in best])
    return answer


if LightFM:
    for components, epochs in ((16, 30), (64, 30), (16, 100)):
        found[f"LightFM WARP, {components}, {epochs} epochs"] = by_lightfm(components, epochs)
json.dump(found, sys.stdout)
