// Words for ears: the screen reader's quiet region, and speech where it is asked for. Both say changes only, and not often.

import { byId, setText } from "./dom.js";
import { showing } from "./expressions.js";

const QuietMs = 5000;
const StableMs = 1500;

/** The faces of a result in one sentence or two. */
export function describe(result, expressions) {
  const faces = result?.faces.filter((face) => face.track > 0).sort((a, b) => a.track - b.track) ?? [];
  if (faces.length === 0) {
    return "No face in view.";
  }

  return faces.length === 1
    ? `The face ${showing(faces[0], expressions).phrase}.`
    : `${faces.length} faces. ${faces.map((face) => `Face ${face.track} ${showing(face, expressions).phrase}.`).join(" ")}`;
}

export class Voice {
  #expressions;
  #said = "";
  #words = "";
  #since = 0;
  #last = 0;
  #speaks = false;

  constructor(expressions) {
    this.#expressions = expressions;
  }

  static get isThere() {
    return "speechSynthesis" in window;
  }

  /** Speaking every change aloud: off until it is switched on. */
  set speaks(on) {
    this.#speaks = on;
    if (on) {
      this.#said = "";
      this.#last = 0;
    } else {
      this.hush();
    }
  }

  /** Takes in a result; says what is new in it when the last word is long enough ago. */
  hear(result) {
    const now = performance.now();
    const words = describe(result, this.#expressions);
    if (words !== this.#words) {
      this.#words = words;
      this.#since = now;
    }

    // What lasts only for a moment is not worth a word.
    if (words !== this.#said && now - this.#since >= StableMs && now - this.#last >= QuietMs) {
      this.#said = words;
      this.#last = now;
      this.announce(words);
      if (this.#speaks) {
        this.say(words);
      }
    }
  }

  /** Puts a sentence where screen readers find it. */
  announce(words) {
    setText(byId("announcer"), words);
  }

  /** Says a sentence aloud. */
  say(words) {
    if (Voice.isThere) {
      speechSynthesis.cancel();
      const utterance = new SpeechSynthesisUtterance(words);
      utterance.lang = "en";
      speechSynthesis.speak(utterance);
    }
  }

  hush() {
    if (Voice.isThere) {
      speechSynthesis.cancel();
    }
  }

  clear() {
    this.hush();
    this.#said = this.#words = "";
    this.announce("");
  }
}
