"""Writes bleu.json beside this file: values of NLTK's sentence_bleu, to compare with.

Needs NLTK (Debian: python3-nltk). Run: python3 make_bleu_fixture.py
"""
import json
import os
import random
import warnings

import nltk
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

warnings.simplefilter("error")  # method 1 never warns: a warning would mean that another method ran
METHOD1 = SmoothingFunction().method1


def bleu(references, hypothesis):
    return [sentence_bleu(references, hypothesis, weights=(1 / n,) * n, smoothing_function=METHOD1) for n in (2, 3, 4, 5)]


def draw(rng, vocabulary, low, high):
    # Squaring makes small ids frequent, so that n-grams repeat as words do.
    return [int(vocabulary * rng.random() ** 2) for _ in range(rng.randint(low, high))]


rng = random.Random(20240607)
cases = [
    ("equal to the only reference", [[1, 2, 3, 4, 5, 6]], [1, 2, 3, 4, 5, 6]),
    ("nothing in common", [[1, 2, 3, 4, 5]], [6, 7, 8, 9, 10]),
    ("only single tokens in common", [[1, 2, 3, 4, 5, 6]], [6, 4, 2, 5, 3, 1]),
    ("empty hypothesis", [[1, 2, 3]], []),
    ("empty hypothesis and empty reference", [[], [1, 2]], []),
    ("empty reference among others", [[], [1, 2, 3, 4, 5, 6, 7]], [1, 2, 3]),
    ("one token, found", [[1, 2, 3]], [2]),
    ("one token, not found", [[1, 2, 3]], [9]),
    ("two tokens", [[1, 2, 3, 4, 5]], [2, 3]),
    ("three tokens", [[1, 2, 3, 4, 5]], [2, 3, 4]),
    ("four tokens, fewer than the order", [[1, 2, 3, 4, 5]], [1, 2, 3, 4]),
    ("references shorter than the order", [[1, 2], [2, 3]], [1, 2, 3, 4, 5, 6]),
    ("repeated token, clipped at 2", [[1, 2, 3, 4, 1, 5], [1, 3, 2]], [1, 1, 1, 1, 1, 1, 1]),
    ("repeated phrase", [[1, 2, 1, 2, 3], [1, 2, 4, 1, 2, 4, 1, 2]], [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]),
    ("largest counts come from different references", [[1, 1, 2, 3], [2, 2, 3, 1], [3, 3, 3, 1, 2]], [1, 1, 2, 2, 3, 3, 3, 1]),
    ("longer than all references", [[1, 2, 3], [2, 3, 4, 5]], [1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("shorter than all references", [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 9, 8, 7, 6, 5, 4, 3]], [1, 2, 3, 4, 5]),
    ("closest lengths tie at 4 and 8: the shorter counts", [[1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4]], [1, 2, 3, 4, 5, 9]),
    ("closest lengths tie at 8 and 4, other order", [[1, 2, 3, 4], [1, 2, 3, 4, 5, 6, 7, 8]], [1, 2, 3, 4, 5, 9]),
    ("closest length is longer", [[1, 2, 3, 4, 5, 6, 7], [1]], [1, 2, 3, 4, 5, 6]),
    ("the same reference three times", [[1, 2, 3, 4, 5, 6]] * 3, [1, 2, 3, 4, 6, 5]),
    ("large ids", [[2147483647, 0, 50256, 1]], [0, 50256, 1, 2147483647, 0]),
]
for i in range(24):
    vocabulary = rng.choice([3, 8, 30, 200])
    references = [draw(rng, vocabulary, 0, 14) for _ in range(rng.choice([1, 2, 5, 12]))]
    cases.append((f"random {i}", references, draw(rng, vocabulary, 1, 16)))
many = [draw(rng, 25, 4, 12) for _ in range(150)]
for i in range(4):
    cases.append((f"many references {i}", many, draw(rng, 25, 3, 14)))

sets = [
    ("two equal texts", [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]),
    ("two texts with nothing in common", [[1, 2, 3], [4, 5, 6]]),
    ("a duplicate, a third text and an empty one", [[1, 2, 3, 4, 5, 6], [3, 4, 5, 9], [1, 2, 3, 4, 5, 6], []]),
    ("the text with the largest count loses it", [[7, 7, 7, 1], [7, 7, 2, 1], [7, 3, 2, 1]]),
    ("its own length is the only one of that length", [[1, 2, 3, 4, 5], [1, 2, 3], [1, 2, 3, 4, 5, 6, 7]]),
]
for i in range(4):
    texts = [draw(rng, rng.choice([4, 15, 60]), 0, 12) for _ in range(30)]
    texts += [list(texts[rng.randrange(30)]) for _ in range(6)]
    rng.shuffle(texts)
    sets.append((f"random with duplicates {i}", texts))


def self_bleu(texts):
    rows = [bleu(texts[:i] + texts[i + 1:], text) for i, text in enumerate(texts)]
    return [sum(column) / len(rows) for column in zip(*rows)]


fixture = {
    "how": f"make_bleu_fixture.py with NLTK {nltk.__version__}: nltk.translate.bleu_score.sentence_bleu(references, hypothesis, weights=(1/n,)*n, "
           "smoothing_function=SmoothingFunction().method1) for n = 2, 3, 4, 5. selfBleu is the mean of the same over a set, the references of "
           "each text being all texts at other positions. Tokens are integers; the cases were written by hand or drawn with a fixed seed.",
    "bleu": [{"name": n, "references": r, "hypothesis": h, "expected": bleu(r, h)} for n, r, h in cases],
    "selfBleu": [{"name": n, "texts": t, "expected": self_bleu(t)} for n, t in sets],
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bleu.json")
with open(path, "w") as file:
    lists = ['{\n  "how": ' + json.dumps(fixture["how"])]
    for key in ("bleu", "selfBleu"):
        rows = ",\n    ".join(json.dumps(case, separators=(",", ":")) for case in fixture[key])
        lists.append(f'  "{key}": [\n    {rows}\n  ]')
    file.write(",\n".join(lists) + "\n}\n")
