// What the benchmark of transfers does in the page: a file that was chosen goes up, and comes back.
import { Session } from "/dist/index.js";

let session;
let file;

export async function open(serverUrl) {
  session = await Session.open({ serverUrl, apiKey: "demo-key", apiUser: "demo", schemaCachePath: false });
}

/** Takes the file that was chosen. */
export function takeFile() {
  file = document.querySelector("input").files[0];
  return file.size;
}

/** Milliseconds that an upload takes. */
export async function upload(options = {}) {
  const start = performance.now();
  const { done, componentId } = await session.upload(file, { name: "transfer", ...options });
  await done;
  return { milliseconds: performance.now() - start, componentId };
}

/** Milliseconds that the same bytes take in one PUT of the browser's own. */
export async function bareUpload() {
  const componentId = crypto.randomUUID();
  const { url, headers } = await session.getUploadMetadata({ componentId, fileName: "bare.bin", fileSize: file.size });
  delete headers["Content-Length"];
  const start = performance.now();
  const response = await fetch(url, { method: "PUT", body: file, headers });
  if (!response.ok) throw new Error(`the storage refused: ${response.status}`);
  return { milliseconds: performance.now() - start, componentId };
}

const credentials = { "ftrack-user": "demo", "ftrack-api-key": "demo-key" };

/** Forgets what was stored. */
export async function remove(componentId) {
  const response = await fetch(`${session.serverUrl}/component/remove?id=${componentId}`, { headers: credentials });
  if (!response.ok) throw new Error(`the storage refused: ${response.status}`);
}

/** Milliseconds that it takes to come back. */
export async function download(componentId) {
  const component = await session.get("Component", componentId);
  const start = performance.now();
  const blob = await session.readComponent(component);
  if (blob.size !== file.size) throw new Error(`${blob.size} bytes came back`);
  return { milliseconds: performance.now() - start };
}

/** Milliseconds that the same bytes take in one GET of the browser's own. */
export async function bareDownload(componentId) {
  const start = performance.now();
  const response = await fetch(`${session.serverUrl}/component/get?id=${componentId}`, { headers: credentials });
  const blob = await response.blob();
  if (blob.size !== file.size) throw new Error(`${blob.size} bytes came back`);
  return { milliseconds: performance.now() - start };
}
