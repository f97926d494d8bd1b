import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, startApi } from "./start-api.js";
import { startGateway } from "./start-gateway.js";

let api: Api;
let path: string;
beforeEach(async () => {
  api = await startApi();
  path = `${await startGateway(api)}/custom-domains`;
});
afterEach(() => api.close());

const body = { domain: "ai.example.com", zone_id: "0".repeat(32) };

describe("a custom domain of a gateway", () => {
  test("waits for its control to be validated, which is said", async () => {
    const { json } = await api.call("POST", path, body);

    expect(json.result).toEqual({
      hostname: "ai.example.com",
      gateway_id: "mine",
      status: "pending_dcv",
      cname_target: expect.stringMatching(/\.invalid$/),
      created_at: Date.parse("2026-01-01T00:00:00Z"),
      modified_at: Date.parse("2026-01-01T00:00:00Z"),
    });
    expect((await api.call("GET", `${path}/ai.example.com`)).json.result).toEqual(json.result);
    expect((await api.call("GET", path)).json.result).toEqual([json.result]);
    expect(api.lines.at(-1)).toContain("no request comes by it here");
  });

  test("belongs to one gateway", async () => {
    await api.call("POST", path, body);
    const other = `${await startGateway(api, "other")}/custom-domains`;

    const taken = await api.call("POST", other, body);
    const read = await api.call("GET", `${other}/ai.example.com`);
    const removed = await api.call("DELETE", `${other}/ai.example.com`);

    expect([taken.status, taken.json.errors[0].code]).toEqual([400, 7001]);
    expect([read.status, read.json.errors[0].code]).toEqual([404, 7002]);
    expect(removed.status).toBe(404);
    expect((await api.call("GET", other)).json.result).toEqual([]);
  });

  test("is gone after its deletion", async () => {
    await api.call("POST", path, body);

    expect((await api.call("DELETE", `${path}/ai.example.com`)).status).toBe(200);
    expect((await api.call("GET", `${path}/ai.example.com`)).status).toBe(404);
  });

  test("goes with its gateway, and is free for another one", async () => {
    await api.call("POST", path, body);
    const other = `${await startGateway(api, "other")}/custom-domains`;

    await api.call("DELETE", "/ai-gateway/gateways/mine");

    expect((await api.call("POST", other, body)).status).toBe(200);
  });

  test("is listed page by page, and by nothing else", async () => {
    await api.call("POST", path, body);

    expect((await api.call("GET", `${path}?page=2&per_page=1`)).json.result).toEqual([]);
    const odd = await api.call("GET", `${path}?hostname=ai.example.com`);
    expect([odd.status, odd.json.errors[0].code]).toEqual([400, 7001]);
    expect(odd.json.errors[0].message).toContain("hostname");
  });

  test("is refused with a host name or a zone that is none, and for a gateway that is not there", async () => {
    const answers = [
      await api.call("POST", path, { ...body, domain: "https://ai.example.com" }),
      await api.call("POST", path, { ...body, zone_id: "example.com" }),
      await api.call("POST", path.replace("mine", "nobody"), body),
    ];

    expect(answers.map(({ status, json }) => [status, json.errors[0].code])).toEqual([
      [400, 7001],
      [400, 7001],
      [404, 7002],
    ]);
  });
});
