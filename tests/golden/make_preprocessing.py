"""Makes preprocessing/cases.json and preprocessing/blob.bin: pixels, an affine map, and the tensor that the reference gives.

Every tensor from OpenCV is also computed in float64 with SciPy; the script stops where the two disagree by more than the
stated tolerance. Run with a Python that has the packages named in README.md. Read README.md before running it again.
"""
import json
import math
import pathlib

import cv2
import numpy as np
import scipy
import skimage
from scipy import ndimage

HERE = pathlib.Path(__file__).resolve().parent / "preprocessing"
RNG = np.random.default_rng(20240229)
CHANNELS = {"Gray8": 1, "Rgb24": 3, "Bgr24": 3, "Rgba32": 4, "Bgra32": 4}
EXACT, RESIZED = 0.002, 0.01  # levels of 0..255: without and with interpolation
blob, offsets, cases = bytearray(), {}, []


def store(data):
    """Appends bytes to the blob, once; returns offset and length."""
    if data not in offsets:
        offsets[data] = len(blob)
        blob.extend(data)
        blob.extend(b"\0" * (-len(blob) % 4))
    return {"offset": offsets[data], "length": len(data)}


def picture(width, height, smooth=False):
    """A colour picture, RGB, uint8: waves plus, unless smooth, noise that shows every slip of a coordinate."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    waves = [128 + 90 * np.sin(x / (5 + 3 * k) + k) * np.cos(y / (7 - 2 * k) - k) for k in range(3)]
    noise = 0 if smooth else RNG.uniform(-60, 60, (height, width, 3))
    return np.clip(np.stack(waves, -1) + noise, 0, 255).round().astype(np.uint8)


def pack(rgb, fmt, padding):
    """The picture as bytes in a pixel format; alpha and the padding behind each row are noise. Returns bytes, stride, RGB as stored."""
    height, width, _ = rgb.shape
    if fmt == "Gray8":
        gray = rgb[:, :, 1]
        rgb, pixels = np.repeat(gray[:, :, None], 3, 2), gray[:, :, None]
    else:
        pixels = rgb if fmt.startswith("Rgb") else rgb[:, :, ::-1]
        if CHANNELS[fmt] == 4:
            pixels = np.concatenate([pixels, RNG.integers(0, 256, (height, width, 1), np.uint8)], 2)
    stride = width * CHANNELS[fmt] + padding
    rows = RNG.integers(0, 256, (height, stride), np.uint8)
    rows[:, : width * CHANNELS[fmt]] = pixels.reshape(height, -1)
    return rows.tobytes()[: (height - 1) * stride + width * CHANNELS[fmt]], stride, rgb


def planes(rgb, fmt, order):
    """Float32 HxWxC picture in the tensor's channel order: gray (one channel) by OpenCV."""
    full = rgb.astype(np.float32)
    if order == "Gray":
        return full[:, :, :1].copy() if fmt == "Gray8" else cv2.cvtColor(full, cv2.COLOR_RGB2GRAY)[:, :, None]
    return full if order == "Rgb" else np.ascontiguousarray(full[:, :, ::-1])


def three(image):
    """OpenCV drops a last axis of one; this puts it back."""
    return image if image.ndim == 3 else image[:, :, None]


def sample(image, matrix, width, height, border, pad, sampling):
    """The kernel's definition in float64: mean of kx x ky bilinear samples per tensor pixel (1 x 1 for Bilinear)."""
    a, b, c, d, e, f = matrix
    count = lambda step: min(16, max(1, math.ceil(step - 1e-6))) if sampling == "Area" else 1
    kx, ky = count(math.hypot(a, d)), count(math.hypot(b, e))
    total = np.zeros((height, width, image.shape[2]))
    j, i = np.mgrid[0:height, 0:width].astype(float)
    for sy in range(ky):
        for sx in range(kx):
            xt, yt = i + (sx + 0.5) / kx, j + (sy + 0.5) / ky
            at = [d * xt + e * yt + f - 0.5, a * xt + b * yt + c - 0.5]
            if border == "Replicate":
                at = [np.clip(at[0], 0, image.shape[0] - 1), np.clip(at[1], 0, image.shape[1] - 1)]
            for channel in range(image.shape[2]):
                total[:, :, channel] += ndimage.map_coordinates(
                    image[:, :, channel].astype(np.float64), at, order=1, cval=pad,
                    mode="nearest" if border == "Replicate" else "grid-constant")
    return total / (kx * ky)


