import type { SentRequest, Settings } from "./program.js";

/** What a page tells the worker of its sandbox. */
export type ToWorker =
  | { readonly kind: "start"; readonly module: WebAssembly.Module; readonly settings: Settings }
  | { readonly kind: "request"; readonly id: number; readonly request: SentRequest }
  | { readonly kind: "abort"; readonly id: number }
  | { readonly kind: "open"; readonly id: number; readonly sid: string }
  | { readonly kind: "send"; readonly id: number; readonly text: string }
  | { readonly kind: "leave"; readonly id: number }
  | { readonly kind: "close" };

/** What it hears. */
export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "head"; readonly id: number; readonly status: number; readonly statusText: string; readonly headers: [string, string][]; readonly empty: boolean }
  | { readonly kind: "chunk"; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "end"; readonly id: number; readonly reason?: string }
  | { readonly kind: "frame"; readonly id: number; readonly text: string }
  | { readonly kind: "ended"; readonly id: number };
