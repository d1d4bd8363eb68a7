// What the benchmark of transfers does in the page: a file in the browser's own file system goes up, and comes back.
import { Session } from "/dist/index.js";

let session;
let file;

export async function open(serverUrl) {
  session = await Session.open({ serverUrl, apiKey: "demo-key", apiUser: "demo", schemaCachePath: false });
}

/** Makes the file, piece by piece. */
export async function makeFile(megabytes) {
  const handle = await (await navigator.storage.getDirectory()).getFileHandle("transfer.bin", { create: true });
  const writable = await handle.createWritable();
  const piece = crypto.getRandomValues(new Uint8Array(64 << 10));
  const part = new Blob(Array.from({ length: 16 }, () => piece));
  for (let i = 0; i < megabytes; i++) await writable.write(part);
  await writable.close();
  file = await handle.getFile();
  return file.size;
}

/** Milliseconds that an upload takes. */
export async function upload() {
  const start = performance.now();
  const { done, componentId } = await session.upload(file, { name: "transfer" });
  await done;
  return { milliseconds: performance.now() - start, componentId };
}

/** Milliseconds that the same bytes take in one PUT of the browser's own. */
export async function bare() {
  const { url, headers } = await session.getUploadMetadata({ componentId: crypto.randomUUID(), fileName: "bare.bin", fileSize: file.size });
  delete headers["Content-Length"];
  const start = performance.now();
  const response = await fetch(url, { method: "PUT", body: file, headers });
  if (!response.ok) throw new Error(`the storage refused: ${response.status}`);
  return performance.now() - start;
}

/** Milliseconds that it takes to come back. */
export async function download(componentId) {
  const component = await session.get("Component", componentId);
  const start = performance.now();
  const blob = await session.readComponent(component);
  if (blob.size !== file.size) throw new Error(`${blob.size} bytes came back`);
  return performance.now() - start;
}
