import { describe, expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { closedAfterEach } from "./closed-after-each.js";
import {
  ACCOUNT,
  openBindingServer,
  openHost,
  put,
  readBody,
  script,
  TOKEN,
} from "./host-fixture.js";

const open = closedAfterEach();

describe("the bindings of a Worker", () => {
  test("the AI binding is the client that runs on Cloudflare, and its calls reach the listener with the caller's identity", async () => {
    // GIVEN a listener that answers as Cloudflare does
    const calls: { method: string; url: string; identity: unknown; body: string }[] = [];
    const server = await openBindingServer(async (req, res) => {
      const { method = "", url = "", headers } = req;
      calls.push({
        method,
        url,
        identity: [
          headers["cf-local-account"],
          headers["cf-local-script"],
          headers["cf-local-token"],
        ],
        body: await readBody(req),
      });
      res.setHeader("content-type", "application/json");
      if (url.includes("/url/")) res.end('{"result":{"url":"https://gateway.example"}}');
      else if (url.includes("/logs/") && method === "GET") {
        res.end('{"result":{"id":"L1","created_at":"2026-01-01T00:00:00Z"}}');
      } else res.end('{"response":"hello"}');
    });
    open.push(server);
    const opened = await openHost({ binding: { address: server.address, token: TOKEN } });
    open.push(opened);

    // WHEN a Worker uses every method of a gateway
    const url = await put(
      opened.host,
      script(
        "chat",
        `export default { async fetch(request, env) {
          const gateway = env.AI.gateway("my-gateway");
          const run = await gateway.run({ provider: "workers-ai", endpoint: "m", headers: {}, query: { prompt: "hi" } });
          const log = await gateway.getLog("L1");
          await gateway.patchLog("L1", { score: 5 });
          return Response.json({
            constructor: env.AI.constructor.name,
            run: await run.json(),
            url: await gateway.getUrl("openai"),
            createdAt: log.created_at instanceof Date,
          });
        } }`,
        { bindings: [{ type: "ai", name: "AI" }] },
      ),
    );
    const answer = await (await fetch(url)).json();

    // THEN
    expect(answer).toEqual({
      constructor: "Ai",
      run: { response: "hello" },
      url: "https://gateway.example",
      createdAt: true,
    });
    expect(calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST /ai-gateway/universal/run/my-gateway",
      "GET /ai-gateway/gateways/my-gateway/logs/L1",
      "PATCH /ai-gateway/gateways/my-gateway/logs/L1",
      "GET /ai-gateway/gateways/my-gateway/url/openai",
    ]);
    for (const { identity } of calls) expect(identity).toEqual([ACCOUNT, "chat", TOKEN]);
    expect(JSON.parse(calls[0]?.body ?? "")).toMatchObject([{ provider: "workers-ai" }]);
  });

  test("text, secrets and JSON arrive as what they were declared", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);

    // WHEN
    const url = await put(
      opened.host,
      script("vars", "export default { fetch: (request, env) => Response.json(env) }", {
        bindings: [
          { type: "plain_text", name: "TEXT", text: "plain" },
          { type: "secret_text", name: "SECRET", text: canary("a Worker's secret") },
          { type: "json", name: "OBJECT", json: { a: [1, null, { b: true }] } },
          { type: "json", name: "STRING", json: "only a string" },
        ],
      }),
    );

    // THEN
    expect(await (await fetch(url)).json()).toEqual({
      TEXT: "plain",
      SECRET: canary("a Worker's secret"),
      OBJECT: { a: [1, null, { b: true }] },
      STRING: "only a string",
    });
  });
});

describe("the ai binding", () => {
  test("works from a fetch, a Durable Object and a step of a Workflow", async () => {
    // GIVEN
    const server = await openBindingServer((_req, res) => {
      res.setHeader("content-type", "application/json");
      res.end(JSON.stringify({ result: { response: "hi" }, success: true }));
    });
    open.push(server);
    const opened = await openHost({
      binding: { address: server.address, token: TOKEN },
    });
    open.push(opened);
    const code = `
      import { DurableObject, WorkflowEntrypoint } from "cloudflare:workers";
      const ask = async (env) => (await env.AI.gateway("g").run([{ provider: "p", endpoint: "e", headers: {}, query: {} }])).status;
      export class Asks extends DurableObject { ask() { return ask(this.env); } }
      export class Flow extends WorkflowEntrypoint {
        async run(event, step) { return await step.do("ask", () => ask(this.env)); }
      }
      export default { async fetch(request, env) {
        const instance = await env.FLOW.create();
        let status;
        do { await scheduler.wait(20); status = await instance.status(); } while (!["complete", "errored"].includes(status.status));
        return Response.json([await ask(env), await env.ASKS.get(env.ASKS.idFromName("a")).ask(), status.output]);
      } }`;

    // WHEN
    const url = await put(
      opened.host,
      script("asks", code, {
        bindings: [
          { type: "ai", name: "AI" },
          { type: "durable_object_namespace", name: "ASKS", class_name: "Asks" },
          { type: "workflow", name: "FLOW", workflow_name: "flow", class_name: "Flow" },
        ],
        durableObjects: [{ className: "Asks", storageKey: "asks", sqlite: true }],
      }),
    );

    // THEN
    expect(await (await fetch(url)).json()).toEqual([200, 200, 200]);
  });
});
