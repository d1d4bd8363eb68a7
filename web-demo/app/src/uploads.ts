import type { Session, Upload } from "ftrack-wasm";
import type { Version } from "./media.js";
import { problemOf } from "./problem.js";
import { inBytes } from "./review.js";

/** Takes files that are dropped or chosen, and shows how they go up: each can be paused, given up, and tried again. */
export class Uploads {
  /** The version that files go to. */
  version: Version | undefined;
  readonly #list: HTMLElement;
  readonly #done: () => void;
  readonly #failed: (error: unknown) => void;
  #session: Session | undefined;

  /** `done` is called after a file is stored. */
  constructor(root: HTMLElement, done: () => void, failed: (error: unknown) => void) {
    this.#list = root.querySelector("ul")!;
    this.#done = done;
    this.#failed = failed;
    const input = root.querySelector<HTMLInputElement>('input[type="file"]')!;
    input.addEventListener("change", () => {
      this.#take([...(input.files ?? [])]);
      input.value = "";
    });
    const pane = root.closest<HTMLElement>(".media-pane")!;
    pane.addEventListener("dragover", (event) => {
      event.preventDefault();
      root.classList.add("over");
    });
    pane.addEventListener("dragleave", () => root.classList.remove("over"));
    pane.addEventListener("drop", (event) => {
      event.preventDefault();
      root.classList.remove("over");
      this.#take([...(event.dataTransfer?.files ?? [])]);
    });
  }

  /** Goes over to a session; what an earlier visit left half done can be taken up again. */
  attach(session: Session | undefined): void {
    this.#session = session;
    this.version = undefined;
    this.#list.replaceChildren();
    if (session) void this.#showUnfinished(session).catch(this.#failed);
  }

  #take(files: readonly File[]): void {
    const [session, version] = [this.#session, this.version];
    if (!session || !version) return;
    for (const file of files) this.#row(file.name, () => session.upload(file, { data: { version_id: version.id! } }));
  }

  async #showUnfinished(session: Session): Promise<void> {
    for (const left of await session.unfinishedUploads()) {
      if (session !== this.#session) return;
      const row = document.createElement("li");
      const about = document.createElement("span");
      const name = Object.assign(document.createElement("b"), { textContent: left.fileName, title: left.fileName });
      const status = Object.assign(document.createElement("small"), { textContent: `${inBytes(left.loaded)} of ${inBytes(left.size)} from an earlier visit` });
      about.append(name, status);
      const go = (file?: File): void => {
        row.remove();
        this.#row(left.fileName, () => left.resume(file));
      };
      const resume = button("Resume", () => {
        if (!left.needsFile) return go();
        const chooser = Object.assign(document.createElement("input"), { type: "file" });
        chooser.addEventListener("change", () => chooser.files?.[0] && go(chooser.files[0]));
        chooser.click();
      });
      const discard = button("Give up", () => {
        row.remove();
        left.discard().catch(this.#failed);
      });
      row.append(about, resume, discard);
      this.#list.append(row);
    }
  }

  /** Starts an upload and shows it; a failed one can be started again. */
  #row(fileName: string, start: () => Promise<Upload>): void {
    const row = document.createElement("li");
    const about = document.createElement("span");
    const name = Object.assign(document.createElement("b"), { textContent: fileName, title: fileName });
    const status = document.createElement("small");
    about.append(name, status);
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0, ariaLabel: fileName });
    const pause = button("Pause", () => (upload?.state === "paused" ? upload.resume() : upload?.pause()));
    const stop = button("Stop", () => upload?.abort());
    const retry = button("Retry", () => {
      row.remove();
      this.#row(fileName, start);
    });
    row.append(about, bar, pause, stop, retry);
    this.#list.prepend(row);
    let upload: Upload | undefined;
    let reason: string | undefined;
    const draw = (): void => {
      const { state = reason === undefined ? "running" : "failed", loaded = 0, size = 0 } = upload ?? {};
      const far = `${inBytes(loaded)} of ${inBytes(size)}`;
      status.textContent = { running: upload ? far : "begins", paused: `${far}, paused`, done: "done", failed: reason === undefined ? "failed" : `failed: ${reason}`, aborted: "stopped" }[state];
      row.dataset.state = state;
      bar.value = size ? loaded / size : state === "done" ? 1 : 0;
      pause.textContent = state === "paused" ? "Resume" : "Pause";
      pause.hidden = stop.hidden = state !== "running" && state !== "paused";
      retry.hidden = state !== "failed" && state !== "aborted";
    };
    draw();
    start()
      .then(async (started) => {
        upload = started;
        started.subscribe(draw);
        draw();
        await started.done;
        this.#done();
      })
      .catch((error: unknown) => {
        reason = problemOf(error).text.replace(/^upload: /, "");
        status.role = "alert";
        draw();
      });
  }
}

function button(text: string, act: () => void): HTMLButtonElement {
  const made = Object.assign(document.createElement("button"), { type: "button" as const, className: "quiet small", textContent: text });
  made.addEventListener("click", act);
  return made;
}
