import type * as FileSystem from "node:fs/promises";
import type * as Path from "node:path";
import type * as Url from "node:url";
import { nodeModule } from "./node.js";
import type { Logger } from "./schema-store.js";
import type { Session } from "./session.js";

/** What a plugin does: it subscribes, adds actions, configures locations. What it returns, or its promise, takes that back when the session closes. */
export type Register = ((session: Session, pluginArguments: Record<string, unknown>) => unknown) & { pluginArguments?: readonly string[] };

/** A plugin, as a value or as what a module exports. */
export interface Plugin {
  register: Register;
  /** The names of the arguments that it takes; without them it gets all. */
  pluginArguments?: readonly string[];
}

/** Milliseconds that a plugin has to take back what it did, before the session closes without it. */
const UNREGISTER_WITHIN = 10_000;

/** The registered plugins of one session. */
export class Plugins {
  readonly #session: Session;
  readonly #arguments: Record<string, unknown>;
  readonly #logger: Logger;
  readonly #unregister: { name: string; undo: () => unknown }[] = [];
  #ended = false;

  constructor(session: Session, pluginArguments: Record<string, unknown>, logger: Logger) {
    this.#session = session;
    this.#arguments = pluginArguments;
    this.#logger = logger;
  }

  /** Imports modules and registers what they export, in order. What does not load or fails is reported and passed over. */
  async load(paths: readonly string[], signal?: AbortSignal): Promise<void> {
    for (const path of await modulesOf(paths, this.#logger)) {
      signal?.throwIfAborted();
      let module: Partial<Plugin>;
      try {
        module = (await import(/* @vite-ignore */ /* webpackIgnore: true */ path)) as Partial<Plugin>;
      } catch (error) {
        this.#logger.warn(`plugin ${path} was not loaded: ${String(error)}`);
        continue;
      }
      await this.add(path, module);
    }
  }

  /** Registers one. */
  async add(name: string, plugin: Partial<Plugin> | Register): Promise<void> {
    try {
      const register = typeof plugin === "function" ? plugin : plugin.register;
      if (typeof register !== "function") throw new TypeError("it has no function register");
      const undo = await register.call(plugin, this.#session, this.#reduced(name, plugin.pluginArguments));
      if (typeof undo !== "function") return;
      this.#unregister.push({ name, undo: undo as () => unknown });
      if (this.#ended) await this.unregister(); // the session did not wait for it
    } catch (error) {
      this.#logger.warn(`plugin ${name} was not registered: ${String(error)}`);
    }
  }

  /** How many can be taken back. */
  get count(): number {
    return this.#unregister.length;
  }

  /** Takes back what the plugins did, the last one first, and what one does that is still at it when it is done. One that does not end is reported and passed over. */
  async unregister(): Promise<void> {
    this.#ended = true;
    for (let each = this.#unregister.pop(); each; each = this.#unregister.pop()) {
      try {
        await inTime(each.undo());
      } catch (error) {
        this.#logger.warn(`plugin ${each.name} was not unregistered: ${String(error)}`);
      }
    }
  }

  #reduced(name: string, wanted: unknown): Record<string, unknown> {
    if (wanted === undefined) return { ...this.#arguments };
    if (!Array.isArray(wanted) || !wanted.every((each) => typeof each === "string")) throw new TypeError("its pluginArguments are no list of texts");
    const names = Object.keys(this.#arguments);
    const left = names.filter((each) => !wanted.includes(each)).sort();
    if (left.length) this.#logger.warn(`plugin ${name} does not take all arguments: ${left.join(", ")} left out`);
    return Object.fromEntries(names.filter((each) => wanted.includes(each)).map((each) => [each, this.#arguments[each]]));
  }
}

/** Waits for something a plugin does, but not for ever. */
async function inTime(work: unknown): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it was still at it after ${UNREGISTER_WITHIN / 1000} seconds`)), UNREGISTER_WITHIN);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The paths in a variable, which are parted as the platform does it, except within URLs and behind the letters of drives. */
export function splitPaths(text: string): string[] {
  const parts = text.includes(";") ? text.split(";") : text.split(/:(?!\/\/)(?<!(?:^|:)[A-Za-z]:)/);
  const paths: string[] = [];
  for (const part of parts) {
    // The port of a URL is no path of its own.
    if (paths.length && /^\d+(?:\/|$)/.test(part) && /^[a-z]+:\/\/[^/]*$/i.test(paths.at(-1)!)) paths.push(`${paths.pop()!}:${part}`);
    else if (part.trim()) paths.push(part.trim());
  }
  return paths;
}

/** The addresses of modules. In Node a path may be a file or a folder, whose modules come in the order of their names. */
async function modulesOf(paths: readonly string[], logger: Logger): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    try {
      found.push(...(await modulesAt(path)));
    } catch (error) {
      logger.warn(`plugin ${path} was not loaded: ${String(error)}`);
    }
  }
  return found;
}

async function modulesAt(path: string): Promise<string[]> {
  if (/^[a-z][a-z\d+.-]+:/i.test(path)) return [path];
  if (typeof document === "object") return [new URL(path, document.baseURI).href];
  if (typeof process !== "object" || !process.versions?.node) return [new URL(path, location.href).href];
  const [fs, paths, url] = await Promise.all([nodeModule<typeof FileSystem>("fs/promises"), nodeModule<typeof Path>("path"), nodeModule<typeof Url>("url")]);
  const place = paths.resolve(path);
  const names = (await fs.stat(place)).isDirectory() ? (await fs.readdir(place)).filter((name) => /\.m?js$/.test(name)).sort() : [""];
  return names.map((name) => url.pathToFileURL(paths.join(place, name)).href);
}
