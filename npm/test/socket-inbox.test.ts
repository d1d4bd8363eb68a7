import { describe, expect, test, vi } from "vitest";
import { SocketInbox } from "../src/socket-inbox.js";

const decoder = new TextDecoder();

/** An inbox that notes what it hands over, a list a call. */
function makeInbox(meanwhile?: (texts: string[]) => void): { inbox: SocketInbox; calls: string[][] } {
  const calls: string[][] = [];
  const inbox = new SocketInbox((messages) => {
    const texts: string[] = [];
    const view = new DataView(messages.buffer, messages.byteOffset, messages.byteLength);
    for (let at = 0; at < messages.length; at += 4 + view.getUint32(at, true)) {
      texts.push(decoder.decode(messages.subarray(at + 4, at + 4 + view.getUint32(at, true))));
    }
    calls.push(texts);
    meanwhile?.(texts);
  });
  return { inbox, calls };
}

const drained = (inbox: SocketInbox): Promise<void> => new Promise((resolve) => inbox.then(resolve));

describe("messages of a socket", () => {
  test("are handed over whole and in their order, whatever their characters and lengths, a few in one call", async () => {
    const { inbox, calls } = makeInbox();
    const sent = ["", "señor Díaz — 東京 🎬", "x".repeat(2_000_000), "間".repeat(300_000)];
    for (let n = 0; n < 5000; n++) sent.push(`${n} ${"y".repeat(n % 977)}`);
    for (let round = 0; round < 3; round++) {
      calls.length = 0;
      for (const text of sent) expect(inbox.message(text)).toBe(true);
      expect(calls, "not within the task in which they came").toEqual([]);
      await drained(inbox);
      expect(calls.flat()).toEqual(sent);
      expect(calls.length).toBeLessThan(sent.length / 4);
      expect(Math.max(...calls.map((texts) => texts.length))).toBeLessThanOrEqual(16);
    }
  });

  test("that come one at a time are whole, however many have come", async () => {
    const { inbox, calls } = makeInbox();
    const text = "w".repeat(20_000);
    for (let n = 0; n < 40; n++) {
      inbox.message(text);
      await drained(inbox);
    }
    expect(new Set(calls.flat())).toEqual(new Set([text]));
    expect(calls).toHaveLength(40);
  });

  test("that come while others are handed over follow these", async () => {
    const { inbox, calls } = makeInbox((texts) => {
      for (const text of texts) if (text.length < 6) inbox.message(`${text}*`);
    });
    for (const text of ["a", "b", "c"]) inbox.message(text);
    await vi.waitFor(() => expect(calls.flat()).toHaveLength(18));
    expect(calls.flat().slice(0, 9)).toEqual(["a", "b", "c", "a*", "b*", "c*", "a**", "b**", "c**"]);
  });

  test("and functions keep their order, and those that come while one runs come after it", async () => {
    const { inbox, calls } = makeInbox();
    const seen: string[] = [];
    inbox.message("first");
    inbox.then(() => {
      seen.push(...calls.flat());
      inbox.message("third");
    });
    inbox.message("second");
    await drained(inbox);
    expect(seen).toEqual(["first"]);
    await vi.waitFor(() => expect(calls.flat()).toEqual(["first", "second", "third"]));
  });

  test("are forgotten, also by the one who takes them", async () => {
    const { inbox, calls } = makeInbox((texts) => {
      if (texts.includes("b")) inbox.clear();
    });
    for (const text of ["a", "b", "c"]) inbox.message(text);
    inbox.clear();
    inbox.message("b");
    inbox.message("x".repeat(300_000));
    await new Promise((resolve) => setTimeout(resolve, 20));
    inbox.message("d");
    await drained(inbox);
    expect(calls.flat()).toEqual(["b", "d"]);
  });

  test("are refused when too much waits, and taken again when it is handed over", async () => {
    const { inbox, calls } = makeInbox();
    const large = "z".repeat(10_000_000);
    let taken = 0;
    while (inbox.message(large)) taken++;
    expect(taken).toBe(7);
    await drained(inbox);
    expect(calls.flat()).toHaveLength(7);
    expect(inbox.message("more")).toBe(true);
  });
});
