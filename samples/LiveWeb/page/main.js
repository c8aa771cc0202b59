// The page: consent first, then camera, connection and everything that shows a result. One withdrawal ends all of it.

import { addAlert, clearAlerts } from "./alerts.js";
import { Camera, cameraTrouble, listCameras } from "./camera.js";
import { ConsentForm, withdraw } from "./consent.js";
import { byId, element, setText } from "./dom.js";
import { expressionsOf } from "./expressions.js";
import { Faces } from "./faces.js";
import { History } from "./history.js";
import { Link } from "./link.js";
import { Overlay } from "./overlay.js";
import { Settings } from "./settings.js";
import { describe, Voice } from "./voice.js";

const FramesPerSecond = 15;
const FiguresMs = 1000;

class Page {
  #about;
  #token = null;
  #paused = false;
  #result = null;
  #answers = [];
  #figured = 0;
  #camera = new Camera(byId("video"));
  #link = new Link();
  #form;
  #overlay;
  #faces;
  #history;
  #voice;
  #settings;

  constructor(about) {
    const expressions = expressionsOf(about);
    this.#about = about;
    this.#overlay = new Overlay(byId("overlay"), expressions);
    this.#faces = new Faces(expressions);
    this.#history = new History(expressions);
    this.#voice = new Voice(expressions);
    this.#settings = new Settings(expressions, (message) => this.#link.send(message));
    this.#form = new ConsentForm(about, (token) => this.#start(token));
    this.#listen(expressions);
  }

