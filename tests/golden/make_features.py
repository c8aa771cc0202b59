"""Makes features.json (scikit-image, NumPy). Read README.md before running it again."""
import json
import pathlib

import numpy as np
import skimage
from skimage.feature import hog, local_binary_pattern

HERE = pathlib.Path(__file__).resolve().parent
RNG = np.random.default_rng(20020701)


def smooth(size, rounds):
    """Noise, blurred and stretched to 0..255, as bytes: gradients of all sizes, and hardly a tie."""
    picture = RNG.normal(size=(size, size))
    for _ in range(rounds):
        picture = (picture + np.roll(picture, 1, 0) + np.roll(picture, 1, 1) + np.roll(picture, -1, 0) + np.roll(picture, -1, 1)) / 5
    low, high = picture.min(), picture.max()
    return np.round(255 * (picture - low) / (high - low)).astype(np.uint8)


def bin_of(code):
    """0: no bit; 1..56: by the number of bits and the first bit of the run; 57: all; 58: not uniform."""
    bits = [code >> i & 1 for i in range(8)]
    starts = [i for i in range(8) if bits[i] and not bits[i - 1]]
    ones = sum(bits)
    return 0 if ones == 0 else 57 if ones == 8 else 58 if len(starts) > 1 else 1 + (ones - 1) * 8 + starts[0]


BINS = np.array([bin_of(c) for c in range(256)])


def lbp(picture, radius, grid):
    size = len(picture)
    codes = local_binary_pattern(picture, 8, radius, "default").astype(int)
    # The same partition of the patterns as scikit-image's own uniform ones.
    uniform = local_binary_pattern(picture, 8, radius, "nri_uniform").astype(int)
    inner = slice(radius, size - radius)
    pairs = set(zip(BINS[codes[inner, inner]].ravel(), uniform[inner, inner].ravel()))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    counts = np.zeros((grid, grid, 59))
    for y in range(radius, size - radius):
        for x in range(radius, size - radius):
            counts[y * grid // size, x * grid // size, BINS[codes[y, x]]] += 1
    return np.sqrt(counts / counts.sum(axis=2, keepdims=True)).ravel()


def hog_interpolated(picture, cell, block, bins):
    """Dalal and Triggs 2005 from the definition, in float64; gradients, areas and L2-Hys as scikit-image."""
    p = picture.astype(np.float64)
    size, cells = len(p), len(p) // cell
    dx, dy = np.zeros_like(p), np.zeros_like(p)
    dx[:, 1:-1], dy[1:-1, :] = p[:, 2:] - p[:, :-2], p[2:, :] - p[:-2, :]
    length, angle = np.hypot(dx, dy), np.degrees(np.arctan2(dy, dx)) % 180
    histogram = np.zeros((cells, cells, bins))
    for y in range(size):
        for x in range(size):
            b, v, u = angle[y, x] * bins / 180 - 0.5, (y + 0.5) / cell - 0.5, (x + 0.5) / cell - 0.5
            for i in (int(np.floor(v)), int(np.floor(v)) + 1):
                for j in (int(np.floor(u)), int(np.floor(u)) + 1):
                    for k in (int(np.floor(b)), int(np.floor(b)) + 1):
                        if 0 <= i < cells and 0 <= j < cells:
                            histogram[i, j, k % bins] += length[y, x] * (1 - abs(v - i)) * (1 - abs(u - j)) * (1 - abs(b - k))
    histogram /= cell * cell
    n, out = cells - block + 1, []
    for i in range(n):
        for j in range(n):
            v = histogram[i:i + block, j:j + block].ravel()
            v = np.minimum(v / np.sqrt(np.sum(v ** 2) + 1e-10), 0.2)
            out.append(v / np.sqrt(np.sum(v ** 2) + 1e-10))
    return np.concatenate(out)


def hog_nearest(picture, cell, block, bins):
    return hog(picture, orientations=bins, pixels_per_cell=(cell, cell), cells_per_block=(block, block), block_norm="L2-Hys")


def entry(reference, picture, values, **parameters):
    return {"reference": reference, "parameters": parameters, "picture": picture, "values": [round(float(v), 7) for v in values]}


pictures = [smooth(24, 1), smooth(32, 3)]
cases = [
    entry("local_binary_pattern", 0, lbp(pictures[0], 1, 3), kind="lbp", size=24, radius=1, grid=3),
    entry("local_binary_pattern", 1, lbp(pictures[1], 2, 3), kind="lbp", size=32, radius=2, grid=3),
    entry("hog", 0, hog_nearest(pictures[0], 8, 2, 9), kind="hog", size=24, cellSize=8, blockSize=2, bins=9, votes="nearest"),
    entry("hog", 1, hog_nearest(pictures[1], 8, 3, 7), kind="hog", size=32, cellSize=8, blockSize=3, bins=7, votes="nearest"),
    entry("the definition", 0, hog_interpolated(pictures[0], 6, 2, 9), kind="hog", size=24, cellSize=6, blockSize=2, bins=9, votes="interpolated"),
    entry("the definition", 1, hog_interpolated(pictures[1], 8, 1, 8), kind="hog", size=32, cellSize=8, blockSize=1, bins=8, votes="interpolated"),
]
versions = {"scikit-image": skimage.__version__, "numpy": np.__version__}
lines = lambda entries: "[\n" + ",\n".join("    " + json.dumps(e) for e in entries) + "\n  ]"
(HERE / "features.json").write_text(
    f'{{\n  "versions": {json.dumps(versions)},\n  "pictures": {lines([{"side": len(p), "pixels": p.ravel().tolist()} for p in pictures])},\n  "cases": {lines(cases)}\n}}\n')
print("features.json", len(cases), "cases")
