import { state } from "ftrack-wasm";
import type { DefaultEntities } from "ftrack-wasm";
import type { Version } from "./media.js";

type Note = DefaultEntities["Note"];

/** The notes on a version with their replies, and the way to more of both. They are recorded; the next commit sends them. */
export class Notes {
  readonly #list: HTMLElement;
  readonly #form: HTMLFormElement;
  readonly #changed: () => void;
  readonly #failed: (error: unknown) => void;
  #version: Version | undefined;
  #notes: Note[] = [];
  /** Notes of this visit that no query has brought yet. */
  #written: Note[] = [];

  constructor(root: HTMLElement, changed: () => void, failed: (error: unknown) => void) {
    this.#list = root.querySelector("ol")!;
    this.#form = root.querySelector("form")!;
    this.#changed = changed;
    this.#failed = failed;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const field = this.#form.elements.namedItem("content") as HTMLTextAreaElement;
      this.#write(field, (text) => this.#version!.createNote(text));
    });
  }

  clear(): void {
    this.#version = undefined;
    this.#notes = this.#written = [];
    this.#list.replaceChildren();
  }

  async show(version: Version): Promise<void> {
    if (version !== this.#version) this.#written = [];
    this.#version = version;
    const expression = `select content, date, author.username, in_reply_to_id from Note where parent_id is "${version.id!}" and in_reply_to_id is none order by date descending`;
    const notes = await version.session.query<"Note">(expression, { policy: "network-only" }).all();
    if (notes.length) await version.session.populate(notes, "replies.content, replies.date, replies.author.username");
    if (version !== this.#version) return;
    this.#notes = notes;
    this.#draw();
  }

  #write(field: HTMLTextAreaElement | HTMLInputElement, make: (text: string) => Note): void {
    const text = field.value.trim();
    if (!text || !this.#version) return;
    try {
      this.#written.push(make(text));
      field.value = "";
      this.#changed();
      this.#draw();
    } catch (error) {
      this.#failed(error);
    }
  }

  #draw(): void {
    const known = new Set(this.#notes.flatMap((note) => [note, ...note.replies]));
    const written = this.#written.filter((note) => !known.has(note) && state(note) !== "deleted");
    const top = [...written.filter((note) => !note.in_reply_to_id).reverse(), ...this.#notes];
    this.#list.replaceChildren(
      ...top.map((note) => {
        const own = note.replies.loaded ? [...note.replies] : [];
        // A note of this visit knows its own replies already.
        const replies = new Set([...own, ...written.filter(({ in_reply_to_id: to }) => to === note.id)]);
        return this.#item(note, [...replies]);
      }),
    );
  }

  #item(note: Note, replies: readonly Note[]): HTMLElement {
    const item = document.createElement("li");
    item.append(line(note));
    const below = document.createElement("ul");
    below.append(...replies.map((reply) => Object.assign(document.createElement("li"), { className: "reply" }).appendChild(line(reply)).parentElement!));
    const form = document.createElement("form");
    const field = Object.assign(document.createElement("input"), { placeholder: "Reply", ariaLabel: "Reply" });
    form.append(field);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#write(field, (text) => note.createReply(text));
    });
    item.append(below, form);
    return item;
  }
}

function line(note: Note): HTMLElement {
  const paragraph = document.createElement("p");
  const who = document.createElement("strong");
  who.textContent = state(note) === "created" ? "you, not saved" : (note.author?.username ?? "somebody");
  const when = note.date instanceof Date ? ` · ${note.date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}` : "";
  paragraph.append(who, `${when} `, Object.assign(document.createElement("span"), { textContent: note.content ?? "" }));
  return paragraph;
}