  #listen(expressions) {
    byId("withdraw").addEventListener("click", () => this.#stop("Consent is withdrawn. The camera is off, and the history is deleted here and in the program."));
    byId("pause").addEventListener("click", () => this.#pause(!this.#paused));
    byId("say").addEventListener("click", () => this.#voice.say(this.#paused ? "Paused." : describe(this.#result, expressions)));
    byId("speak").addEventListener("click", (event) => this.#toggle(event.currentTarget, (on) => { this.#voice.speaks = on; }));
    byId("simple").addEventListener("click", (event) => this.#toggle(event.currentTarget, (on) => document.body.classList.toggle("simple", on)));
    byId("mirror").addEventListener("change", (event) => { byId("stage").dataset.mirrored = event.target.checked; });
    byId("camera").addEventListener("change", (event) => this.#change(event.target.value));
    byId("span").addEventListener("change", (event) => { this.#history.span = Number(event.target.value); });
    byId("forget").addEventListener("click", () => {
      this.#link.send({ type: "forget" });
      this.#history.clear();
      clearAlerts();
    });
    byId("save-csv").addEventListener("click", () => this.#save("csv"));
    byId("save-html").addEventListener("click", () => this.#save("html"));
    addEventListener("pagehide", () => this.#stop(""));
    for (const id of ["say", "speak"]) {
      byId(id).hidden = !Voice.isThere;
    }
  }

  async #start(token) {
    this.#token = token;
    try {
      if (!await this.#camera.start("", () => this.#stop("The camera was disconnected. It is off, and the history is deleted.")) || this.#token !== token) {
        return;
      }
    } catch (error) {
      if (this.#token !== token) {
        return;
      }

      this.#stop("");
      this.#form.say(cameraTrouble(error));
      return;
    }

    try {
      await this.#link.open(this.#about, token, {
        onMessage: (message) => this.#take(message),
        onEnd: (reason) => this.#stop(`${reason} The camera is off, and the history is deleted.`),
      });
    } catch (error) {
      this.#stop("");
      this.#form.say(error.message);
      return;
    }

    byId("consent-view").hidden = true;
    byId("live-view").hidden = false;
    byId("live-title").focus();
    this.#pause(false);
    this.#settings.apply();
    await this.#fillCameras();
    this.#pump(token);
  }

  /** Ends everything, in the order in which it matters: camera, connection, history. */
  #stop(message) {
    this.#camera.stop();
    if (this.#token) {
      withdraw(this.#token);
    }

    this.#link.close();

    this.#token = this.#result = null;
    this.#answers = [];
    this.#overlay.clear();
    this.#faces.clear();
    this.#history.clear();
    this.#voice.clear();
    clearAlerts();
    this.#state("off", "Camera off");
    const wasLive = !byId("live-view").hidden;
    byId("live-view").hidden = true;
    byId("consent-view").hidden = false;
    this.#form.reset();
    setText(byId("consent-message"), message);
    byId("consent-message").hidden = message === "";
    if (wasLive) {
      byId("consent-title").focus();
    }
  }

  /** Sends pictures for as long as this consent stands: one under way at a time, always the newest. */
  async #pump(token) {
    let last = 0;
    const interval = 1000 / Math.min(FramesPerSecond, this.#about.maxFramesPerSecond);
    while (this.#token === token) {
      await this.#camera.nextPicture();
      if (this.#token !== token || this.#paused || !this.#link.isFree || performance.now() - last < interval) {
        continue;
      }

      last = performance.now();
      const picture = await this.#camera.take(this.#about.maxFramePixels);
      if (picture && this.#token === token && !this.#paused && this.#link.isFree) {
        this.#link.sendFrame(picture);
      }
    }
  }

  #take(message) {
    switch (message.type) {
      case "result":
        if (!this.#paused) {
          this.#show(message);
        }

        break;
      case "alert":
        addAlert(message);
        this.#voice.announce(message.message);
        break;
      case "error":
        setText(byId("live-error"), message.message);
        break;
    }
  }

  #show(result) {
    this.#result = result;
    byId("stage").style.aspectRatio = `${result.width} / ${result.height}`;
    this.#overlay.draw(result, byId("mirror").checked);
    this.#faces.update(result);
    this.#history.add(result);
    this.#voice.hear(result);
    const now = performance.now();
    this.#answers.push({ now, delay: now - result.captured });
    if (now - this.#figured >= FiguresMs) {
      this.#figured = now;
      this.#answers = this.#answers.filter((answer) => now - answer.now < 2000);
      const delay = this.#answers.reduce((sum, answer) => sum + answer.delay, 0) / this.#answers.length;
      setText(byId("figures"), `${Math.round(this.#answers.length / 2)} pictures a second, each ${Math.round(delay)} ms old when it is shown, ${result.width} × ${result.height} pixels`);
    }
  }

  #pause(on) {
    this.#paused = on;
    byId("pause").setAttribute("aria-pressed", String(on));
    byId("stage-note").hidden = !on;
    setText(byId("stage-note"), on ? "Paused: no picture leaves the browser" : "");
    setText(byId("live-error"), "");
    this.#state(on ? "paused" : "on", on ? "Camera on, paused" : "Camera on");
    if (on) {
      this.#overlay.clear();
      this.#voice.hush();
    }
  }

  #toggle(button, act) {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    act(on);
  }

  #state(state, words) {
    byId("camera-state").dataset.state = state;
    setText(byId("camera-state-text"), words);
  }

  async #fillCameras() {
    const cameras = await listCameras();
    byId("camera").replaceChildren(...cameras.map((camera) => element("option", { value: camera.id, textContent: camera.name })));
    byId("camera").value = this.#camera.deviceId;
  }

  async #change(deviceId) {
    try {
      await this.#camera.start(deviceId, () => this.#stop("The camera was disconnected. It is off, and the history is deleted."));
    } catch (error) {
      setText(byId("live-error"), cameraTrouble(error));
    }
  }

  async #save(kind) {
    try {
      const answer = await fetch(`/api/history?as=${kind}`, { headers: { Authorization: `Bearer ${this.#token}` } });
      if (!answer.ok) {
        throw new Error(await answer.text());
      }

      const url = URL.createObjectURL(await answer.blob());
      element("a", { href: url, download: `expressions.${kind}` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10000);
      setText(byId("live-error"), "");
    } catch {
      setText(byId("live-error"), "The history could not be saved. Try again.");
    }
  }
}

try {
  const answer = await fetch("/api/about");
  new Page(await answer.json());
} catch {
  const message = byId("consent-message");
  setText(message, "The program on this computer does not answer. Start it and reload this page.");
  message.hidden = false;
}