def normalise(values, spec):
    values = values.astype(np.float64)
    if spec["channels"] == 3 and values.shape[2] == 1:
        values = np.repeat(values, 3, 2)
    # The parameters are single-precision numbers in the library.
    single = lambda v: np.asarray(v, np.float32).astype(np.float64)
    values = (values * single(spec["scale"]) - single(spec["mean"])) / single(spec["std"])
    if spec["standardizationEpsilon"] is not None:
        values = (values - values.mean()) / (values.std() + single(spec["standardizationEpsilon"]))
    return values


def fit(width, height, tensor, mode):
    """Tensor-to-source matrix of the three ways to fit a whole picture."""
    tw, th = tensor
    if mode == "Stretch":
        return [width / tw, 0, 0, 0, height / th, 0]
    s = max(width / tw, height / th)
    centre = mode == "LetterboxCenter"
    return [s, 0, (width - tw * s) / 2 if centre else 0, 0, s, (height - th * s) / 2 if centre else 0]


def similarity(scale, degrees, tensor, centre):
    """Tensor-to-source: a tensor whose centre lies at a source point, turned and scaled."""
    cos, sin = scale * math.cos(math.radians(degrees)), scale * math.sin(math.radians(degrees))
    tx, ty = tensor[0] / 2, tensor[1] / 2
    return [cos, -sin, centre[0] - cos * tx + sin * ty, sin, cos, centre[1] - sin * tx - cos * ty]


def case(name, size, tensor, fmt="Rgb24", order="Rgb", layout="Nchw", channels=None, padding=0, matrix=None, region=None, resize="Stretch",
         border="Replicate", pad=0.0, sampling="Bilinear", scale=1.0, mean=(0.0,), std=(1.0,), epsilon=None, reference=None,
         tolerance=RESIZED, smooth=False):
    """Adds a case. `reference` makes HxWxC values from the float32 planes; None means the float64 SciPy sampler."""
    raw, stride, rgb = pack(picture(*size, smooth), fmt, padding)
    whole = matrix is None and region is None
    if matrix is None:
        if region:
            x, y, w, h = region
            matrix = [w / tensor[0], 0, x, 0, h / tensor[1], y]
        else:
            matrix = fit(*size, tensor, resize)
    spec = {"name": "input", "width": tensor[0], "height": tensor[1], "channels": channels or (1 if order == "Gray" else 3), "order": order,
            "layout": layout, "scale": scale, "mean": list(mean), "std": list(std), "standardizationEpsilon": epsilon,
            "resize": resize, "border": border, "padValue": pad, "sampling": sampling}
    image = planes(rgb, fmt, order)
    truth = sample(image, matrix, *tensor, border, pad, sampling)
    made_by, blobbed, values = "scipy.ndimage.map_coordinates", None, truth
    if reference:
        made_by, result = reference
        if made_by.startswith("cv2.dnn"):
            blobbed = result(image)
        else:
            values = three(result(image))
    expected = normalise(values, spec) if blobbed is None else blobbed
    own = normalise(truth, spec)
    unit = float(scale / np.min(std))
    if epsilon is not None:
        before = normalise(truth, {**spec, "standardizationEpsilon": None})
        unit *= 2 / (before.std() + epsilon)  # a shift of every value also moves mean and deviation
    tolerance = float(f"{tolerance * unit + 1e-5:.3g}")
    off = np.abs(expected - own).max()
    assert expected.shape == (tensor[1], tensor[0], spec["channels"]), (name, expected.shape)
    assert off <= 0.7 * tolerance, f"{name}: the reference and the definition differ by {off:.3g}, tolerance {tolerance}"
    out = expected if layout == "Nhwc" else expected.transpose(2, 0, 1)
    cases.append({
        "name": name,
        "source": {"width": size[0], "height": size[1], "format": fmt, "stride": stride, **store(raw)},
        "matrix": [float(v) for v in matrix], "region": region, "wholePicture": whole, "spec": spec,
        "expected": store(np.ascontiguousarray(out, "<f4").tobytes()), "tolerance": tolerance, "reference": made_by})


