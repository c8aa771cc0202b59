// Notice, purpose, agreement: what must be said before the first frame. The server decides; the page asks and shows its answer.

import { byId, element, setText } from "./dom.js";

export class ConsentForm {
  #about;

  /** Fills the form. onGiven gets the token once the server has agreed. */
  constructor(about, onGiven) {
    this.#about = about;
    setText(byId("models"), `Models: ${about.detector} and ${about.classifier}. What is analysed: at most ${about.maxFaces} faces in a picture.`);
    byId("purposes").append(...about.purposes.map((purpose) => element("label", { className: "choice" },
      element("input", { type: "radio", name: "purpose", value: purpose.id }),
      element("span", {}, element("b", { textContent: purpose.title }), ` ${purpose.help}`))));
    const form = byId("consent-form");
    form.addEventListener("change", () => this.#adapt());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#ask(onGiven);
    });
    this.#adapt();
  }

  /** Takes the agreement back: it is for one time only. The purpose stays chosen. */
  reset() {
    byId("agreed").checked = byId("informed").checked = false;
  }

  get #chosen() {
    const value = byId("consent-form").elements.purpose.value;
    return this.#about.purposes.find((purpose) => purpose.id === value);
  }

  #adapt() {
    const needsException = this.#chosen?.needsException ?? false;
    const exception = byId("consent-form").elements.exception.value;
    byId("exception").hidden = !needsException;
    byId("statement-part").hidden = exception === "";
    this.say("");
  }

  /** Shows why the camera does not start. */
  say(reason) {
    setText(byId("consent-error"), reason);
  }

  async #ask(onGiven) {
    const start = byId("start");
    if (start.getAttribute("aria-disabled") === "true") {
      return;
    }

    start.setAttribute("aria-disabled", "true");
    this.say("");
    try {
      const elements = byId("consent-form").elements;
      const answer = await fetch("/api/consent", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
          notice: this.#about.notice,
          purpose: elements.purpose.value || null,
          agreed: byId("agreed").checked,
          informed: byId("informed").checked,
          exception: elements.exception.value || null,
          statement: byId("statement").value || null,
        }),
      });
      const content = await answer.json();
      if (answer.ok) {
        await onGiven(content.token);
      } else {
        this.say(content.reason);
      }
    } catch {
      this.say("The program on this computer does not answer. Is it still running?");
    } finally {
      start.removeAttribute("aria-disabled");
    }
  }
}

/** Tells the server that consent is withdrawn. Also works while the page is being closed. */
export const withdraw = (token) => fetch("/api/consent", { method: "DELETE", headers: { Authorization: `Bearer ${token}` }, keepalive: true }).catch(() => {});
