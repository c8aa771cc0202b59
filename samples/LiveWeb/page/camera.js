// The browser's camera, and pictures of it that are small enough to send.

const MaxWidth = 640;
const JpegQuality = 0.85;

export class Camera {
  #video;
  #stream = null;
  #generation = 0;
  #canvas = document.createElement("canvas");

  constructor(video) {
    this.#video = video;
  }

  /** Asks for the camera and shows it. False where stop or another start came meanwhile: then this one's camera is off. Throws what getUserMedia throws. */
  async start(deviceId, lost) {
    const generation = ++this.#generation;
    const wish = { width: { ideal: MaxWidth }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: deviceId ? { ...wish, deviceId: { exact: deviceId } } : { ...wish, facingMode: "user" },
    });
    if (generation !== this.#generation) {
      for (const track of stream.getTracks()) {
        track.stop();
      }

      return false;
    }

    this.#release();
    this.#stream = stream;
    for (const track of stream.getVideoTracks()) {
      track.addEventListener("ended", lost);
    }

    this.#video.srcObject = stream;
    try {
      await this.#video.play();
    } catch (error) {
      if (generation === this.#generation) {
        throw error;
      }
    }

    return generation === this.#generation;
  }

  /** Switches the camera off, and one that is still being asked for as soon as it comes. */
  stop() {
    this.#generation++;
    this.#release();
  }

  #release() {
    for (const track of this.#stream?.getTracks() ?? []) {
      track.stop();
    }

    this.#stream = null;
    this.#video.srcObject = null;
    this.#canvas.width = this.#canvas.height = 1;
  }

  get isOn() {
    return this.#stream?.getVideoTracks().some((track) => track.readyState === "live") ?? false;
  }

  get deviceId() {
    return this.#stream?.getVideoTracks()[0]?.getSettings().deviceId ?? "";
  }

  /** Waits for the camera's next picture. */
  nextPicture() {
    return new Promise((resolve) => {
      if ("requestVideoFrameCallback" in this.#video) {
        this.#video.requestVideoFrameCallback(resolve);
      } else {
        requestAnimationFrame(resolve);
      }
    });
  }

  /** The picture of now as a JPEG, at most so many pixels; null where there is none. */
  async take(maxPixels) {
    const { videoWidth, videoHeight } = this.#video;
    if (!this.isOn || videoWidth === 0) {
      return null;
    }

    const scale = Math.min(1, MaxWidth / videoWidth, Math.sqrt(maxPixels / (videoWidth * videoHeight)));
    const width = Math.max(1, Math.floor(videoWidth * scale)), height = Math.max(1, Math.floor(videoHeight * scale));
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }

    const captured = performance.now();
    this.#canvas.getContext("2d", { alpha: false }).drawImage(this.#video, 0, 0, width, height);
    const blob = await new Promise((resolve) => this.#canvas.toBlob(resolve, "image/jpeg", JpegQuality));
    return blob && { pixels: await blob.arrayBuffer(), width, height, captured };
  }
}

/** The cameras by name; names are known once a camera was allowed. */
export async function listCameras() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === "videoinput").map((device, index) => ({ id: device.deviceId, name: device.label || `Camera ${index + 1}` }));
}

/** What went wrong with the camera, in words. */
export function cameraTrouble(error) {
  switch (error?.name) {
    case "NotAllowedError":
      return "The browser may not use the camera. Allow it in the address bar's settings, then start again.";
    case "NotFoundError":
    case "OverconstrainedError":
      return "No camera was found. Connect one, then start again.";
    case "NotReadableError":
      return "The camera is in use by another program. Close that program, then start again.";
    default:
      return "The camera cannot be started. Check that it works in other programs, then start again.";
  }
}
