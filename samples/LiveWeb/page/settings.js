// Sliders and switches that act on the running camera. Wishes go to the server a few times a second at most.

import { byId, element, icon, setText } from "./dom.js";

const SendMs = 150;

export class Settings {
  #expressions;
  #send;
  #timer = 0;

  /** Builds the sliders; send gets each settings message. */
  constructor(expressions, send) {
    this.#expressions = expressions;
    this.#send = send;
    for (const [id, expression] of expressions) {
      byId("sensitivity").append(element("div", { className: "slider" },
        element("label", { htmlFor: `sensitivity-${id}` }, icon(expression.path), expression.name),
        element("input", { type: "range", id: `sensitivity-${id}`, min: "-2", max: "2", step: "0.25", value: "0" }),
        element("output", { id: `sensitivity-${id}-out`, htmlFor: `sensitivity-${id}` })));
      byId("alert-expression").append(element("option", { value: id, textContent: expression.name }));
    }

    this.reset(false);
    byId("settings").addEventListener("input", (event) => {
      if (!["mirror", "camera"].includes(event.target.id)) {
        this.#show();
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.apply(), SendMs);
      }
    });
    byId("reset").addEventListener("click", () => this.reset(true));
  }

  /** Sends the settings as they stand. */
  apply() {
    const sensitivity = {};
    for (const id of this.#expressions.keys()) {
      sensitivity[id] = 2 ** Number(byId(`sensitivity-${id}`).value);
    }

    this.#send({
      type: "settings",
      sensitivity,
      calm: Number(byId("calm").value),
      resting: byId("resting").checked ? 3 : 0,
      alert: byId("alert-on").checked
        ? { expression: byId("alert-expression").value, share: Number(byId("alert-share").value) / 100, seconds: Number(byId("alert-seconds").value) }
        : null,
    });
  }

  reset(send) {
    for (const slider of byId("settings").querySelectorAll("input[type=range]")) {
      slider.value = slider.defaultValue;
    }

    byId("resting").checked = false;
    byId("alert-on").checked = true;
    byId("alert-expression").value = this.#expressions.has("sadness") ? "sadness" : [...this.#expressions.keys()][0];
    this.#show();
    if (send) {
      this.apply();
    }
  }

  #show() {
    for (const id of this.#expressions.keys()) {
      const value = Number(byId(`sensitivity-${id}`).value);
      const factor = (2 ** Math.abs(value)).toFixed(1).replace(".0", "");
      this.#say(`sensitivity-${id}`, value === 0 ? "as it is" : value > 0 ? `${factor} times more` : `${factor} times less`);
    }

    const calm = Number(byId("calm").value);
    this.#say("calm", calm === 0 ? "none" : `${calm.toFixed(1)} s`);
    this.#say("alert-share", `${byId("alert-share").value} %`);
    this.#say("alert-seconds", `${byId("alert-seconds").value} s`);
    for (const id of ["alert-expression", "alert-share", "alert-seconds"]) {
      byId(id).disabled = !byId("alert-on").checked;
    }
  }

  #say(id, text) {
    setText(byId(`${id}-out`), text);
    byId(id).setAttribute("aria-valuetext", text);
  }
}