def resized(tensor, region=None, border=None):
    """cv2.resize of a region that needs no pixel outside itself, or of one that a border was put around."""
    def run(image):
        if region is None:
            return cv2.resize(image, tensor, interpolation=cv2.INTER_LINEAR)
        x, y, w, h = region
        height, width = image.shape[:2]
        left, top, right, bottom = max(0, -x), max(0, -y), max(0, x + w - width), max(0, y + h - height)
        if border:
            kind, pad = border
            image = three(cv2.copyMakeBorder(image, top, bottom, left, right, kind, value=(pad,) * 3))
        part = np.ascontiguousarray(image[y + top:y + top + h, x + left:x + left + w])
        return cv2.resize(part, tensor, interpolation=cv2.INTER_LINEAR)
    return ("cv2.copyMakeBorder + cv2.resize INTER_LINEAR" if border else "cv2.resize INTER_LINEAR", run)


def resized_within(tensor, region, extra):
    """An enlarged region reads a little beyond its edge: resize a wider region and cut; `extra` source pixels are whole tensor pixels."""
    def run(image):
        x, y, w, h = region
        ex, ey = extra
        tx, ty = ex * tensor[0] // w, ey * tensor[1] // h
        assert tx * w == ex * tensor[0] and ty * h == ey * tensor[1]
        part = np.ascontiguousarray(image[y - ey:y + h + ey, x - ex:x + w + ex])
        big = three(cv2.resize(part, (tensor[0] + 2 * tx, tensor[1] + 2 * ty), interpolation=cv2.INTER_LINEAR))
        return big[ty:ty + tensor[1], tx:tx + tensor[0]]
    return ("cv2.resize INTER_LINEAR", run)


