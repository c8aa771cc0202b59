"""Makes metrics.json (scikit-learn, SciPy). Read README.md before running it again."""
import json
import pathlib
import warnings

import numpy as np
import scipy
import sklearn
from scipy import optimize, stats
from sklearn import metrics
from sklearn.dummy import DummyClassifier

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).resolve().parent
RNG = np.random.default_rng(20111201)
K = 8
EPS = np.finfo(np.float64).eps


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def draw(n, weights, strength, scale=1.0, known=K):
    """Truths with the given shares, and probabilities that lean towards them; classes from `known` on get exactly 0."""
    truth = RNG.choice(K, n, p=np.asarray(weights) / np.sum(weights))
    logits = RNG.normal(size=(n, K))
    logits[np.arange(n), truth] += strength
    logits[:, known:] = -np.inf
    return truth, softmax(logits * scale)


def reliability(conf, right, edges_of):
    total, rows = 0.0, []
    for members in edges_of:
        count = len(members)
        mean, acc = (float(conf[members].mean()), float(right[members].mean())) if count else (0.0, 0.0)
        rows.append([count, mean, acc])
        total += count * abs(acc - mean)
    return total / len(conf), rows


def slope(p, truth, b):
    """Derivative of the log-loss by 1/T; zero probabilities stay zero, and a truth of probability 0 cannot be mended."""
    ok = p[np.arange(len(p)), truth] > 0
    logs = np.where(p > 0, np.log(np.maximum(p, EPS)), -np.inf)[ok]
    weights = softmax(b * logs)
    mean = np.sum(np.where(weights > 0, weights * np.where(np.isfinite(logs), logs, 0), 0), axis=1)
    return np.sum(mean - logs[np.arange(len(logs)), truth[ok]])


def informedness(c):
    n, rows, cols, hits = c.sum(), c.sum(axis=1), c.sum(axis=0), np.diag(c)
    total = 0.0
    for k in range(K):
        if 0 < rows[k] < n:
            false_rate = (cols[k] - hits[k]) / (n - rows[k])
            total += cols[k] / n * (hits[k] / rows[k] - false_rate)
    return float(total)


def case(name, truth, p):
    n, labels = len(truth), list(range(K))
    pred = p.argmax(axis=1)
    conf, right = p.max(axis=1), (pred == truth)
    scaled = p / p.sum(axis=1, keepdims=True)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(truth, pred, labels=labels, zero_division=0)
    kappa = float(metrics.cohen_kappa_score(truth, pred))
    confusion = metrics.confusion_matrix(truth, pred, labels=labels)
    macro, weighted = ([float(v) for v in metrics.precision_recall_fscore_support(truth, pred, average=a, zero_division=0)[:2]] for a in ("macro", "weighted"))
    # Of equal scores scikit-learn takes the highest index first, FerSharp the lowest: the columns are turned round.
    top2 = metrics.top_k_accuracy_score(K - 1 - truth, p[:, ::-1], k=2, labels=labels)
    width = np.clip(np.ceil(conf * 15) - 1, 0, 14).astype(int)
    order = np.argsort(conf, kind="stable")
    ece, table = reliability(conf, right, [np.where(width == b)[0] for b in range(15)])
    distinct = len(np.unique(conf)) == n
    mass = reliability(conf, right, np.array_split(order, 15)) if distinct else None
    falling = np.argsort(-conf, kind="stable")
    aurc = float(np.mean(np.cumsum(~right[falling]) / np.arange(1, n + 1))) if distinct else None
    low, high = 1 / 20, 20
    interior = slope(p, truth, low) < 0 < slope(p, truth, high)
    temperature = 1 / optimize.brentq(lambda b: slope(p, truth, b), low, high, xtol=1e-15, rtol=1e-14) if interior else None
    tempered = None
    if temperature:
        t = np.power(p, 1 / temperature)
        tempered = float(metrics.log_loss(truth, t / t.sum(axis=1, keepdims=True), labels=labels))
    dummy = DummyClassifier(strategy="most_frequent").fit(np.zeros((n, 1)), truth).predict(np.zeros((n, 1)))
    curves = []
    for k in (1, 3, 5):
        ap = abs(float(metrics.average_precision_score(truth == k, p[:, k])))
        pr = metrics.precision_recall_curve(truth == k, p[:, k])
        curves.append({"emotion": k, "averagePrecision": ap, "positives": int((truth == k).sum()), "precision": pr[0][:-1][::-1].tolist(),
                       "recall": pr[1][:-1][::-1].tolist(), "thresholds": pr[2][::-1].tolist()})
    return {
        "name": name, "truth": truth.tolist(), "probabilities": p.ravel().tolist(), "confusion": confusion.ravel().tolist(),
        "accuracy": metrics.accuracy_score(truth, pred), "balancedAccuracy": metrics.balanced_accuracy_score(truth, pred),
        "macroF1": metrics.f1_score(truth, pred, average="macro", zero_division=0), "weightedF1": metrics.f1_score(truth, pred, average="weighted", zero_division=0),
        "matthews": float(metrics.matthews_corrcoef(truth, pred)), "kappa": None if np.isnan(kappa) else kappa,
        "informedness": informedness(confusion), "markedness": informedness(confusion.T),
        "topTwo": float(top2), "logLoss": float(metrics.log_loss(truth, scaled, labels=labels)),
        "brier": float(sum(metrics.brier_score_loss((truth == k).astype(int), p[:, k], pos_label=1) for k in labels)),
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(),
        "majorityAccuracy": metrics.accuracy_score(truth, dummy), "majorityMacroF1": metrics.f1_score(truth, dummy, average="macro", zero_division=0),
        "equalWidthError": ece, "equalWidthBins": table, "equalMassError": mass and mass[0], "equalMassBins": mass and mass[1],
        "aurc": aurc, "temperature": temperature, "temperedLogLoss": tempered, "curves": curves,
        "macroPrecision": macro[0], "macroRecall": macro[1], "weightedPrecision": weighted[0], "weightedRecall": weighted[1],
    }


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) else value.item() if isinstance(value, np.generic) else value


