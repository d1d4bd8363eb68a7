import { expect, onTestFinished, test, vi } from "vitest";
import { inOwnTask, othersWait } from "../src/task-queue.js";

test("tasks are asked for one at a time, so that what else the page has to do comes between any two", async () => {
  const post = vi.spyOn(MessagePort.prototype, "postMessage");
  onTestFinished(() => post.mockRestore());
  const asked = (): number => post.mock.calls.filter(([message]) => message === null).length;
  const order: number[] = [];
  const whenRun: number[] = [];
  await new Promise<void>((done) => {
    for (let n = 0; n < 4; n++) {
      inOwnTask(() => {
        order.push(n);
        whenRun.push(asked());
        if (n === 1) inOwnTask(done);
      });
    }
    expect(asked()).toBe(1);
    expect(othersWait()).toBe(true);
  });
  expect(order).toEqual([0, 1, 2, 3]);
  expect(whenRun).toEqual([2, 3, 4, 5]);
  expect(asked()).toBe(5);
  expect(othersWait()).toBe(false);
});

test("a function that throws stops none of the others", async () => {
  const thrown = new Promise((resolve) => {
    addEventListener("error", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      resolve(event.error);
    }, { once: true, capture: true });
  });
  const fault = new Error("a fault of one");
  const ran = new Promise<void>((resolve) => {
    inOwnTask(() => {
      throw fault;
    });
    inOwnTask(resolve);
  });
  await ran;
  expect(await thrown).toBe(fault);
});
