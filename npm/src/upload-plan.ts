import { InvalidArgumentError } from "./errors.js";

const MB = 1 << 20;
const GB = 1024 * MB;

/** Sizes of chunks by the sizes of files, as the server's own clients have them. */
const sizes: readonly (readonly [upTo: number, chunk: number])[] = [
  [128 * MB, 8 * MB],
  [GB, 16 * MB],
  [8 * GB, 32 * MB],
  [64 * GB, 64 * MB],
];

const MOST_PARTS = 10_000;

/** How a file goes up. */
export interface UploadPlan {
  readonly chunk: number;
  /** How many parts; 1 is one PUT of the whole. */
  readonly parts: number;
}

/** Parts a file of `size` bytes: up to two chunks go in one PUT. */
export function planUpload(size: number): UploadPlan {
  const chunk = sizes.find(([upTo]) => size <= upTo)?.[1] ?? 128 * MB;
  const parts = Math.ceil(size / chunk);
  if (parts > MOST_PARTS) throw new InvalidArgumentError(`upload: ${size} bytes are more than the ${(MOST_PARTS * chunk) / GB} GB that the server takes in one file`);
  return { chunk, parts: parts > 2 ? parts : 1 };
}
