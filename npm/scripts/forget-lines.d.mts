export function forgetLines(module: Uint8Array): { bytes: Uint8Array<ArrayBuffer>; functions: number; forgotten: number };