def rows(name, entries):
    return f'  "{name}": [\n' + ",\n".join("    " + json.dumps(plain(e)) for e in entries) + "\n  ]"


even = [1] * K
cases = [case("balanced", *draw(160, even, 2.0)), case("imbalanced with an absent class", *draw(200, [30, 25, 10, 14, 12, 1, 8, 0], 1.5, 2.0, 7))]
cases.append(case("one class only", *draw(60, [0, 1, 0, 0, 0, 0, 0, 0], 1.0)))
truth, p = draw(150, even, 1.5)
# Eighths: many equal scores, exact in binary, each row's sum 1.
ties = np.zeros((150, K))
for i, row in enumerate(p):
    for c in RNG.choice(K, 8, p=row):
        ties[i, c] += 0.125
cases.append(case("ties", truth, ties))
truth = RNG.integers(0, K, 64)
cases.append(case("perfect", truth, np.eye(K)[truth]))
truth, p = draw(120, even, 2.0, 3.0)
cases.append(case("too sure", truth, p))
truth = np.full(40, 1)
cases.append(case("one class, all right", truth, np.eye(K)[truth] * 0.75 + np.eye(K)[truth * 0] * 0.25))

binomial = [{"b": b, "c": c, "p": float(stats.binomtest(b, b + c, 0.5).pvalue) if b + c else 1.0}
            for b, c in [(0, 0), (0, 5), (3, 3), (1, 7), (6, 16), (150, 86), (40, 60), (700, 820), (1500, 900)]]
wilson = []
for s, n, level in [(0, 20, 0.95), (81, 263, 0.95), (15, 148, 0.9), (2400, 3589, 0.95), (3589, 3589, 0.99), (1, 29, 0.999)]:
    ci = stats.binomtest(s, n).proportion_ci(level, method="wilson")
    wilson.append({"successes": s, "trials": n, "level": level, "lower": float(ci.low), "upper": float(ci.high)})
versions = {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__}
body = ",\n".join([rows("classification", cases), rows("mcnemar", binomial), rows("wilson", wilson)])
(HERE / "metrics.json").write_text(f'{{\n  "versions": {json.dumps(versions)},\n{body}\n}}\n')
print("metrics.json", len(cases), "cases")
