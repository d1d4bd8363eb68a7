import type { Entity } from "./entity.js";
import { CommitOutcomeUnknownError, NetworkError, ServerError } from "./errors.js";
import { refusedAction } from "./server-actions.js";
import type { OwnOperation, Sender } from "./sender.js";
import type { KeptUpload } from "./upload-store.js";

/** What the server says to `get_upload_metadata`. */
interface UploadMetadata {
  url?: string;
  headers?: Record<string, string>;
  upload_id?: string;
  urls?: { part_number: number; signed_url: string }[];
}

/** The server's side of one upload: which requests make the component, and what they answer. */
export class UploadServer {
  readonly componentId: string;
  readonly #sender: Sender;
  readonly #locationId: string;
  readonly #registrationId: string;
  /** Creates the component, unless it is there. */
  #create: OwnOperation | undefined;
  readonly #created: boolean;
  #begun: boolean;
  /** Whether the component is registered in the location; otherwise it is data alone that goes up. */
  readonly #register: boolean;

  constructor(sender: Sender, component: { id: string; create?: OwnOperation | undefined; created?: boolean; registrationId?: string; begun?: boolean; register?: boolean }, locationId: string) {
    this.#sender = sender;
    this.componentId = component.id;
    this.#create = component.create;
    this.#created = component.created ?? component.create !== undefined;
    this.#registrationId = component.registrationId ?? sender.newId();
    this.#locationId = locationId;
    this.#begun = component.begun ?? false;
    this.#register = component.register ?? true;
  }

  /** What is kept of it. */
  get described(): Pick<KeptUpload, "id" | "serverUrl" | "apiUser" | "created" | "locationId" | "registrationId"> {
    const { serverUrl, apiUser } = this.#sender;
    return { id: this.componentId, serverUrl, apiUser, created: this.#created, locationId: this.#locationId, registrationId: this.#registrationId };
  }

  /** Creates the component where it is not there, and asks for addresses, in one request. */
  async begin(fileName: string, size: number, parts: number | undefined, checksum: string | undefined) {
    const action = { action: "get_upload_metadata", component_id: this.componentId, file_name: fileName.normalize("NFC"), file_size: size, parts: parts ?? null, ...(checksum !== undefined && { checksum }) };
    const operations: OwnOperation[] = [...(this.#create ? [this.#create] : []), { action }];
    this.#begun = true;
    let replies: readonly unknown[];
    try {
      ({ replies } = await this.#sender.send("upload", operations));
    } catch (error) {
      // It may have arrived: then the component is there, and is not created again.
      if (this.#create && isUnanswered(error) && (await this.#sender.exists("Component", this.componentId))) this.#create = undefined;
      throw unanswered(refusedAction(error, "get_upload_metadata", this.#sender.serverVersion));
    }
    this.#create = undefined;
    const { url, headers = {}, upload_id: uploadId, urls } = replies.at(-1) as UploadMetadata;
    const signed = [...(urls ?? [])].sort((a, b) => a.part_number - b.part_number).map((part) => part.signed_url);
    if (parts !== undefined && (uploadId === undefined || signed.length !== parts)) throw new ServerError(`upload: the server gave ${signed.length} addresses for ${parts} parts`);
    if (parts === undefined && typeof url !== "string") throw new ServerError("upload: the server gave no address");
    return parts === undefined ? { uploadId: undefined, urls: [url!], headers } : { uploadId: uploadId!, urls: signed, headers: {} };
  }

  /** Puts the parts together and registers the component in the location; gives the component. */
  async complete(uploadId: string | undefined, parts: readonly (readonly [part: number, etag: string])[] | undefined): Promise<Entity | null> {
    const complete: OwnOperation[] = uploadId === undefined ? [] : [
      { action: { action: "complete_multipart_upload", upload_id: uploadId, component_id: this.componentId, parts: parts!.map(([part, etag]) => ({ part_number: part + 1, e_tag: etag })) } },
    ];
    const values = { id: this.#registrationId, component_id: this.componentId, resource_identifier: this.componentId, location_id: this.#locationId };
    if (!this.#register) {
      if (complete.length) await this.#sender.send("upload", complete);
      return null;
    }
    try {
      await this.#sender.send("upload", [...complete, { create: "ComponentLocation", values }]);
    } catch (error) {
      if (!isUnanswered(error)) throw refusedAction(error, "complete_multipart_upload", this.#sender.serverVersion);
      if (!(await this.#sender.exists("ComponentLocation", this.#registrationId))) throw unanswered(error);
    }
    this.#sender.published("ftrack.location.component-added", { component_id: this.componentId, location_id: this.#locationId });
    return this.#sender.entity("Component", this.componentId);
  }

  /** Takes away what the upload left on the server. */
  async discard(): Promise<void> {
    if (!this.#begun) return;
    if (!this.#created) return this.#sender.removeData(this.componentId);
    const component = await this.#sender.entity("Component", this.componentId);
    if (!component) return;
    const registered = await this.#sender.entity("ComponentLocation", this.#registrationId);
    await this.#sender.send("upload", [...(registered ? [{ delete: registered }] : []), { delete: component }]);
  }
}

function isUnanswered(error: unknown): boolean {
  return error instanceof CommitOutcomeUnknownError || error instanceof NetworkError;
}

/** Makes an answer that did not come one that may be waited for again: the requests here may be repeated. */
function unanswered(error: unknown): unknown {
  return error instanceof CommitOutcomeUnknownError ? new NetworkError(`upload: ${error.message}`, { cause: error }) : error;
}
