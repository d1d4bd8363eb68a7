import { isNode, nodeFiles } from "./node.js";
import type { NodeFiles } from "./node.js";

/** How much of a Blob is digested at once. */
const PIECE = 4 << 20;

/**
 * MD5 as a class that stands by itself: its text goes into a Worker, so nothing from outside may be used in it.
 */
function makeMd5(): new () => { update(bytes: Uint8Array): void; digest(): Uint8Array } {
  const K = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);
  const S = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
  return class {
    a = 0x67452301;
    b = 0xefcdab89 | 0;
    c = 0x98badcfe | 0;
    d = 0x10325476;
    length = 0;
    rest = new Uint8Array(64);
    filled = 0;
    words = new Int32Array(16);

    update(bytes: Uint8Array): void {
      this.length += bytes.length;
      let at = 0;
      if (this.filled > 0) {
        at = Math.min(64 - this.filled, bytes.length);
        this.rest.set(bytes.subarray(0, at), this.filled);
        this.filled += at;
        if (this.filled < 64) return;
        this.block(this.rest, 0);
        this.filled = 0;
      }
      for (; at + 64 <= bytes.length; at += 64) this.block(bytes, at);
      this.rest.set(bytes.subarray(at));
      this.filled = bytes.length - at;
    }

    block(bytes: Uint8Array, at: number): void {
      const words = this.words;
      for (let i = 0; i < 16; i++, at += 4) words[i] = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      let { a, b, c, d } = this;
      for (let i = 0; i < 64; i++) {
        const round = i >>> 4;
        let f: number;
        let word: number;
        if (round === 0) {
          f = (b & c) | (~b & d);
          word = i;
        } else if (round === 1) {
          f = (d & b) | (~d & c);
          word = (5 * i + 1) & 15;
        } else if (round === 2) {
          f = b ^ c ^ d;
          word = (3 * i + 5) & 15;
        } else {
          f = c ^ (b | ~d);
          word = (7 * i) & 15;
        }
        const sum = (a + f + K[i]! + words[word]!) | 0;
        const shift = S[(round << 2) | (i & 3)]!;
        a = d;
        d = c;
        c = b;
        b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
      }
      this.a = (this.a + a) | 0;
      this.b = (this.b + b) | 0;
      this.c = (this.c + c) | 0;
      this.d = (this.d + d) | 0;
    }

    digest(): Uint8Array {
      const bits = this.length * 8;
      const tail = new Uint8Array(this.filled < 56 ? 64 - this.filled : 128 - this.filled);
      tail[0] = 0x80;
      const view = new DataView(tail.buffer);
      view.setUint32(tail.length - 8, bits >>> 0, true);
      view.setUint32(tail.length - 4, Math.floor(bits / 2 ** 32), true);
      this.update(tail);
      const out = new DataView(new ArrayBuffer(16));
      [this.a, this.b, this.c, this.d].forEach((word, i) => out.setInt32(4 * i, word, true));
      return new Uint8Array(out.buffer);
    }
  };
}

/** What runs in the Worker: digests the Blob it is sent, piece by piece. Stands by itself, as `makeMd5` does. */
function work(make: typeof makeMd5, piece: number): void {
  const Md5 = make();
  onmessage = async ({ data }: MessageEvent<Blob>) => {
    try {
      const md5 = new Md5();
      for (let at = 0; at < data.size; at += piece) md5.update(new Uint8Array(await data.slice(at, at + piece).arrayBuffer()));
      postMessage(md5.digest());
    } catch (error) {
      postMessage(String(error)); // what rejects in a Worker is heard of nowhere else
    }
  };
}

/** The MD5 digest of a Blob: in a Worker where there are any, so that the page stays responsive. */
export async function md5Of(blob: Blob, signal?: AbortSignal): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const node = isNode ? await nodeFiles().catch(() => undefined) : undefined; // a page may say that it has Node, and not let use it
  if (node) return inNode(node.crypto, blob, signal);
  if (typeof Worker === "function" && blob.size > PIECE / 16) {
    try {
      return await inWorker(blob, signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      // The page's policy forbids such workers, or a bundler took out what they need; then here, piece by piece.
    }
  }
  const md5 = new (makeMd5())();
  for (let at = 0; at < blob.size; at += PIECE / 8) {
    md5.update(new Uint8Array(await blob.slice(at, at + PIECE / 8).arrayBuffer()));
    signal?.throwIfAborted();
  }
  return md5.digest();
}

async function inNode(crypto: NodeFiles["crypto"], blob: Blob, signal?: AbortSignal): Promise<Uint8Array> {
  const hash = crypto.createHash("md5");
  for (let at = 0; at < blob.size; at += PIECE) {
    hash.update(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()));
    signal?.throwIfAborted();
  }
  return new Uint8Array(hash.digest());
}

function inWorker(blob: Blob, signal?: AbortSignal): Promise<Uint8Array> {
  const url = URL.createObjectURL(new Blob([`(${work.toString()})(${makeMd5.toString()}, ${PIECE})`], { type: "text/javascript" }));
  return new Promise<Uint8Array>((resolve, reject) => {
    const worker = new Worker(url);
    const onAbort = (): void => end(() => reject(signal!.reason));
    const end = (settle: () => void): void => {
      worker.terminate();
      signal?.removeEventListener("abort", onAbort);
      settle();
    };
    worker.onmessage = ({ data }: MessageEvent<Uint8Array | string>) => end(() => (typeof data === "string" ? reject(new Error(data)) : resolve(data)));
    worker.onerror = (event) => end(() => reject(new Error(event.message || "the worker could not start")));
    signal?.addEventListener("abort", onAbort, { once: true });
    worker.postMessage(blob);
  }).finally(() => URL.revokeObjectURL(url));
}

/** Bytes as base64. */
export function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
