// The faces of now as words and bars. Bars move a few times a second: enough to see, calm enough to read.

import { byId, element, icon, setIcon, setText } from "./dom.js";
import { hindrance, percent, showing, Unclear } from "./expressions.js";

const UpdateMs = 250;
const KeepMs = 1000;

export class Faces {
  #expressions;
  #cards = new Map();
  #updated = 0;

  constructor(expressions) {
    this.#expressions = expressions;
  }

  update(result) {
    const now = performance.now();
    const tracked = result.faces.filter((face) => face.track > 0).sort((a, b) => a.track - b.track);
    if (now - this.#updated < UpdateMs && tracked.every((face) => this.#cards.has(face.track))) {
      return;
    }

    this.#updated = now;
    for (const face of tracked) {
      if (!this.#cards.has(face.track)) {
        this.#cards.set(face.track, this.#make(face.track));
      }

      const card = this.#cards.get(face.track);
      card.seen = now;
      this.#fill(card, face);
    }

    // A face that is missed in a picture or two keeps its card: else the list would jump.
    for (const [track, card] of this.#cards) {
      if (now - card.seen > KeepMs) {
        card.article.remove();
        this.#cards.delete(track);
      }
    }

    byId("no-face").hidden = this.#cards.size > 0;
  }

  clear() {
    this.#cards.clear();
    byId("faces").replaceChildren();
    byId("no-face").hidden = false;
  }

  #make(track) {
    const picture = icon(Unclear.path, "icon big");
    const name = element("b");
    const note = element("span", { className: "note" });
    const rows = new Map();
    const bars = element("ul", { className: "bars" });
    for (const [id, expression] of this.#expressions) {
      const fill = element("span", { className: "fill" });
      const score = element("span", { className: "score" });
      fill.style.setProperty("--expression", expression.color);
      bars.append(element("li", {},
        icon(expression.path), element("span", { className: "bar-name", textContent: expression.name }),
        element("span", { className: "bar", "aria-hidden": "true" }, fill), score));
      rows.set(id, { fill, score });
    }

    const title = element("h3", { textContent: `Face ${track}` });
    const badge = element("span", { className: "badge" }, picture);
    const article = element("article", { className: "face" },
      element("div", { className: "face-head" }, badge, element("div", {}, title, element("p", { className: "reading" }, name, note))), bars);
    byId("faces").append(article);
    return { article, badge, picture, name, note, rows, seen: 0 };
  }

  #fill({ article, badge, picture, name, note, rows }, face) {
    const shown = showing(face, this.#expressions);
    article.dataset.expression = shown.id;
    badge.style.setProperty("--expression", shown.color);
    badge.style.setProperty("--on-expression", shown.textColor);
    setIcon(picture, shown.path);
    setText(name, shown.name);
    const doubt = face.outcome === "lowQuality" ? ` ${hindrance(face)}` : face.outcome === "uncertain" && face.expression ? " The model is not sure just now." : "";
    setText(note, face.expression && shown.id === face.expression ? ` ${percent(face.scores[face.expression])}${doubt}` : doubt);
    for (const [id, { fill, score }] of rows) {
      fill.style.setProperty("--share", face.scores[id].toFixed(3));
      setText(score, percent(face.scores[id]));
    }
  }
}
