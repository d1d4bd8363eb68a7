import { Session } from "ftrack-wasm";
import { expect, test } from "vitest";

test("a widget without a window says where it belongs", async () => {
  await expect(Session.fromWidget({ allowedOrigins: ["https://studio.example"] })).rejects.toThrow("Session.fromWidget: there is no window here");
});