def letterboxed(size, tensor, centre, pad, first):
    """Letterbox with OpenCV: resize, then pad (reductions by whole sizes), or pad, then resize (first)."""
    def run(image):
        s = max(size[0] / tensor[0], size[1] / tensor[1])
        frame = (round(tensor[0] * s), round(tensor[1] * s)) if first else tensor
        inner = size if first else (round(size[0] / s), round(size[1] / s))
        over = (frame[0] - inner[0], frame[1] - inner[1])
        left, top = (over[0] // 2, over[1] // 2) if centre else (0, 0)
        if not first:
            image = three(cv2.resize(image, inner, interpolation=cv2.INTER_LINEAR))
        image = three(cv2.copyMakeBorder(image, top, over[1] - top, left, over[0] - left, cv2.BORDER_CONSTANT, value=(pad,) * 3))
        return cv2.resize(image, tensor, interpolation=cv2.INTER_LINEAR) if first else image
    return ("cv2.copyMakeBorder + cv2.resize INTER_LINEAR" if first else "cv2.resize INTER_LINEAR + cv2.copyMakeBorder", run)


def area(tensor, region):
    x, y, w, h = region
    return ("cv2.resize INTER_AREA", lambda image: cv2.resize(np.ascontiguousarray(image[y:y + h, x:x + w]), tensor, interpolation=cv2.INTER_AREA))


def warped(matrix, tensor, border, pad):
    a, b, c, d, e, f = matrix
    # OpenCV counts from pixel centres.
    whole = np.array([[a, b, c + 0.5 * (a + b) - 0.5], [d, e, f + 0.5 * (d + e) - 0.5]])
    kind = cv2.BORDER_REPLICATE if border == "Replicate" else cv2.BORDER_CONSTANT
    return ("cv2.warpAffine INTER_LINEAR", lambda image: cv2.warpAffine(
        image, whole, tensor, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=kind, borderValue=(pad,) * 3))


def blob_from(tensor, factor, mean):
    return ("cv2.dnn.blobFromImage", lambda image: cv2.dnn.blobFromImage(image, factor, tensor, mean, swapRB=False, crop=False)[0].transpose(1, 2, 0))


def formats():
    """Every source format into every kind of tensor, copied 1:1 and resized, with tight and padded rows."""
    turn = 0
    for fmt in CHANNELS:
        for order, channels in (("Gray", 1), ("Gray", 3), ("Rgb", 3), ("Bgr", 3)):
            kind = f"{fmt}-to-{order}{channels}"
            layouts = ("Nchw", "Nhwc") if turn % 2 == 0 else ("Nhwc", "Nchw")
            size = (13, 11)
            case(f"copy-{kind}-{layouts[0]}", size, size, fmt, order, layouts[0], channels, padding=(0, 3, 5)[turn % 3],
                 reference=("cv2.cvtColor", lambda image: image), tolerance=EXACT)
            size, tensor = ((17, 12), (9, 10)) if turn % 2 else ((7, 5), (12, 11))
            case(f"resize-{kind}-{layouts[1]}", size, tensor, fmt, order, layouts[1], channels, padding=(7, 0, 1)[turn % 3],
                 reference=resized(tensor))
            turn += 1


def crops():
    inside = [
        ("half", (40, 30), (10, 6, 24, 20), (12, 10)), ("third", (97, 61), (20, 3, 60, 54), (20, 18)),
        ("reduce-1.7", (97, 61), (11, 5, 81, 51), (48, 30)), ("reduce-other-axis", (64, 48), (5, 7, 48, 30), (16, 30)),
        ("copy", (31, 29), (4, 6, 20, 17), (20, 17)), ("strong", (97, 61), (0, 0, 97, 61), (4, 3))]
    for index, (name, size, region, tensor) in enumerate(inside):
        case(f"crop-{name}", size, tensor, ("Bgr24", "Rgba32", "Gray8")[index % 3], ("Rgb", "Gray", "Bgr")[index % 3 if index % 3 != 2 else 1],
             ("Nchw", "Nhwc")[index % 2], padding=index, region=region, reference=resized(tensor, region))
    case("enlarge-double", (20, 18), (16, 12), "Bgra32", "Rgb", region=(5, 4, 8, 6), reference=resized_within((16, 12), (5, 4, 8, 6), (2, 2)))
    case("enlarge-one-and-a-half", (40, 30), (24, 18), "Gray8", "Gray", padding=2, region=(9, 6, 16, 12),
         reference=resized_within((24, 18), (9, 6, 16, 12), (2, 2)))
    case("enlarge-whole-7", (7, 5), (48, 37), "Bgr24", "Gray", channels=3, reference=resized((48, 37)))
    case("enlarge-whole-5", (5, 5), (48, 48), "Rgb24", "Bgr", "Nhwc", reference=resized((48, 48)))
    case("one-pixel", (1, 1), (6, 4), "Bgra32", "Rgb", reference=resized((6, 4)))
    case("one-column", (1, 9), (5, 7), "Rgb24", "Gray", reference=resized((5, 7)))
    case("one-row", (9, 1), (7, 5), "Bgr24", "Bgr", padding=3, reference=resized((7, 5)))
    case("crop-fractional-origin", (41, 33), (24, 20), "Rgb24", "Rgb", matrix=[0.8125, 0, 7.3, 0, 0.9, 4.65])
    case("crop-fractional-gray", (64, 48), (48, 48), "Bgra32", "Gray", padding=8, matrix=[0.61, 0, 12.77, 0, 0.61, 9.21])
    outside = [("top-left", (-8, -6, 32, 24), (16, 12)), ("bottom-right", (24, 18, 24, 21), (16, 14)), ("all-round", (-10, -9, 60, 51), (20, 17)),
               ("left-enlarged", (-6, 4, 12, 12), (24, 24)), ("mostly-out", (30, 20, 32, 28), (16, 14))]
    for index, (name, region, tensor) in enumerate(outside):
        for border in ("Replicate", "Constant"):
            pad = (0.0, 127.5, 255.0, 114.0, 30.0)[index] if border == "Constant" else 0.0
            kind = cv2.BORDER_CONSTANT if border == "Constant" else cv2.BORDER_REPLICATE
            enlarged = region[2] < tensor[0]
            case(f"outside-{name}-{border}", (40, 32), tensor, list(CHANNELS)[index], "Gray" if index % 2 else "Rgb", ("Nchw", "Nhwc")[index % 2],
                 padding=index, region=region, border=border, pad=pad, reference=None if enlarged else resized(tensor, region, (kind, pad)))
    case("far-outside-constant", (13, 11), (6, 5), "Rgb24", "Bgr", matrix=[2, 0, 5000, 0, 2, -9000], border="Constant", pad=77.0, tolerance=EXACT)
    case("far-outside-replicate", (13, 11), (6, 5), "Bgr24", "Rgb", matrix=[2, 0, 5000, 0, 2, -9000], tolerance=EXACT)


def letterboxes():
    for size, tensor, pad, first in (((40, 20), (32, 32), 0.0, True), ((64, 48), (32, 32), 114.0, False), ((30, 60), (20, 20), 127.5, False),
                                     ((12, 8), (48, 48), 90.0, True)):
        for centre in (False, True):
            mode = "LetterboxCenter" if centre else "LetterboxTopLeft"
            case(f"letterbox-{size[0]}x{size[1]}-{'centre' if centre else 'top-left'}", size, tensor, "Bgr24" if first else "Rgba32",
                 "Bgr" if pad else "Rgb", resize=mode, border="Constant", pad=pad,
                 # Enlarging, the kernel blends the border into every edge of the picture; OpenCV's two steps do not.
                 reference=None if size[0] < tensor[0] else letterboxed(size, tensor, centre, pad, first))
    case("letterbox-odd-centre", (97, 61), (45, 37), "Bgra32", "Rgb", padding=5, resize="LetterboxCenter", border="Constant", pad=114.0)
    case("letterbox-odd-top-left-replicate", (61, 97), (37, 45), "Gray8", "Gray", resize="LetterboxTopLeft")


def normalisations():
    imagenet = {"scale": 1 / 255, "mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
    case("imagenet-rgb", (40, 30), (20, 16), "Bgr24", "Rgb", reference=resized((20, 16)), **imagenet)
    case("imagenet-rgb-nhwc", (40, 30), (20, 16), "Rgba32", "Rgb", "Nhwc", padding=4, reference=resized((20, 16)), **imagenet)
    case("gray3-channel-means", (24, 24), (16, 16), "Rgb24", "Gray", channels=3, mean=(91.4953, 103.8827, 131.0912), reference=resized((16, 16)))
    case("minus-one-to-one", (24, 24), (12, 12), "Gray8", "Gray", scale=1 / 127.5, mean=(1.0,), reference=resized((12, 12)))
    case("zero-to-one-nhwc", (24, 24), (15, 11), "Bgra32", "Gray", "Nhwc", scale=1 / 255, reference=resized((15, 11)))
    case("constant-border-normalised", (20, 20), (16, 16), "Rgb24", "Rgb", region=(-6, -6, 32, 32), border="Constant", pad=127.5, scale=1 / 255,
         mean=(0.5,), std=(0.25,), reference=resized((16, 16), (-6, -6, 32, 32), (cv2.BORDER_CONSTANT, 127.5)))
    for order, mean, factor in (("Bgr", (104.0, 117.0, 123.0), 1.0), ("Rgb", (127.5, 127.5, 127.5), 1 / 128), ("Rgb", (123.68, 116.78, 103.94), 0.017)):
        case(f"blob-from-image-{order}-{factor:.3g}", (50, 36), (25, 24), "Bgr24", order, scale=factor, mean=tuple(m * factor for m in mean),
             reference=blob_from((25, 24), factor, mean))
    for index, (epsilon, order, extra) in enumerate(((8.0, "Gray", {}), (1e-6, "Gray", {"scale": 1 / 255}), (0.001, "Rgb", imagenet),
                                                     (8.0, "Gray", {"channels": 3}))):
        case(f"standardised-{index}-{order}", (48, 48), (24, 24), ("Gray8", "Bgra32", "Rgb24", "Bgr24")[index], order, ("Nchw", "Nhwc")[index % 2],
             epsilon=epsilon, reference=("cv2.resize INTER_LINEAR + numpy mean and std", resized((24, 24))[1]), **extra)
    case("standardised-outside", (30, 26), (16, 16), "Rgb24", "Gray", region=(-9, -7, 36, 36), border="Constant", pad=128.0, epsilon=8.0,
         reference=("cv2.copyMakeBorder + cv2.resize INTER_LINEAR + numpy mean and std",
                    resized((16, 16), (-9, -7, 36, 36), (cv2.BORDER_CONSTANT, 128.0))[1]))


def alignments():
    turns = [(1.0, 15, (30, 24)), (0.7, -33, (20, 20)), (1.9, 30, (48, 30)), (0.45, 170, (40, 30)), (1.3, 90, (30, 40)), (2.4, -120, (70, 10))]
    for index, (scale, degrees, centre) in enumerate(turns):
        for border in ("Replicate", "Constant"):
            size, tensor = ((97, 61), (24, 28))
            order, channels = (("Gray", 1), ("Rgb", 3), ("Bgr", 3), ("Gray", 3))[index % 4]
            case(f"align-{degrees}deg-x{scale}-{border}", size, tensor, list(CHANNELS)[(index + 2 * (border == "Constant")) % 5], order,
                 ("Nchw", "Nhwc")[index % 2], channels, padding=index % 3, matrix=similarity(scale, degrees, tensor, centre), border=border,
                 pad=100.0 if border == "Constant" else 0.0, **({"scale": 1 / 255} if index == 1 else {}))
    case("align-mirrored", (40, 40), (20, 20), "Rgb24", "Rgb", matrix=[-1.5, 0, 36, 0, 1.5, 3])
    case("align-sheared", (60, 50), (21, 19), "Bgr24", "Gray", matrix=[1.2, 0.7, 4, -0.3, 1.6, 9], border="Constant", pad=50.0)
    for degrees, border in ((20, "Replicate"), (-50, "Constant")):
        matrix = similarity(1.25, degrees, (32, 32), (44, 30))
        case(f"warp-affine-{degrees}deg", (97, 61), (32, 32), "Bgr24", "Bgr", matrix=matrix, border=border, pad=114.0 if border == "Constant" else 0.0,
             smooth=True, tolerance=1.5, reference=warped(matrix, (32, 32), border, 114.0))


def areas():
    for index, (region, tensor) in enumerate((((0, 0, 48, 48), (24, 24)), ((4, 5, 60, 45), (20, 15)), ((1, 2, 64, 48), (16, 12)),
                                             ((3, 1, 80, 60), (10, 20)), ((0, 0, 96, 48), (6, 3)))):
        case(f"area-{region[2] // tensor[0]}x{region[3] // tensor[1]}", (97, 61), tensor, list(CHANNELS)[index], "Gray" if index % 2 else "Rgb",
             ("Nchw", "Nhwc")[index % 2], padding=index, region=region, sampling="Area", reference=area(tensor, region))
    case("area-non-integer", (97, 61), (28, 20), "Rgb24", "Rgb", region=(6, 2, 81, 53), sampling="Area")
    case("area-enlarging", (20, 16), (30, 24), "Bgr24", "Rgb", sampling="Area")
    case("area-one-axis", (60, 20), (16, 32), "Gray8", "Gray", sampling="Area")
    case("area-outside", (40, 32), (12, 10), "Bgra32", "Gray", region=(-9, -8, 45, 37), sampling="Area", border="Constant", pad=114.0)
    case("area-turned", (97, 61), (20, 20), "Rgba32", "Rgb", matrix=similarity(2.6, 25, (20, 20), (48, 30)), sampling="Area")
    case("area-capped", (97, 61), (4, 3), "Gray8", "Gray", sampling="Area")


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    for group in (formats, crops, letterboxes, normalisations, alignments, areas):
        group()
    assert len({c["name"] for c in cases}) == len(cases)
    versions = {"opencv": cv2.__version__, "scipy": scipy.__version__, "numpy": np.__version__, "scikit-image": skimage.__version__}
    lines = ",\n".join("    " + json.dumps(c) for c in cases)
    (HERE / "cases.json").write_text(f'{{\n  "versions": {json.dumps(versions)},\n  "blob": "blob.bin",\n  "cases": [\n{lines}\n  ]\n}}\n')
    (HERE / "blob.bin").write_bytes(blob)
    print(f"{len(cases)} cases, {len(blob)} bytes")
