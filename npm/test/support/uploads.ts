/** Faults that the sandbox's storage makes on purpose; what is left out it does not. */
export interface UploadFaults {
  fail?: number;
  status?: number;
  cut?: number;
  parts?: number[];
  attempts?: number;
  rate?: number;
  expiry?: string;
  seed?: number;
}

/** What stands in the sandbox's storage. */
export interface UploadState {
  components: Record<string, number>;
  uploads: Record<string, number[]>;
  attempts: Record<string, number>;
}

const headers = { "ftrack-user": "demo", "ftrack-api-key": "demo-key" };

/** Tells a sandbox which faults to make. */
export async function uploadFaults(server: string, faults: UploadFaults): Promise<void> {
  const response = await fetch(`${server}/sandbox/uploads`, { method: "PUT", headers, body: JSON.stringify(faults) });
  if (!response.ok) throw new Error(`the sandbox takes no faults: ${response.status} ${await response.text()}`);
}

export async function uploadState(server: string): Promise<UploadState> {
  return (await fetch(`${server}/sandbox/uploads`, { headers })).json() as Promise<UploadState>;
}

/** Bytes without order, the same for the same size. */
export function noise(size: number): Blob {
  const piece = new Uint8Array(Math.min(size, 1 << 20));
  let state = size || 1;
  for (let i = 0; i < piece.length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    piece[i] = state >>> 16;
  }
  const pieces: BlobPart[] = [];
  for (let at = 0; at < size; at += piece.length) {
    // Each piece begins with its place, so that no two are alike.
    const mark = new Uint8Array(new Uint32Array([at / 8]).buffer);
    pieces.push(size - at >= 4 ? mark : mark.subarray(0, size - at), piece.subarray(4, Math.max(size - at, 4)));
  }
  return new Blob(pieces);
}

/** Whether two Blobs hold the same bytes, looked at piece by piece. */
export async function equalBlobs(a: Blob, b: Blob): Promise<boolean> {
  if (a.size !== b.size) return false;
  for (let at = 0; at < a.size; at += 16 << 20) {
    const [x, y] = await Promise.all([a, b].map(async (blob) => new Uint8Array(await blob.slice(at, at + (16 << 20)).arrayBuffer())));
    for (let i = 0; i < x!.length; i++) if (x![i] !== y![i]) return false;
  }
  return true;
}
