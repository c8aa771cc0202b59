// @vladmandic/human on WASM in Node: a contestant's process. PeerServer.cs says what lines it reads and writes. It runs its own models
// (BlazeFace, a face mesh and an emotion network), so its figures say what a user gets, not how fast the same networks would be.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const require = createRequire(import.meta.url);
const write = (answer) => process.stdout.write(JSON.stringify(answer) + '\n');
// What the libraries print must not come between the answers.
console.log = console.info = console.warn = console.error;

const setup = JSON.parse(readFileSync(process.argv[2], 'utf8'));
let human, tf, folder;
try {
  tf = require('@tensorflow/tfjs');
  const wasm = require('@tensorflow/tfjs-backend-wasm');
  folder = path.dirname(path.dirname(require.resolve('@vladmandic/human')));
  wasm.setThreadsCount?.(1);
  const { Human } = require(path.join(folder, 'dist', 'human.node-wasm.js'));
  const off = { enabled: false };
  // Node 20 fetches no file: URLs.
  const fetched = globalThis.fetch;
  globalThis.fetch = async (url, options) => String(url).startsWith('file:') ? new Response(readFileSync(new URL(url))) : fetched(url, options);
  human = new Human({
    backend: 'wasm', wasmPath: path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + '/', modelBasePath: pathToFileURL(path.join(folder, 'models')).href + '/', cacheSensitivity: 0, debug: false, async: false,
    filter: off, body: off, hand: off, object: off, gesture: off, segmentation: off,
    face: { enabled: true, detector: { rotation: false, maxDetected: 16, minConfidence: 0.2 }, mesh: off, iris: off, description: off, antispoof: off, liveness: off, emotion: { enabled: true, minConfidence: 0 } },
  });
  await human.load();
  if (human.tf.getBackend() !== 'wasm') throw new Error(`the WASM backend does not start; ${human.tf.getBackend()} would run`);
} catch (e) {
  write({ skip: `${String(e.message ?? e).split('\n')[0]}; install.sh --node installs the packages` });
  process.exit(0);
}

// Frames as tensors of RGB, made before anything is timed.
const frames = setup.frames.map((frame) => {
  const bgr = readFileSync(frame.bgr);
  const rgb = new Uint8Array(bgr.length);
  for (let i = 0; i < bgr.length; i += 3) {
    [rgb[i], rgb[i + 1], rgb[i + 2]] = [bgr[i + 2], bgr[i + 1], bgr[i]];
  }
  return human.tf.tensor4d(rgb, [1, setup.height, setup.width, 3], 'int32');
});
const words = { Neutral: 'neutral', Happiness: 'happy', Surprise: 'surprise', Sadness: 'sad', Anger: 'angry', Disgust: 'disgust', Fear: 'fear' };
// Microseconds: of the wall clock, or of this process's work alone, which a busy machine does not stretch.
const now = () => {
  const used = process.cpuUsage();
  return setup.cpuClock ? used.user + used.system : Number(process.hrtime.bigint()) / 1000;
};
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

async function results() {
  const answer = [];
  for (const frame of frames) {
    const found = await human.detect(frame);
    answer.push(found.face.map((face) => ({
      x: face.box[0], y: face.box[1], width: face.box[2], height: face.box[3], score: face.score,
      scores: setup.labels.map((label) => face.emotion?.find((emotion) => emotion.emotion === words[label])?.score ?? 0),
    })));
  }
  return answer;
}

async function time(passes) {
  const times = frames.map(() => []);
  for (let pass = 0; pass < passes; pass++) {
    for (let i = 0; i < frames.length; i++) {
      const start = now();
      await human.detect(frames[i]);
      times[i].push(now() - start);
    }
  }
  return times.reduce((sum, frame) => sum + median(frame), 0) / frames.length;
}

async function answer([command, from, passes]) {
  if (command === 'results') return from === 'pixels' ? results() : null;
  if (command === 'time') return from === 'pixels' ? { microseconds: await time(Number(passes)) } : {};
  return {};
}

write({ detail: `human ${human.version}, tfjs ${human.tf.version_core ?? ''} ${human.tf.getBackend()}, its own BlazeFace and emotion network, from pixels only` });
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'quit') break;
  write(await answer(line.split(' ')));
}
process.exit(0);
