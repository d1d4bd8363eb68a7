import { blobOf } from "./accessor.js";
import { InvalidArgumentError } from "./errors.js";
import { isNode, nodeFiles } from "./node.js";
import { SequencePattern, fileTypeOf } from "./sequence-pattern.js";

/** What a component is made from: a File, Blob, stream, handle of a file, or in Node a path. */
export type ComponentFile = Blob | ReadableStream<Uint8Array> | FileSystemFileHandle | string;

/** A file with what it is called. */
export interface SourceFile {
  readonly blob: Blob;
  /** Without folders; empty where nothing tells. */
  readonly fileName: string;
  readonly handle?: FileSystemFileHandle | undefined;
}

/** Opens what a component is to be made from. Nothing of its data is read, but for a stream's. It is called what it is told, or what it says itself. */
export async function openSource(file: ComponentFile, signal?: AbortSignal, fileName?: string): Promise<SourceFile> {
  if (fileName !== undefined && typeof fileName !== "string") throw new InvalidArgumentError("createComponent: the option fileName must be text");
  const source = await openNamed(file, signal);
  return fileName === undefined ? source : { ...source, fileName };
}

async function openNamed(file: ComponentFile, signal?: AbortSignal): Promise<SourceFile> {
  if (typeof file === "string") return openPath(file);
  if (file instanceof ReadableStream) return { blob: await blobOf(file, signal), fileName: "" };
  if (isFileHandle(file)) return { blob: await file.getFile(), fileName: file.name, handle: file };
  if (file instanceof Blob) return { blob: file, fileName: (file as Partial<File>).name ?? "" };
  throw new InvalidArgumentError("createComponent: the file must be a File, a Blob, a ReadableStream, a FileSystemFileHandle, or in Node a path");
}

/** The files of a list, or of a pattern of paths, with the sequence they make; none for a single file. */
export async function openSources(file: ComponentFile | readonly ComponentFile[], signal?: AbortSignal): Promise<{ files: SourceFile[]; pattern: SequencePattern | undefined } | undefined> {
  if (typeof file === "string") {
    const pattern = SequencePattern.parse(file);
    if (!pattern) return undefined;
    const files = await Promise.all(pattern.indexes.map((i) => openSource(pattern.file(i), signal)));
    return { files, pattern };
  }
  if (!Array.isArray(file)) return undefined;
  if (!file.length) throw new InvalidArgumentError("createComponent: the list of files is empty");
  const files = await Promise.all((file as readonly ComponentFile[]).map((each) => openSource(each, signal)));
  const byName = new Map(files.map((each) => [each.fileName, each]));
  const pattern = SequencePattern.of([...byName.keys()]);
  // A sequence has its files in the order of their indexes.
  return byName.size === files.length && pattern ? { files: pattern.indexes.map((i) => byName.get(pattern.file(i))!), pattern } : { files, pattern: undefined };
}

/** A file's name without its type, where it ends with that; without its extension otherwise. */
export function stemOf(fileName: string, type: string): string {
  const end = type && fileName.endsWith(type) ? type : fileTypeOf(fileName);
  return fileName.slice(0, fileName.length - end.length);
}

async function openPath(path: string): Promise<SourceFile> {
  if (!isNode) throw new InvalidArgumentError("createComponent: there are no paths in a browser: give the File");
  const { files, fs, path: paths } = await nodeFiles();
  try {
    if ((await fs.stat(path)).isDirectory()) throw new Error("it is a folder"); // opened it is a Blob, which only fails when it is read
    return { blob: await files.openAsBlob(path), fileName: paths.basename(path) };
  } catch (cause) {
    throw new InvalidArgumentError(`createComponent: the file ${JSON.stringify(path)} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function isFileHandle(file: unknown): file is FileSystemFileHandle {
  return typeof file === "object" && file !== null && (file as { kind?: unknown }).kind === "file" && typeof (file as { getFile?: unknown }).getFile === "function";
}
