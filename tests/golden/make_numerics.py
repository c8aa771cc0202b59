"""Makes similarity.json (scikit-image) and numerics.json (SciPy, OpenCV). Read README.md before running it again."""
import json
import math
import pathlib

import cv2
import numpy as np
import scipy
import skimage
from scipy.special import softmax
from skimage.transform import SimilarityTransform

HERE = pathlib.Path(__file__).resolve().parent
RNG = np.random.default_rng(19910401)
VERSIONS = {"opencv": cv2.__version__, "scipy": scipy.__version__, "numpy": np.__version__, "scikit-image": skimage.__version__}

# Five points of ArcFace's 112 x 112 template, and a looser one of our own in the unit square.
ARCFACE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])
LOOSE = np.array([[0.34, 0.40], [0.66, 0.40], [0.50, 0.58], [0.37, 0.76], [0.63, 0.76]])


def single(values):
    """Rounds to single precision, so that the library's PointF and float hold exactly the numbers in the file."""
    return np.asarray(values, np.float32).astype(np.float64)


def rows(name, entries):
    return f'  "{name}": [\n' + ",\n".join("    " + json.dumps(e) for e in entries) + "\n  ]"


def write(file, groups):
    body = ",\n".join(rows(name, entries) for name, entries in groups.items())
    (HERE / file).write_text(f'{{\n  "versions": {json.dumps(VERSIONS)},\n{body}\n}}\n')
    print(file, {name: len(entries) for name, entries in groups.items()})


def face(template, scale, degrees, centre, noise=0.0):
    """A template laid into a picture: turned, scaled, moved, with noise in pixels."""
    turn = math.radians(degrees)
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    return (template - template.mean(0)) @ rotation.T * scale + centre + RNG.normal(0, 1, (5, 2)) * noise


def similarity(name, landmarks, template):
    landmarks, template = single(landmarks), single(template)
    estimate = SimilarityTransform()
    found = estimate.estimate(landmarks, template) and np.isfinite(estimate.params).all() and estimate.scale > 1e-9
    entry = {"name": name, "landmarks": landmarks.tolist(), "template": template.tolist(), "toTemplate": None, "toSource": None, "tolerance": None}
    if found:
        inverse = np.linalg.inv(estimate.params)
        entry["toTemplate"] = estimate.params[:2].ravel().tolist()
        entry["toSource"] = inverse[:2].ravel().tolist()
        # Largest distance, in units of the goal, to which a point may be mapped off its place: 1/10,000 of the goal's extent, and what
        # single precision loses in a long translation.
        slack = lambda goal, map: float(f"{1e-4 * np.ptp(goal, axis=0).max() + 2e-7 * np.abs(map[:2, 2]).max():.3g}")
        entry["tolerance"] = {"template": slack(template, estimate.params), "source": slack(landmarks, inverse)}
    return entry


def similarities():
    swapped = ARCFACE[[1, 0, 2, 4, 3]]
    return [
        similarity("identity", ARCFACE, ARCFACE),
        similarity("upright-noisy", face(ARCFACE, 1.7, 0, (320, 240), 3), ARCFACE),
        similarity("turned-30", face(ARCFACE, 2.2, 30, (211, 140), 2), ARCFACE),
        similarity("turned-minus-30-loose", face(LOOSE * 48, 3.1, -30, (400, 300), 4), LOOSE * 48),
        similarity("turned-90", face(ARCFACE, 0.9, 90, (90, 80), 1), ARCFACE),
        similarity("turned-170", face(ARCFACE, 1.4, 170, (500, 90), 2), ARCFACE),
        similarity("turned-180-exact", face(ARCFACE, 1, 180, (100, 100)), ARCFACE),
        similarity("tiny", face(ARCFACE, 0.06, 12, (1900, 1060), 0.2), ARCFACE),
        similarity("huge", face(ARCFACE, 60, -8, (4000, 3000), 50), ARCFACE),
        similarity("unit-template", face(LOOSE, 130, 5, (250, 260), 3), LOOSE),
        similarity("loose-224", face(LOOSE * 224, 0.4, -14, (77, 301), 1), LOOSE * 224),
        similarity("partly-outside", face(ARCFACE, 1.1, 20, (-12, 8), 1), ARCFACE),
        similarity("profile", face(ARCFACE * [0.25, 1], 1.5, 4, (300, 200), 1), ARCFACE),
        similarity("half-profile-turned", face(ARCFACE * [0.5, 1], 2, -40, (300, 200), 2), ARCFACE),
        similarity("left-and-right-swapped", face(swapped, 1.5, 10, (150, 150), 1), ARCFACE),
        similarity("strong-noise", face(ARCFACE, 0.5, 0, (60, 60), 12), ARCFACE),
        similarity("on-a-line", np.stack([np.full(5, 50.0), [10, 20, 30, 40, 50]], 1), ARCFACE),
        similarity("one-point", np.full((5, 2), 42.0), ARCFACE),
    ]


def softmaxes():
    inputs = [([1, 2, 3], 1), ([0, 0, 0, 0], 1), ([1000, 999, -1000], 1), ([-800, -801, -802.5], 1), ([88.9, 0, -88.9], 0.5), ([5], 1), ([1, 2, 3], 1e-2)]
    inputs += [(RNG.normal(0, 3, size), temperature) for size in (7, 8) for temperature in (0.5, 0.86, 0.9, 1, 1.7, 4, 100)]
    entries = []
    for logits, temperature in inputs:
        logits, temperature = single(logits), float(single(temperature))
        entries.append({"logits": logits.tolist(), "temperature": temperature, "expected": softmax(logits / temperature).tolist(), "tolerance": 1e-6})
    return entries


def overlap(boxes):
    x1, y1, x2, y2 = boxes[:, 0], boxes[:, 1], boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]
    width = np.clip(np.minimum(x2[:, None], x2) - np.maximum(x1[:, None], x1), 0, None)
    height = np.clip(np.minimum(y2[:, None], y2) - np.maximum(y1[:, None], y1), 0, None)
    areas = boxes[:, 2] * boxes[:, 3]
    return width * height / (areas[:, None] + areas - width * height)


def suppression(name, count, clusters, spread, score_threshold, iou_threshold):
    """Random boxes [x, y, width, height] about a few centres; no overlap lies so near the threshold that rounding decides."""
    while True:
        middle = RNG.uniform(60, 580, (clusters, 2))[RNG.integers(0, clusters, count)]
        side = RNG.uniform(24, 90, (count, 1)) * RNG.uniform(0.8, 1.25, (count, 2))
        boxes = single(np.round(np.hstack([middle + RNG.normal(0, spread, (count, 2)) - side / 2, side]), 2))
        scores = single(np.round(RNG.uniform(0.05, 1, count), 4))
        if len(set(scores)) == count and np.abs(overlap(boxes) - iou_threshold).min() > 1e-5 and np.abs(scores - score_threshold).min() > 1e-5:
            break
    keep = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), score_threshold, iou_threshold)
    return {"name": name, "boxes": boxes.tolist(), "scores": scores.tolist(), "scoreThreshold": score_threshold, "iouThreshold": iou_threshold,
            "keep": [int(index) for index in np.ravel(keep)]}


if __name__ == "__main__":
    write("similarity.json", {"cases": similarities()})
    write("numerics.json", {"softmax": softmaxes(), "nonMaximumSuppression": [
        suppression("clusters", 100, 12, 9, 0.5, 0.4), suppression("crowd", 110, 40, 25, 0.3, 0.3),
        suppression("one-heap", 90, 1, 20, 0.1, 0.6), suppression("all-below", 20, 4, 8, 0.999, 0.4)]})
