import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { reply } from "./gateway-stub.js";
import { type RunningProbe, startProbe } from "./start-probe.js";

const request = { provider: "openai", endpoint: "chat/completions", query: {} };

let probe: RunningProbe;
beforeAll(async () => {
  probe = await startProbe();
}, 30_000);
afterAll(() => probe.close());
beforeEach(() => probe.gateway.answer(reply(200, {})));

describe("run without a response", () => {
  test("fails with network when the connection breaks", async () => {
    // GIVEN a gateway that hangs up
    probe.gateway.answer((_, response) => void response.destroy());

    // WHEN a request is run
    const error = await probe.failure({ method: "run", args: [request] });

    // THEN the error says so, and that a retry may help
    expect(error).toMatchObject({ name: "AiGatewayError", code: "network", retryable: true });
    expect(error.status).toBeUndefined();
    expect(error.cause).toContain("Network connection lost");
  });

  test.each([
    ["timeout", "timeout", true],
    ["abort", "aborted", false],
    ["abort-reason", "aborted", false],
  ] as const)("by a signal's %s fails with %s", async (special, code, retryable) => {
    // GIVEN a gateway that does not answer
    probe.gateway.answer(() => {});

    // WHEN the caller's signal fires
    const error = await probe.failure({ method: "run", args: [request], special });

    // THEN the error tells whose doing it was
    expect(error).toMatchObject({ code, retryable });
    // AND the gateway sees the request end
    await probe.gateway.cut;
  });

  test("sends nothing when the signal has fired before", async () => {
    // GIVEN an aborted signal
    // WHEN a request is run with it
    const error = await probe.failure({ method: "run", args: [request], special: "pre-aborted" });

    // THEN nothing was sent
    expect(error).toMatchObject({ code: "aborted" });
    expect(probe.gateway.requests).toEqual([]);
  });

  test("rejects arguments that cannot be sent, at which the platform throws at once", async () => {
    // GIVEN metadata that is no JSON
    // WHEN a request is run with it
    const error = await probe.failure({ method: "run", args: [request], special: "bigint" });

    // THEN the error is the caller's, and nothing was sent
    expect(error).toMatchObject({ code: "invalid-request", retryable: false });
    expect(error.cause).toContain("BigInt");
    expect(probe.gateway.requests).toEqual([]);
  });
});

describe("logs and URLs", () => {
  test("a log that is not there yet may be retried", async () => {
    // GIVEN a gateway without that log
    probe.gateway.answer(reply(404, { errors: [{ code: 7002, message: "Log not found" }] }));

    for (const method of ["getLog", "patchLog"] as const) {
      // WHEN it is asked for
      const error = await probe.failure({ method, args: ["log-1", { score: 1 }] });

      // THEN the error says so
      expect(error).toMatchObject({
        code: "log-not-found",
        message: "log-not-found: Log not found",
        retryable: true,
        logId: "log-1",
      });
    }
  });

  test.each([
    ["getLog", ["log-1"]],
    ["patchLog", ["log-1", { score: 1 }]],
    ["getUrl", ["openai"]],
  ] as const)("%s fails with the gateway's words", async (method, args) => {
    // GIVEN a gateway that fails
    probe.gateway.answer(reply(500, { errors: [{ code: 1, message: "Broken" }] }));

    // WHEN it is called
    const error = await probe.failure({ method, args });

    // THEN that is what the error says
    expect(error).toMatchObject({ code: "gateway-failed", message: "gateway-failed: Broken" });
  });

  test.each([
    ["getLog", ["log-1"], {}],
    ["getLog", ["log-1"], "no JSON"],
    ["getUrl", ["openai"], {}],
    ["getUrl", ["openai"], "no JSON"],
  ] as const)("%s(%j) takes %j for a bad response", async (method, args, body) => {
    // GIVEN a gateway that says 200 and nothing of use
    probe.gateway.answer(reply(200, body));

    // WHEN it is called
    // THEN that is no success
    expect(await probe.failure({ method, args })).toMatchObject({ code: "bad-response" });
  });

  test.each(["", "..", "a/b", "x?y", "a#b", "../../gateways/z/logs/L", "a%2fb", "a b", "é"])(
    "%j is refused as an id, which the platform would put in the URL as it is",
    async (id) => {
      for (const method of ["getLog", "patchLog", "getUrl"] as const) {
        // GIVEN an id that changes the path
        // WHEN it is used
        const error = await probe.failure({ method, args: [id, {}] });

        // THEN it is refused
        expect(error).toMatchObject({ code: "invalid-request" });
      }
      // AND nothing was sent
      expect(probe.gateway.requests).toEqual([]);
    },
  );
});

describe("the binding", () => {
  test("that is missing is named, with what to write", async () => {
    // GIVEN environments without the ai binding, without the id, without both
    // WHEN the client is asked for
    const errors = await probe.get("/missing");

    // THEN each says what is missing and what to do
    const message = (name: string) =>
      `binding-missing: env.${name} is missing: write gateway.bind(worker, "GATEWAY") in the stack, then deploy`;
    expect(errors).toMatchObject([
      { code: "binding-missing", message: message("AI") },
      { code: "binding-missing", message: message("GATEWAY") },
      { code: "binding-missing", message: message("AI") },
    ]);
  });

  test("whose text is no gateway's id is refused", async () => {
    // GIVEN a text that would change the path
    const broken = await startProbe({ vars: { GATEWAY: "a/../b", OTHER: "other" } });
    try {
      // WHEN the client is asked for
      const error = await broken.failure({ method: "run", args: [request] });

      // THEN it is refused, and nothing was sent
      expect(error).toMatchObject({ code: "invalid-request" });
      expect(broken.gateway.requests).toEqual([]);
    } finally {
      await broken.close();
    }
  }, 30_000);
});
