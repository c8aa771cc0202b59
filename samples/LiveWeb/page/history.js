// What the faces showed over the last minutes, drawn: one band for each face. Numbers only, kept in this page's memory.

import { byId, element, setText } from "./dom.js";
import { percent, showing } from "./expressions.js";

const BinSeconds = 0.25;
const KeptSeconds = 300;
const GapSeconds = 1;
const GlimpseSeconds = 1;
const GoneSeconds = 3;
const DrawMs = 500;
const DescribeMs = 5000;

export class History {
  #expressions;
  #tracks = new Map();
  #now = 0;
  #span = 60;
  #drawn = 0;
  #described = -Infinity;
  #icons;

  constructor(expressions) {
    this.#expressions = expressions;
    this.#icons = new Map([...expressions].map(([id, expression]) => [id, new Path2D(expression.path)]));
    new ResizeObserver(() => this.#draw()).observe(byId("history"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
  }

  set span(seconds) {
    this.#span = seconds;
    this.#draw();
  }

  /** How many bins are kept, of all faces. */
  get length() {
    return [...this.#tracks.values()].reduce((sum, track) => sum + track.bins.length, 0);
  }

  add(result) {
    this.#now = result.time;
    for (const face of result.faces.filter((one) => one.track > 0)) {
      this.#addTo(this.#tracks.get(face.track) ?? this.#begin(face.track), face, result.time);
    }

    const performanceNow = performance.now();
    if (performanceNow - this.#drawn >= DrawMs) {
      this.#drawn = performanceNow;
      this.#drop();
      this.#draw();
    }
  }

  clear() {
    this.#tracks.clear();
    byId("history").replaceChildren();
    byId("no-history").hidden = false;
  }

  #begin(id) {
    const canvas = element("canvas", { role: "img", "aria-label": `History of face ${id}` });
    const words = element("p", { className: "fine" });
    const row = element("div", { className: "history-row" }, element("h3", { textContent: `Face ${id}` }), canvas, words);
    byId("history").prepend(row);
    byId("no-history").hidden = true;
    const track = { id, canvas, words, row, bins: [] };
    this.#tracks.set(id, track);
    this.#described = -Infinity;
    return track;
  }

  #addTo(track, face, time) {
    const start = Math.floor(time / BinSeconds) * BinSeconds;
    const shown = showing(face, this.#expressions).id;
    const score = Math.max(...Object.values(face.scores));
    const last = track.bins.at(-1);
    if (last?.start === start) {
      last.shown = shown;
      last.sum += score;
      last.count++;
    } else {
      track.bins.push({ start, shown, sum: score, count: 1 });
    }
  }

  /** Drops what is older than the longest span, and faces that were only glimpsed. */
  #drop() {
    for (const track of this.#tracks.values()) {
      const kept = track.bins.findIndex((bin) => bin.start >= this.#now - KeptSeconds);
      track.bins.splice(0, kept < 0 ? track.bins.length : kept);
      const glimpsed = track.bins.length * BinSeconds < GlimpseSeconds && this.#now - (track.bins.at(-1)?.start ?? 0) > GoneSeconds;
      if (track.bins.length === 0 || glimpsed) {
        track.row.remove();
        this.#tracks.delete(track.id);
      }
    }

    byId("no-history").hidden = this.#tracks.size > 0;
  }

  #draw() {
    const describe = performance.now() - this.#described >= DescribeMs;
    for (const track of this.#tracks.values()) {
      const bins = track.bins.filter((bin) => bin.start >= this.#now - this.#span);
      track.row.hidden = bins.length === 0;
      if (bins.length > 0) {
        this.#paint(track.canvas, bins);
        if (describe) {
          this.#describe(track, bins);
        }
      }
    }

    if (describe && this.#tracks.size > 0) {
      this.#described = performance.now();
    }
  }

  #describe(track, bins) {
    const shares = new Map();
    for (const bin of bins) {
      shares.set(bin.shown, (shares.get(bin.shown) ?? 0) + 1 / bins.length);
    }

    const parts = [...shares].sort((a, b) => b[1] - a[1]).slice(0, 3)
      .map(([id, share]) => `${this.#expressions.get(id)?.name ?? (id === "unreadable" ? "Hard to read" : "Not clear")} ${percent(share)}`);
    setText(track.words, `In view for ${Math.round(bins.length * BinSeconds)} s: ${parts.join(", ")} of that time.`);
    track.canvas.setAttribute("aria-label", `History of face ${track.id}. ${track.words.textContent}`);
  }

