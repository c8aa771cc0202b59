#!/usr/bin/env python3
"""OpenCV's C++ from Python: a contestant's process. PeerServer.cs says what lines it reads and writes.

The work is OpenCV's: resize, blobFromImage, dnn, NMSBoxes. What OpenCV 4.6 cannot do itself is the decoding of YuNet's 2023 outputs (its
FaceDetectorYN knows those of 2022 only): numpy does it here, and its time is taken out of the frame's time, so that Python is no handicap.
"""
import base64
import json
import sys
import time

try:
    import cv2
    import numpy as np
except ImportError as e:
    print(json.dumps({"skip": f"{e}; Debian's package is python3-opencv"}), flush=True)
    sys.exit(0)

cv2.setNumThreads(1)
STRIDES = (8, 16, 32)
FACE = 200


def median(values):
    return float(np.median(np.asarray(values)))


class Peer:
    def __init__(self, setup):
        self.setup = setup
        # The thread's own time is not stretched by a busy machine; all the work is done on this thread.
        self.now = time.thread_time if setup["cpuClock"] else time.perf_counter
        self.side = setup["detectorSide"]
        size = (setup["height"], setup["width"], 3)
        self.frames = [np.fromfile(f["bgr"], np.uint8).reshape(size) for f in setup["frames"]]
        self.jpegs = [np.fromfile(f["jpeg"], np.uint8) for f in setup["frames"]]
        self.detector = cv2.dnn.readNet(setup["detectorFile"])
        self.classifier = cv2.dnn.readNet(setup["classifierFile"])
        self.names = [f"{kind}_{stride}" for kind in ("cls", "obj", "bbox") for stride in STRIDES]
        self.scale = min(self.side / setup["width"], self.side / setup["height"])
        self.inner = (round(setup["width"] * self.scale), round(setup["height"] * self.scale))
        self.letterbox = np.zeros((self.side, self.side, 3), np.uint8)
        self.fit = cv2.INTER_AREA if setup["area"] else cv2.INTER_LINEAR
        self.cells = {s: np.stack(np.meshgrid(np.arange(self.side // s), np.arange(self.side // s)), -1).reshape(-1, 2).astype(np.float32) for s in STRIDES}
        self.not_ours = 0.0
        self.stages = None
        self.kernel_case = None
        self.cold = []
        self.tensor = None

    def mark(self, stage):
        if self.stages is not None:
            now = self.now()
            self.stages.setdefault(stage, []).append((now - self.last) * 1e6)
            self.last = self.now()

    def fit_frame(self, picture):
        # The destination is OpenCV's own layout of rows, so that it writes straight into the letterbox.
        cv2.resize(picture, self.inner, dst=self.letterbox[:self.inner[1], :self.inner[0]])
        return cv2.dnn.blobFromImage(self.letterbox)

    def analyze(self, index, from_jpeg):
        self.not_ours = 0.0
        self.last = self.now()
        picture = self.frames[index]
        if from_jpeg:
            picture = cv2.imdecode(self.jpegs[index], cv2.IMREAD_COLOR)
            self.mark("jpeg")
        blob = self.fit_frame(picture)
        self.mark("detect.preprocess")
        self.detector.setInput(blob)
        outputs = self.detector.forward(self.names)
        self.mark("detect.run")
        start = self.now()
        boxes, scores = self.decode(outputs)
        self.not_ours += self.now() - start
        kept = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), self.setup["scoreThreshold"], self.setup["nmsThreshold"])
        self.mark("decode, in numpy, not counted")
        self.found = [(boxes[i], scores[i], self.classify(picture, boxes[i])) for i in np.asarray(kept, int).reshape(-1)]

    def decode(self, outputs):
        all_boxes, all_scores = [], []
        for level, stride in enumerate(STRIDES):
            cls, obj, box = (outputs[kind * 3 + level][0] for kind in range(3))
            score = np.sqrt(np.clip(cls[:, 0], 0, 1) * np.clip(obj[:, 0], 0, 1))
            keep = np.flatnonzero(score >= self.setup["scoreThreshold"])
            centre = (self.cells[stride][keep] + box[keep, :2]) * stride
            size = np.exp(box[keep, 2:]) * stride
            all_boxes.append(np.hstack([centre - size / 2, size]) / self.scale)
            all_scores.append(score[keep])
        return np.vstack(all_boxes), np.concatenate(all_scores)

    def classify(self, picture, box):
        x, y, w, h = box
        length = max(w, h) * (1 + 2 * self.setup["margin"])
        left, top, length = round(float(x + (w - length) / 2)), round(float(y + (h - length) / 2)), round(float(length))
        height, width = picture.shape[:2]
        x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + length, width), min(top + length, height)
        face = picture[y0:y1, x0:x1]
        if (x0, y0, x1, y1) != (left, top, left + length, top + length):
            face = cv2.copyMakeBorder(face, y0 - top, top + length - y1, x0 - left, left + length - x1, cv2.BORDER_REPLICATE)
        side = self.setup["classifierSide"]
        gray = cv2.cvtColor(cv2.resize(face, (side, side), interpolation=self.fit), cv2.COLOR_BGR2GRAY)
        blob = cv2.dnn.blobFromImage(gray, 1 / 127.5, mean=(127.5,))
        self.mark("classify.preprocess")
        self.classifier.setInput(blob)
        scores = self.classifier.forward()[0]
        self.mark("classify.run")
        return scores

    def results(self, from_jpeg):
        answer = []
        for i in range(len(self.frames)):
            self.analyze(i, from_jpeg)
            answer.append([{"x": float(b[0]), "y": float(b[1]), "width": float(b[2]), "height": float(b[3]), "score": float(s), "scores": [float(v) for v in e]} for b, s, e in self.found])
        return answer

    def time(self, from_jpeg, passes):
        times = [[] for _ in self.frames]
        for _ in range(passes):
            for i in range(len(self.frames)):
                start = self.now()
                self.analyze(i, from_jpeg)
                times[i].append((self.now() - start - self.not_ours) * 1e6)
        return float(np.mean([median(t) for t in times]))

    def run_stages(self, from_jpeg, passes):
        self.stages = {}
        self.time(from_jpeg, passes)
        answer = {stage: median(times) for stage, times in self.stages.items()}
        self.stages = None
        return answer

    def run_kernel(self, case, picture, position):
        if case == "Detector320":
            return self.fit_frame(picture)
        x, y = 10 + 210 * (position % 3), 20 + 220 * (position // 3 % 2)
        face = picture[y:y + FACE, x:x + FACE]
        if case == "Color224":
            return cv2.dnn.blobFromImage(cv2.resize(face, (224, 224), dst=self.small224), 1 / 127.5, mean=(127.5, 127.5, 127.5), swapRB=True)
        fit = cv2.INTER_AREA if case == "Gray48Area" else cv2.INTER_LINEAR
        small = cv2.resize(face, (48, 48), dst=self.small48, interpolation=fit)
        return cv2.dnn.blobFromImage(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY, dst=self.gray48), 1 / 127.5, mean=(127.5,))

    def prepare(self):
        if not self.cold:
            self.cold = [self.frames[i % len(self.frames)].copy() for i in range(self.setup["coldFrames"])]
            self.small224, self.small48, self.gray48 = np.empty((224, 224, 3), np.uint8), np.empty((48, 48, 3), np.uint8), np.empty((48, 48), np.uint8)
        self.letterbox[:] = 0

    def kernel(self, case, cold, calls):
        self.prepare()
        frames, times = (len(self.cold) if cold else 1), []
        for call in range(calls):
            picture, position = self.cold[call % frames], (call // frames if cold else 0)
            start = self.now()
            self.run_kernel(case, picture, position)
            times.append((self.now() - start) * 1e6)
        return median(times)

    def answer(self, command):
        if command[0] == "results":
            return self.results(command[1] == "jpeg")
        if command[0] == "time":
            return {"microseconds": self.time(command[1] == "jpeg", int(command[2]))}
        if command[0] == "stages":
            return self.run_stages(command[1] == "jpeg", int(command[2]))
        if command[0] == "kernel":
            return {"microseconds": self.kernel(command[1], command[2] == "cold", int(command[3]))}
        if command[0] == "tensor":
            self.prepare()
            return {"tensor": base64.b64encode(self.run_kernel(command[1], self.cold[0], 0).astype(np.float32).tobytes()).decode()}
        return {"error": f"There is no command {command}."}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        setup = json.load(file)
    try:
        peer = Peer(setup)
        peer.analyze(0, False)
    except cv2.error as e:
        print(json.dumps({"skip": f"OpenCV {cv2.__version__} cannot run these model files: {str(e).strip().splitlines()[0]}"}), flush=True)
        return
    print(json.dumps({"detail": f"OpenCV {cv2.__version__} through python3-opencv: dnn, one thread; without the decoding in numpy"}), flush=True)
    for line in sys.stdin:
        command = line.split()
        if command == ["quit"]:
            break
        print(json.dumps(peer.answer(command)), flush=True)


main()
