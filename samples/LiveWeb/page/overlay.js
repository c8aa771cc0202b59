// Boxes over the camera's picture: colour, line style, icon and word.

import { element, icon, setIcon, setText } from "./dom.js";
import { percent, showing } from "./expressions.js";

export class Overlay {
  #layer;
  #expressions;
  #boxes = [];

  constructor(layer, expressions) {
    this.#layer = layer;
    this.#expressions = expressions;
  }

  /** Draws the faces of a result. */
  draw(result, mirrored) {
    while (this.#boxes.length < result.faces.length) {
      this.#boxes.push(this.#make());
    }

    this.#boxes.forEach((box, index) => {
      const face = result.faces[index];
      box.frame.hidden = !face;
      if (face) {
        this.#place(box, face, result, mirrored);
      }
    });
  }

  clear() {
    this.#boxes = [];
    this.#layer.replaceChildren();
  }

  #make() {
    const picture = icon("");
    const words = element("span"), score = element("span", { className: "box-score" });
    const label = element("span", { className: "box-label" }, picture, words, score);
    const frame = element("div", { className: "box" }, label);
    this.#layer.append(frame);
    return { frame, label, picture, words, score };
  }

  #place({ frame, label, picture, words, score }, face, result, mirrored) {
    const [x, y, width, height] = face.box;
    const left = mirrored ? result.width - x - width : x;
    const shown = showing(face, this.#expressions);
    frame.style.left = `${(100 * left) / result.width}%`;
    frame.style.top = `${(100 * y) / result.height}%`;
    frame.style.width = `${(100 * width) / result.width}%`;
    frame.style.height = `${(100 * height) / result.height}%`;
    frame.style.setProperty("--expression", shown.color);
    frame.style.setProperty("--on-expression", shown.textColor);
    frame.dataset.state = shown.id === "unreadable" ? "unreadable" : face.outcome === "ok" && face.expression ? "clear" : "unclear";
    label.dataset.side = left + width / 2 > 0.6 * result.width ? "right" : "left";
    label.dataset.place = y / result.height < 0.12 ? "below" : "above";
    setIcon(picture, shown.path);
    setText(words, face.track > 0 ? `${face.track} ${shown.name}` : "New face");
    setText(score, shown.id === face.expression ? percent(face.scores[face.expression]) : "");
  }
}
