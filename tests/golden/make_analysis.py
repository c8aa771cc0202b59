"""Makes analysis.json (scikit-learn, NumPy). Read README.md before running it again."""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.utils.class_weight import compute_class_weight

HERE = pathlib.Path(__file__).resolve().parent
RNG = np.random.default_rng(20111201)


def pca(name, rows):
    """Rows are rounded to single precision first, so that both sides see the same numbers."""
    rows = rows.astype(np.float32).astype(np.float64)
    fit = PCA(n_components=2, svd_solver="full").fit(rows)
    points = fit.transform(rows)
    for k in range(2):
        component = fit.components_[k]
        if component[np.argmax(np.abs(component))] < 0:
            points[:, k] *= -1
    return {"name": name, "columns": rows.shape[1], "rows": [float(x) for x in rows.ravel()],
            "points": points.ravel().tolist(), "ratios": fit.explained_variance_ratio_.tolist()}


def spread(n, d, scales):
    """n rows of d values with the given deviations along random directions, a mean far from 0, and a little noise."""
    basis = np.linalg.qr(RNG.normal(size=(d, len(scales))))[0]
    return 5 + RNG.normal(size=(n, len(scales))) * scales @ basis.T + 0.01 * RNG.normal(size=(n, d))


def weights(counts):
    labels = np.repeat(np.arange(8), counts)
    present = np.unique(labels)
    result = np.zeros(8)
    result[present] = compute_class_weight("balanced", classes=present, y=labels)
    return {"counts": counts, "weights": result.tolist()}


cases = [
    pca("more rows than columns", spread(60, 12, [3.0, 1.5, 0.5])),
    pca("more columns than rows", spread(20, 90, [4.0, 2.0, 1.0, 0.5, 0.25])),
    pca("three columns", spread(15, 3, [2.0, 1.0, 0.2])),
    pca("three rows", spread(3, 40, [2.0, 1.0])),
    pca("two columns", spread(8, 2, [2.0, 0.7])),
    pca("slow: variances fall by a tenth", spread(100, 60, [0.9 ** k for k in range(40)])),
]
classes = [weights(c) for c in ([4965, 7215, 3171, 4830, 3995, 436, 4097, 0], [1, 0, 0, 0, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6, 7, 8], [0, 3, 0, 0, 3, 0, 0, 0])]
base = RNG.normal(size=(48, 48)).cumsum(axis=0).cumsum(axis=1)
pixels = []
for k in range(4):
    picture = (3 - k) * base / np.abs(base).max() + RNG.normal(size=(48, 48))
    pixels.append(np.clip(128 + 40 * picture, 0, 255).astype(np.uint8))
flat = np.array([p.ravel() for p in pixels])
pictures = {"pixels": flat.ravel().tolist(), "correlation": np.corrcoef(flat.astype(np.float64)).ravel().tolist(), "mean": float(flat.mean(dtype=np.float64)),
            "deviation": float(flat.astype(np.float64).std()), "histogram": np.histogram(flat, bins=50, range=(0, 256))[0].tolist()}
versions = {"scikit-learn": sklearn.__version__, "numpy": np.__version__}
lines = lambda entries: "[\n" + ",\n".join("    " + json.dumps(e) for e in entries) + "\n  ]"
(HERE / "analysis.json").write_text(
    f'{{\n  "versions": {json.dumps(versions)},\n  "pca": {lines(cases)},\n  "weights": {lines(classes)},\n  "pictures": {json.dumps(pictures)}\n}}\n')
print("analysis.json", len(cases), "projections", len(classes), "weights")
