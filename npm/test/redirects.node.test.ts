import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RequestListener, Server } from "node:http";
import { ServerError, Session } from "ftrack-wasm";
import { expect, onTestFinished, test } from "vitest";

function listen(answer: RequestListener): Promise<string> {
  return new Promise((resolve) => {
    const server: Server = createServer(answer).listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    onTestFinished(() => void server.close());
  });
}

const account = { apiKey: "key-of-a-test", apiUser: "demo", schemaCachePath: false, cache: null } as const;

test("a redirect is not followed, for the key would go along, and the error says where it leads to", async () => {
  const heard: unknown[] = [];
  const elsewhere = await listen((request, response) => {
    heard.push(request.headers);
    response.end("[]");
  });
  const serverUrl = await listen((_, response) => void response.writeHead(308, { location: `${elsewhere}/api?with=secret` }).end());
  const failure = await Session.open({ ...account, serverUrl }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ServerError);
  expect(failure).toMatchObject({ status: 308 });
  expect((failure as Error).message).toContain(`HTTP status 308, a redirect, which is not followed: the key would go along. Write the address that it leads to as the server's (it is "${elsewhere}/api")`);
  expect((failure as Error).message).not.toContain("secret");
  expect(heard).toEqual([]);
});

test("a redirect of which a browser tells nothing is named as one", async () => {
  const fetch = ((_: unknown, init: RequestInit) => {
    expect(init.redirect).toBe("manual");
    return Promise.resolve({ type: "opaqueredirect", status: 0, headers: new Headers(), body: null } as Response);
  }) as typeof globalThis.fetch;
  await expect(Session.open({ ...account, serverUrl: "http://127.0.0.1:1", fetch })).rejects.toThrow("a redirect, which is not followed");
});
