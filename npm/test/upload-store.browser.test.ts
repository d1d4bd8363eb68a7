import { expect, onTestFinished, test, vi } from "vitest";
import { UploadStore } from "../src/upload-store.js";
import type { KeptUpload } from "../src/upload-store.js";

test("a browser that does not answer holds up no upload; that nothing was forgotten is said", async () => {
  const open = vi.spyOn(IDBFactory.prototype, "open").mockImplementation(() => new EventTarget() as IDBOpenDBRequest);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => {
    vi.useRealTimers();
    open.mockRestore();
  });
  const store = new UploadStore();
  const saved = store.save({ id: "one" } as KeptUpload);
  const found = store.all("https://studio.example", "ann");
  const forgotten = expect(store.forget("https://studio.example", "ann")).rejects.toThrow(/no answer within 2000 ms/);
  await vi.advanceTimersByTimeAsync(2000);
  expect([await saved, await found]).toEqual([undefined, []]);
  await forgotten;
});
