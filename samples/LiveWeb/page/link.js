// The connection to the program: frames and wishes out, readings and alerts in. One frame is under way at a time.

const HeaderLength = 20;
const Version = 1;
const Jpeg = 1;
const AnswerPatienceMs = 5000;

export class Link {
  #socket = null;
  #number = 0;
  #sent = 0;
  #waiting = false;
  #stay = 0;

  /** Opens the connection with a consent's token. Rejects where the server refuses. */
  open(about, token, { onMessage, onEnd }) {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://${location.host}${about.socket}`, [about.protocol, `consent.${token}`]);
      this.#socket = socket;
      let opened = false;
      socket.addEventListener("open", () => {
        opened = true;
        this.#stay = setInterval(() => this.send({ type: "stay" }), (1000 * about.idleSeconds) / 3);
        resolve();
      });
      socket.addEventListener("message", (event) => {
        const message = JSON.parse(event.data);
        if (message.type === "result" || message.type === "error") {
          this.#waiting = false;
        }

        onMessage(message);
      });
      socket.addEventListener("close", (event) => {
        clearInterval(this.#stay);
        if (!opened) {
          reject(new Error("The program refused the connection: too many cameras run, or consent is too old. Start again."));
        } else if (this.#socket === socket) {
          this.#socket = null;
          onEnd(event.reason || "The connection to the program was lost.");
        }
      });
    });
  }

  /** Whether a frame may be sent now. */
  get isFree() {
    return this.#socket?.readyState === WebSocket.OPEN && (!this.#waiting || performance.now() - this.#sent > AnswerPatienceMs);
  }

  /** Sends a picture. */
  sendFrame({ pixels, width, height, captured }) {
    const message = new Uint8Array(HeaderLength + pixels.byteLength);
    const header = new DataView(message.buffer, 0, HeaderLength);
    header.setUint8(0, Version);
    header.setUint8(1, Jpeg);
    header.setUint16(4, width, true);
    header.setUint16(6, height, true);
    header.setUint32(8, this.#number++, true);
    header.setFloat64(12, captured, true);
    message.set(new Uint8Array(pixels), HeaderLength);
    this.#waiting = true;
    this.#sent = performance.now();
    this.#socket.send(message);
  }

  /** Sends a wish. */
  send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(message));
    }
  }

  /** Closes without a word to onEnd. */
  close() {
    clearInterval(this.#stay);
    const socket = this.#socket;
    this.#socket = null;
    this.#waiting = false;
    socket?.close(1000);
  }
}
