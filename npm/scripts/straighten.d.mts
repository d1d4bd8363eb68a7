export function straighten(module: Uint8Array): { bytes: Uint8Array<ArrayBuffer>; jumps: number; back: number };
