import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { reply } from "./gateway-stub.js";
import { type RunningProbe, startProbe } from "./start-probe.js";

let probe: RunningProbe;
beforeAll(async () => {
  probe = await startProbe({ entry: resolve(__dirname, "inside/effect-probe.ts") });
}, 60_000);
afterAll(() => probe.close());

const facts = { "cf-aig-cache-status": "HIT", "cf-aig-log-id": "log-7", "cf-aig-step": "0" };
const refusal = (code: number) => ({ success: false, error: [{ code, message: "no" }] });

describe("run of the Effect service", () => {
  test("succeeds with the platform's response, unread", async () => {
    probe.gateway.answer(reply(200, { answer: 42 }, facts));

    const response = await fetch(new URL("/run", probe.url));

    expect(await response.json()).toEqual({ answer: 42 });
    expect(response.headers.get("cf-aig-cache-status")).toBe("HIT");
  });

  test.each([
    [429, 2003, "RateLimited", "rate-limited", true],
    [429, 2041, "SpendLimited", "spend-limited", false],
    [401, 2009, "Unauthorized", "unauthorized", false],
    [424, 2016, "GuardrailBlocked", "guardrail-blocked", false],
    [404, 2001, "GatewayNotFound", "gateway-not-found", false],
  ] as const)(
    "fails with %d/%d under one error, with the tag %s",
    async (status, code, tag, plain, retryable) => {
      // GIVEN a gateway that refuses
      probe.gateway.answer(reply(status, refusal(code), { "cf-aig-log-id": "log-7" }));

      // WHEN the failure is caught by the one tag of all failures
      // THEN its reason says which kind, and it is the plain client's error, too
      expect(await probe.get("/run")).toEqual({
        _tag: "AiGatewayError",
        code: plain,
        plain: true,
        message: `${plain}: no`,
        reason: {
          _tag: tag,
          code: plain,
          message: `${plain}: no`,
          status,
          retryable,
          logId: "log-7",
        },
      });
    },
  );

  test("lets one kind be caught by its tag, and leaves the others", async () => {
    probe.gateway.answer(reply(429, refusal(2003), { "cf-aig-log-id": "log-7" }));
    expect(await probe.get("/reason")).toEqual({
      caught: "RateLimited",
      status: 429,
      retryable: true,
      logId: "log-7",
    });

    probe.gateway.answer(reply(500, { error: { message: "down" } }));
    expect(await probe.get("/reason")).toEqual({ others: "ProviderFailed" });
  });

  test("ends the request when its fiber is interrupted", async () => {
    // GIVEN a gateway that takes its time
    probe.gateway.answer(async (_, response) => {
      await sleep(5_000, undefined, { ref: false });
      response.end();
    });
    const { cut } = probe.gateway;

    // WHEN the caller's fiber is interrupted
    await probe.get("/interrupted");

    // THEN the gateway sees the request end before the answer
    await cut;
  });
});

describe("stream of the Effect service", () => {
  test("gives the bytes as they come", async () => {
    probe.gateway.answer(async (_, response) => {
      for (const part of ["one ", "two ", "three"]) {
        response.write(part);
        await sleep(30);
      }
      response.end();
    });

    expect(await probe.get("/chunks")).toEqual({ text: "one two three", many: true });
  });

  test("fails when the answer breaks off", async () => {
    probe.gateway.answer(async (_, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("some");
      await sleep(50);
      response.destroy();
    });

    expect(await probe.get("/broken")).toEqual({ tag: "Network", retryable: true });
  });

  test("ends the request when nobody reads on", async () => {
    // GIVEN an answer without end
    probe.gateway.answer(async (_, response) => {
      while (!response.destroyed) {
        response.write("more ");
        await sleep(20);
      }
    });
    const { cut } = probe.gateway;

    // WHEN one part of it is taken
    await probe.get("/some");

    // THEN the gateway sees the reader leave
    await cut;
  });
});

describe("the Effect service", () => {
  test("reads and patches logs, and refuses ids that are none", async () => {
    probe.gateway.answer((request, response) => {
      const url = request.path.includes("/url/");
      const result = url ? { url: "https://gateway" } : { id: "log-1", created_at: "2026-01-01" };
      reply(200, { success: true, result })(request, response);
    });

    expect(await probe.get("/logs")).toEqual({
      url: expect.anything(),
      log: "log-1",
      missing: "InvalidRequest",
    });
  });

  test("marks its spans with the gateway, the cache status and the log id", async () => {
    probe.gateway.answer(reply(200, {}, facts));
    expect(await probe.get("/spans")).toEqual([
      {
        name: "AiGateway.run",
        kind: "client",
        attributes: {
          "ai_gateway.binding": "GATEWAY",
          "ai_gateway.cache_status": "HIT",
          "ai_gateway.log_id": "log-7",
          "ai_gateway.step": 0,
        },
      },
    ]);

    probe.gateway.answer(reply(429, refusal(2003), { "cf-aig-log-id": "log-8" }));
    expect(await probe.get("/spans")).toMatchObject([
      { attributes: { "ai_gateway.error": "rate-limited", "ai_gateway.log_id": "log-8" } },
    ]);
  });

  test("takes a stand-in for the binding's layer", async () => {
    const response = await fetch(new URL("/own-layer", probe.url));

    expect(await response.json()).toBe("stand-in");
  });

  test("fails with BindingMissing where the stack did not bind", async () => {
    expect(await probe.get("/missing")).toMatchObject({
      reason: { _tag: "BindingMissing" },
      message: expect.stringContaining('gateway.bind(worker, "NOT_BOUND")'),
    });
  });
});

describe("the example route", () => {
  test("answers through the gateway, and says what is wrong with a body", async () => {
    const route = await startProbe({
      entry: resolve(__dirname, "../../worker/examples/ai-route-effect.ts"),
    });
    try {
      route.gateway.answer(reply(200, { response: "Hello." }, facts));
      const ask = (body: string) => fetch(new URL("/ai", route.url), { method: "POST", body });

      const answer = await ask('{"prompt":"Say hello."}');
      expect(await answer.json()).toEqual({ response: "Hello." });
      expect(answer.headers.get("cf-aig-cache-status")).toBe("HIT");
      expect((await ask("nothing")).status).toBe(400);

      route.gateway.answer(reply(429, refusal(2003)));
      expect((await ask('{"prompt":"Again."}')).status).toBe(429);
    } finally {
      await route.close();
    }
  }, 60_000);
});
