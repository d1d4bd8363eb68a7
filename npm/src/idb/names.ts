import { hasIndexedDB } from "../database.js";
import { deleteDatabase, patiently } from "./connection.js";

/** How long the browser may take to name its databases, in milliseconds. */
const PATIENCE = 10_000;

const PREFIX = "ftrack-wasm replies";

/**
 * The name of the database for a server, a user and a key; where there is a token, in the place of the key another user, if it names one.
 * Of this it holds 32 bits of a checksum: enough to keep what was fetched with different keys apart, and nothing that leads back to one.
 */
export function databaseName(serverUrl: string, apiUser: string, apiKey: string): string {
  let sum = 0x811c9dc5;
  for (const char of `${serverUrl}\n${apiUser}\n${apiKey}`) sum = Math.imul(sum ^ char.codePointAt(0)!, 0x01000193);
  return `${PREFIX} ${JSON.stringify([serverUrl, apiUser])} ${(sum >>> 0).toString(16)}`;
}

/** Deletes all that is kept for a user of a server, whatever key it was fetched with. */
export async function forgetReplies(serverUrl: string, apiUser: string): Promise<void> {
  await forgetNamed(`${PREFIX} ${JSON.stringify([serverUrl, apiUser])} `);
}

/** Deletes all that is kept of servers whose address begins so. */
export async function forgetRepliesOf(begin: string): Promise<void> {
  await forgetNamed(`${PREFIX} ${JSON.stringify([begin]).slice(0, -2)}`);
}

async function forgetNamed(own: string): Promise<void> {
  if (!hasIndexedDB()) return;
  const databases = await patiently(PATIENCE, indexedDB.databases()).catch((error: unknown) => { // a browser that takes its databases for damaged may say nothing for ever
    if (error instanceof DOMException && error.name === "SecurityError") return []; // no page of this kind can keep anything
    throw error;
  });
  const names = databases.map(({ name }) => name ?? "").filter((name) => name.startsWith(own));
  await Promise.all(names.map((name) => deleteDatabase(name)));
}
