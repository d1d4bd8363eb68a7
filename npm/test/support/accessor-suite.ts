import {
  AccessorContainerNotEmptyError,
  AccessorError,
  AccessorOperationFailedError,
  AccessorParentResourceNotFoundError,
  AccessorResourceError,
  AccessorResourceIdentifierError,
  AccessorResourceInvalidError,
  AccessorResourceNotFoundError,
} from "ftrack-wasm";
import type { Accessor } from "ftrack-wasm";
import { describe, expect, test } from "vitest";
import vectors from "../location-vectors.json" with { type: "json" };

/** What an accessor's storage can do, where that is less than file systems can. */
export interface AccessorTraits {
  /** Gives an empty accessor. */
  fresh: () => Promise<Accessor> | Accessor;
  /** Whether identifiers are names in containers; otherwise they are ids. */
  names: boolean;
  /** Ids to use where they are no names. */
  id?: () => string;
}

/** What every accessor must keep to. */
export function describeAccessor(name: string, { fresh, names, id = () => "file" }: AccessorTraits): void {
  describe(name, () => {
    const text = async (accessor: Accessor, identifier: string): Promise<string> => (await accessor.read(identifier)).text();
    const put = (accessor: Accessor, identifier: string, data: string): Promise<void> => accessor.write(identifier, new Blob([data]));
    const streamOf = (...pieces: string[]): ReadableStream<Uint8Array> =>
      new ReadableStream({
        start(controller) {
          for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
          controller.close();
        },
      });

    test("what is written is read", async () => {
      const accessor = await fresh();
      const big = "0123456789abcdef".repeat(1 << 16);
      const all: [string, string][] = names ? [["one", "1"], ["a/b/c d.exr", "deep"], ["empty", ""], ["big", big], ["größe/画像.png", "names"]] : [["1"], ["deep"], [""], [big]].map(([data]) => [id(), data!]);
      for (const [identifier, data] of all) {
        await put(accessor, identifier, data);
        expect(await text(accessor, identifier)).toBe(data);
        expect(await new Response(await accessor.stream(identifier)).text()).toBe(data);
        expect(await accessor.stat(identifier)).toEqual({ kind: "file", size: new Blob([data]).size });
      }
      const [first] = all[0]!;
      await put(accessor, first, "other");
      expect(await text(accessor, first)).toBe("other");
      const streamed = id();
      await accessor.write(streamed, streamOf("in ", "two pieces"));
      expect(await text(accessor, streamed)).toBe("in two pieces");
      await accessor.remove(first);
      expect(await accessor.stat(first)).toEqual({ kind: "nothing", size: 0 });
    });

    test("progress goes up to the size", async () => {
      const accessor = await fresh();
      const identifier = id();
      const data = new Blob([new Uint8Array(9 << 20)]);
      const seen: number[] = [];
      await accessor.write(identifier, data, { onProgress: ({ loaded }) => seen.push(loaded) });
      expect(seen.at(-1)).toBe(data.size);
      expect((await accessor.read(identifier)).size).toBe(data.size);
    });

    test("nothing is there", async () => {
      const accessor = await fresh();
      const identifier = names ? "a/b" : id();
      expect(await accessor.stat(identifier)).toEqual({ kind: "nothing", size: 0 });
      for (const ask of [() => accessor.read(identifier), () => accessor.stream(identifier), () => accessor.remove(identifier), ...(accessor.list ? [() => accessor.list!(identifier)] : [])] as (() => Promise<unknown>)[]) {
        const error: unknown = await ask().then(() => undefined, (reason: unknown) => reason);
        expect(error).toBeInstanceOf(AccessorResourceNotFoundError);
        expect(error).toBeInstanceOf(AccessorResourceError);
        expect(error).toBeInstanceOf(AccessorError);
        expect((error as AccessorError).code).toBe("ACCESSOR_RESOURCE_NOT_FOUND");
      }
      expect(await accessor.list?.("")).toEqual(accessor.list && []);
    });

    test("names that break file systems never leave the root", async () => {
      const accessor = await fresh();
      for (const [what, identifier] of Object.entries(vectors.badIdentifiers)) {
        for (const ask of [
          () => accessor.stat(identifier),
          () => accessor.read(identifier),
          () => accessor.stream(identifier),
          () => accessor.write(identifier, new Blob(["x"])),
          () => accessor.remove(identifier),
          accessor.list && (() => accessor.list!(identifier)),
          accessor.makeContainer && (() => accessor.makeContainer!(identifier, { recursive: true })),
        ]) {
          if (ask) await expect(ask(), what).rejects.toThrow(AccessorResourceIdentifierError);
        }
        if (accessor.filesystemPath) expect(() => accessor.filesystemPath!(identifier), what).toThrow(AccessorResourceIdentifierError);
        if (accessor.url) expect(() => accessor.url!(identifier), what).toThrow(AccessorResourceIdentifierError);
      }
      expect(await accessor.list?.("")).toEqual(accessor.list && []);
      for (const fine of names ? vectors.goodIdentifiers : []) {
        await put(accessor, fine, "x");
        expect(await text(accessor, fine), fine).toBe("x");
      }
    });

    test("a failed or aborted write leaves nothing", async () => {
      const accessor = await fresh();
      const identifier = names ? "a/b" : id();
      const broken = new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(new Uint8Array(1 << 20));
          controller.error(new Error("the source broke"));
        },
      });
      await expect(accessor.write(identifier, broken)).rejects.toThrow(/the source broke/);
      await expect(accessor.write(identifier, new Blob(["x"]), { signal: AbortSignal.abort("the user left") })).rejects.toBe("the user left");
      const midway = new AbortController();
      const aborted = accessor.write(identifier, new Blob([new Uint8Array(12 << 20)]), { signal: midway.signal, onProgress: () => midway.abort("enough") });
      await expect(aborted).rejects.toBe("enough");
      expect(await accessor.stat(identifier)).toEqual({ kind: "nothing", size: 0 });
    });

    if (!names) return;

    describe("with containers", () => {
      test("containers hold files", async () => {
        const accessor = await fresh();
        await expect(accessor.makeContainer!("a/b/c")).rejects.toThrow(AccessorParentResourceNotFoundError);
        await accessor.makeContainer!("a/b", { recursive: true });
        await accessor.makeContainer!("a/b", { recursive: true });
        await accessor.makeContainer!("a/b/c");
        await put(accessor, "a/b/z", "1");
        await put(accessor, "a/y", "2");
        expect(await accessor.list!("a/b")).toEqual(["a/b/c", "a/b/z"]);
        expect(await accessor.list!("")).toEqual(["a"]);
        expect((await accessor.stat("a")).kind).toBe("container");
        expect((await accessor.stat("")).kind).toBe("container");
        await expect(accessor.remove("a/b")).rejects.toThrow(AccessorContainerNotEmptyError);
        for (const each of ["a/b/z", "a/b/c", "a/b"]) await accessor.remove(each);
        expect((await accessor.stat("a/b")).kind).toBe("nothing");
        await expect(accessor.remove("")).rejects.toThrow(AccessorOperationFailedError);
      });

      test("normal forms are one name", async () => {
        const accessor = await fresh();
        const composed = "bj\u00f6rn/\u00e5.exr";
        const decomposed = "bjo\u0308rn/a\u030a.exr";
        await put(accessor, decomposed, "1");
        expect(await text(accessor, composed)).toBe("1");
        await put(accessor, composed, "2");
        expect(await text(accessor, decomposed)).toBe("2");
        expect(await accessor.list!("")).toEqual(["bj\u00f6rn"]);
      });

      test("kinds do not mix", async () => {
        const accessor = await fresh();
        await put(accessor, "file", "1");
        await accessor.makeContainer!("folder", { recursive: true });
        for (const ask of [() => put(accessor, "folder", "x"), () => accessor.read("folder"), () => accessor.list!("file"), () => accessor.makeContainer!("file", { recursive: true }), () => put(accessor, "file/below", "x")]) {
          await expect(ask()).rejects.toThrow(AccessorResourceInvalidError);
        }
        expect((await accessor.stat("file/below")).kind).toBe("nothing");
        expect(await text(accessor, "file")).toBe("1");
      });

      test("several write at once", async () => {
        const accessor = await fresh();
        const identifiers = Array.from({ length: 8 }, (_, i) => `folder/${i}`);
        await Promise.all(identifiers.flatMap((each) => [put(accessor, each, each), put(accessor, "folder/shared", each)]));
        expect(await accessor.list!("folder")).toEqual([...identifiers, "folder/shared"]);
        expect(identifiers).toContain(await text(accessor, "folder/shared"));
      });
    });
  });
}