  #paint(canvas, bins) {
    const ratio = devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (width === 0) {
      return;
    }

    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }

    const style = getComputedStyle(canvas);
    const ink = style.color;
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const floor = height - 18, roof = 6;
    const x = (time) => width * (1 - (this.#now - time) / this.#span);
    const y = (score) => floor - (floor - roof) * score;
    this.#scale(context, ink, width, floor, y);

    let segment = null;
    for (const [index, bin] of bins.entries()) {
      const expression = this.#expressions.get(bin.shown);
      const left = x(bin.start), top = y(bin.sum / bin.count);

      // Few pictures a second leave bins empty: what was seen holds until the next, but not for long.
      const next = bins[index + 1]?.start ?? Infinity;
      const step = x(next - bin.start <= GapSeconds ? next : bin.start + BinSeconds) - left;
      if (!segment || segment.shown !== bin.shown || left > segment.right + 0.1) {
        this.#label(context, ink, segment, floor);
        segment = { shown: bin.shown, left, tops: [] };
      }

      segment.right = left + step;
      segment.tops.push(top);
      context.fillStyle = expression?.color ?? "#8a8a8a";
      context.globalAlpha = expression ? 1 : 0.35;
      context.fillRect(left, top, step + 0.6, floor - top);
      context.globalAlpha = 1;
      context.fillStyle = ink;
      context.fillRect(left, top - 1, step + 0.6, 1.5);
    }

    this.#label(context, ink, segment, floor);
  }

  #scale(context, ink, width, floor, y) {
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = ink;
    context.strokeStyle = ink;
    context.lineWidth = 1;
    context.globalAlpha = 0.25;
    for (const score of [0, 0.5, 1]) {
      context.beginPath();
      context.moveTo(0, Math.round(y(score)) + 0.5);
      context.lineTo(width, Math.round(y(score)) + 0.5);
      context.stroke();
    }

    context.globalAlpha = 0.85;
    context.textBaseline = "bottom";
    const marks = width < 420 ? 2 : 4;
    for (let i = 0; i <= marks; i++) {
      const seconds = Math.round(this.#span * (1 - i / marks));
      context.textAlign = i === 0 ? "left" : i === marks ? "right" : "center";
      context.fillText(seconds === 0 ? "now" : seconds >= 120 ? `${(seconds / 60).toFixed(seconds % 60 ? 1 : 0)} min ago` : `${seconds} s ago`, (width * i) / marks, floor + 18);
    }

    context.globalAlpha = 1;
  }

  /** The icon, and where there is room the name, at a segment's foot. */
  #label(context, ink, segment, floor) {
    const size = 20, pad = 3;
    const left = Math.max(segment?.left ?? 0, 0);
    const room = segment ? segment.right - left : 0;
    const expression = segment && this.#expressions.get(segment.shown);
    if (!expression || room < size + 2 * pad || floor - Math.max(...segment.tops) < size) {
      return;
    }

    context.save();
    context.translate(left + pad, floor - size - 2);
    context.strokeStyle = context.fillStyle = expression.textColor;
    context.lineWidth = 1.6;
    context.lineCap = "round";
    context.save();
    context.scale(size / 24, size / 24);
    context.stroke(this.#icons.get(segment.shown));
    context.restore();
    context.font = "600 12px system-ui, sans-serif";
    context.textAlign = "left";
    context.textBaseline = "middle";
    if (room > size + 3 * pad + context.measureText(expression.name).width) {
      context.fillText(expression.name, size + pad, size / 2 + 1);
    }

    context.restore();
  }
}
