import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { reply } from "./gateway-stub.js";
import { type RunningProbe, startProbe } from "./start-probe.js";

let probe: RunningProbe;
beforeAll(async () => {
  probe = await startProbe();
}, 30_000);
afterAll(() => probe.close());

describe("the client in its isolate", () => {
  test("is made once, whatever request or env object asks for it", async () => {
    // GIVEN several requests to one isolate
    await probe.get("/clients");

    // WHEN the client is asked for again, by declaration, by name and with a copy of env
    // THEN it was one all along, and another gateway has its own
    expect(await probe.get("/clients")).toEqual({
      clients: 1,
      otherIsItsOwn: true,
      otherIsKept: true,
      // AND what is below is the genuine binding
      binding: "Ai",
      raw: "AiGateway",
    });
  });

  test("keeps nothing of a request: concurrent calls get their own answers", async () => {
    // GIVEN a gateway that answers late, the later the earlier it was asked
    let asked = 0;
    probe.gateway.answer(async (request, response) => {
      await sleep(60 - asked++ * 3);
      const [{ query }] = JSON.parse(request.body);
      response.setHeader("cf-aig-event-id", request.headers["cf-aig-event-id"] ?? "none");
      response.end(JSON.stringify(query));
    });

    // WHEN twenty calls run at once, each with its own options
    const calls = Array.from({ length: 20 }, async (_, n) => {
      const request = { provider: "openai", endpoint: "x", query: { n } };
      const args = [request, { eventId: `event-${n}` }];
      const response = await probe.call({ method: "run", args });
      return [await response.json(), response.headers.get("cf-aig-event-id")];
    });

    // THEN none has another's
    expect(await Promise.all(calls)).toEqual(
      Array.from({ length: 20 }, (_, n) => [{ n }, `event-${n}`]),
    );
  });

  test("works under the flag that turns the platform's gateway into an RPC stub", async () => {
    // GIVEN a Worker with the compatibility flag "experimental"
    const experimental = await startProbe({ compatibilityFlags: ["experimental"] });
    try {
      experimental.gateway.answer(reply(200, { ok: true }));

      // WHEN two requests use the client one after the other
      const first = await fetch(new URL("/through", experimental.url));
      const second = await fetch(new URL("/through", experimental.url));

      // THEN both are answered
      expect([await first.json(), await second.json()]).toEqual([{ ok: true }, { ok: true }]);
    } finally {
      await experimental.close();
    }
  }, 30_000);
});

describe("the response of run", () => {
  test("is the platform's own object, unread", async () => {
    // GIVEN a platform whose response is kept aside
    probe.gateway.answer(reply(200, "{}"));

    // WHEN run hands one back
    // THEN it is that one
    expect(await probe.get("/same-object")).toEqual({ same: true, bodyUsed: false });
  });

  test.each([201, 400, 404, 429, 500, 503])("is handed back with status %i", async (status) => {
    // GIVEN a gateway that answers with this status
    probe.gateway.answer(reply(status, { words: "kept" }, { "cf-aig-cache-status": "MISS" }));

    // WHEN the Worker returns what run gave
    const response = await fetch(new URL("/through", probe.url));

    // THEN status, headers and body are the gateway's
    expect(response.status).toBe(status);
    expect(response.headers.get("cf-aig-cache-status")).toBe("MISS");
    expect(await response.json()).toEqual({ words: "kept" });
  });

  test("streams: the first byte arrives while the last is not written", async () => {
    // GIVEN a gateway that ends its answer only when the first part was seen
    let finish = () => {};
    const seen = new Promise<void>((resolve) => {
      finish = resolve;
    });
    probe.gateway.answer(async (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: one\n\n");
      await seen;
      response.end("data: two\n\n");
    });

    // WHEN the Worker returns what run gave
    const response = await fetch(new URL("/through", probe.url));
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader?.read();
    finish();
    const second = await reader?.read();

    // THEN the first part did not wait for the second
    expect([first?.value, second?.value]).toEqual(["data: one\n\n", "data: two\n\n"]);
  });
});
