import { InvalidArgumentError } from "./errors.js";
import { nameObjects } from "./object-name.js";
import type { Sender } from "./sender.js";
import type { Transfers } from "./transfers.js";
import { Upload, fingerprint, isUnderWay } from "./upload.js";
import type { UploadOptions } from "./upload.js";
import { UploadServer } from "./upload-server.js";
import { uploadStore } from "./upload-store.js";
import type { KeptUpload } from "./upload-store.js";

/** An upload that an earlier visit of the page left half done. */
export class UnfinishedUpload {
  readonly componentId: string;
  readonly fileName: string;
  readonly size: number;
  /** Bytes that are stored already. */
  readonly loaded: number;
  /** Whether `resume` must be given the file again: it came without a handle. */
  readonly needsFile: boolean;
  readonly #sender: Sender;
  readonly #transfers: Transfers;
  readonly #kept: KeptUpload;
  readonly #etags: Map<number, string>;

  static {
    nameObjects(this, "UnfinishedUpload");
  }

  /** @internal */
  constructor(sender: Sender, transfers: Transfers, kept: KeptUpload, etags: Map<number, string>) {
    this.#sender = sender;
    this.#transfers = transfers;
    this.#kept = kept;
    this.#etags = etags;
    this.componentId = kept.id;
    this.fileName = kept.fileName;
    this.size = kept.size;
    this.needsFile = !kept.handle;
    this.loaded = [...etags.keys()].reduce((sum, part) => sum + Math.min(kept.chunk, kept.size - part * kept.chunk), 0);
  }

  /**
   * Goes on with the parts that are missing. The browser may ask the user whether the page may read the file again: call it from
   * a click then.
   * @throws {InvalidArgumentError} when the file is another one
   */
  async resume(file?: Blob, options: UploadOptions = {}): Promise<Upload> {
    const { handle } = this.#kept;
    const blob = file ?? (await readable(handle));
    if (!blob) throw new InvalidArgumentError(`resume: choose the file ${JSON.stringify(this.fileName)} again`);
    const { size, print } = this.#kept;
    if (blob.size !== size || (await fingerprint(blob)) !== print) throw new InvalidArgumentError(`resume: this is not the file that was uploaded as ${JSON.stringify(this.fileName)}`);
    return new Upload(this.#server(), this.#transfers, { blob, fileName: this.fileName, handle }, options, this.#kept, new Map(this.#etags));
  }

  /** Gives it up: what stands on the server is removed. */
  async discard(): Promise<void> {
    await this.#server().discard();
    await uploadStore.remove(this.componentId);
  }

  #server(): UploadServer {
    const { id, created, registrationId, locationId } = this.#kept;
    return new UploadServer(this.#sender, { id, created, registrationId, begun: true }, locationId);
  }
}

/** The uploads of a session's user that nobody goes on with. */
export async function unfinishedUploads(sender: Sender, transfers: Transfers): Promise<UnfinishedUpload[]> {
  const found: UnfinishedUpload[] = [];
  for (const kept of await uploadStore.all(sender.serverUrl, sender.apiUser)) {
    if (!(await isUnderWay(kept.id))) found.push(new UnfinishedUpload(sender, transfers, kept, await uploadStore.parts(kept.id)));
  }
  return found;
}

type Asking = FileSystemFileHandle & { requestPermission?(options: { mode: "read" }): Promise<PermissionState> };

async function readable(handle: Asking | undefined): Promise<Blob | undefined> {
  if (!handle) return undefined;
  if (handle.requestPermission && (await handle.requestPermission({ mode: "read" })) !== "granted") return undefined;
  return handle.getFile();
}
