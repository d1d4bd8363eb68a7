// Draws reel.webm, the clip that the versions of the demo production play: four seconds that show their own frame numbers.
// Run it from the repository's root when the drawing changes: CHROME_BIN=$(.tools/chromium.sh) node web-demo/sandbox/production/reel/reel.mjs
import { createServer } from "node:http";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../../../../npm/package.json", import.meta.url));
const { chromium } = require("playwright-core");

const width = 480, height = 270, rate = 24, frames = 96;

/** Runs in the page: draws and encodes, and gives each frame as base64. */
async function encode({ width, height, rate, frames }) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  const draw = (frame) => {
    const at = frame / frames;
    const sky = context.createLinearGradient(0, 0, 0, height);
    sky.addColorStop(0, `hsl(${215 + 60 * at} 55% 22%)`);
    sky.addColorStop(1, `hsl(${25 + 20 * at} 75% 60%)`);
    context.fillStyle = sky;
    context.fillRect(0, 0, width, height);
    context.fillStyle = "#ffe9b0";
    context.beginPath();
    context.arc(width * (0.1 + 0.8 * at), height * (0.75 - 0.5 * Math.sin(Math.PI * at)), 22, 0, 2 * Math.PI);
    context.fill();
    for (const [layer, colour] of [[0, "#3c4a73"], [1, "#2a3453"], [2, "#171d33"]]) {
      context.fillStyle = colour;
      context.beginPath();
      context.moveTo(0, height);
      for (let x = 0; x <= width; x += 4) {
        const moved = x + frame * (1 + layer * 1.5);
        context.lineTo(x, height * (0.62 + 0.11 * layer) - 22 * Math.sin(moved / (70 - 15 * layer)) - 9 * Math.sin(moved / 23 + layer));
      }
      context.lineTo(width, height);
      context.fill();
    }
    context.fillStyle = "white";
    context.font = "bold 20px monospace";
    context.fillText(String(1001 + frame), width - 64, height - 14);
    context.fillRect(0, height - 4, width * at, 4);
  };
  const chunks = [];
  const encoder = new VideoEncoder({
    output(chunk) {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      chunks.push({ at: Math.round(chunk.timestamp / 1000), key: chunk.type === "key", data: btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join("")) });
    },
    error(cause) { throw cause; },
  });
  encoder.configure({ codec: "vp8", width, height, bitrate: 350_000, framerate: rate });
  for (let frame = 0; frame < frames; frame++) {
    draw(frame);
    const image = new VideoFrame(canvas, { timestamp: Math.round((frame * 1e6) / rate), duration: Math.round(1e6 / rate) });
    encoder.encode(image, { keyFrame: frame % rate === 0 });
    image.close();
  }
  await encoder.flush();
  return chunks;
}

// WebM: elements of an id, a size of eight bytes, and content.
const bytes = (value, length) => { const out = Buffer.alloc(length); out.writeUIntBE(value, 0, length); return out; };
const double = (value) => { const out = Buffer.alloc(8); out.writeDoubleBE(value); return out; };
const element = (id, ...content) => {
  const body = Buffer.concat(content.map((part) => (typeof part === "number" ? bytes(part, 4) : Buffer.from(part))));
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE((1n << 56n) | BigInt(body.length));
  return Buffer.concat([Buffer.from(id.toString(16), "hex"), size, body]);
};

function mux(chunks) {
  const info = element(0x1549a966, element(0x2ad7b1, 1_000_000), element(0x4489, double((frames / rate) * 1000)), element(0x4d80, "reel"), element(0x5741, "reel"));
  const tracks = element(0x1654ae6b, element(0xae, element(0xd7, 1), element(0x73c5, 1), element(0x83, 1), element(0x86, "V_VP8"), element(0xe0, element(0xb0, width), element(0xba, height))));
  const groups = [];
  for (const chunk of chunks) {
    if (chunk.key) groups.push({ at: chunk.at, blocks: [] });
    const group = groups.at(-1);
    group.blocks.push(element(0xa3, Buffer.concat([Buffer.from([0x81]), bytes(chunk.at - group.at, 2), Buffer.from([chunk.key ? 0x80 : 0])]), Buffer.from(chunk.data, "base64")));
  }
  const clusters = groups.map((group) => element(0x1f43b675, element(0xe7, group.at), ...group.blocks));
  const cues = (start) => {
    let at = start;
    return element(0x1c53bb6b, ...groups.map((group, i) => {
      const point = element(0xbb, element(0xb3, group.at), element(0xb7, element(0xf7, 1), element(0xf1, at)));
      at += clusters[i].length;
      return point;
    }));
  };
  const start = info.length + tracks.length + cues(0).length;
  return Buffer.concat([
    element(0x1a45dfa3, element(0x4286, 1), element(0x42f7, 1), element(0x42f2, 4), element(0x42f3, 8), element(0x4282, "webm"), element(0x4287, 2), element(0x4285, 2)),
    element(0x18538067, info, tracks, cues(start), ...clusters),
  ]);
}

const server = createServer((_, response) => response.setHeader("content-type", "text/html").end("<!doctype html>")).listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const browser = await chromium.launch({ executablePath: process.env.CHROME_BIN, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}`);
  const film = mux(await page.evaluate(encode, { width, height, rate, frames }));
  const seen = await page.evaluate(async (data) => {
    const video = document.createElement("video");
    video.src = `data:video/webm;base64,${data}`;
    await new Promise((resolve, reject) => { video.onloadeddata = resolve; video.onerror = () => reject(video.error.message); });
    video.currentTime = 2.5;
    await new Promise((resolve) => { video.onseeked = resolve; });
    return [video.duration, video.videoWidth, video.videoHeight, video.currentTime];
  }, film.toString("base64"));
  writeFileSync(fileURLToPath(new URL("reel.webm", import.meta.url)), film);
  console.log(`reel.webm: ${film.length} bytes; a browser plays ${seen[0]} seconds of ${seen[1]} x ${seen[2]} and seeks to ${seen[3]}`);
} finally {
  await browser.close();
  server.close();
}
