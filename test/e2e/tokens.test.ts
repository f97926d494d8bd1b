import { readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { AiGateway, AiGatewayToken, type AiGatewayTokenProps, Worker } from "../../lib/index.js";
import { canary, watchSecret } from "../secrets/canary.js";
import { lacksIdentity } from "./lacks-identity.js";
import { type ResourceChange, Workbench } from "./workbench.js";

/** Asks the gateway as a program outside of Cloudflare does, and says what came of it. */
const code = `export default {
  async fetch(request, env) {
    const answer = await fetch(env.GATEWAY_URL + "/chat/completions", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: request.headers.get("authorization"),
        ...(env.AI_GATEWAY_TOKEN ? { "cf-aig-authorization": "Bearer " + env.AI_GATEWAY_TOKEN } : {}),
      },
      body: JSON.stringify({ model: "m", messages: [] }),
    });
    const { internalCode } = await answer.json();
    const shown = new URL(request.url).pathname === "/value" ? env.AI_GATEWAY_TOKEN : undefined;
    return Response.json({ status: answer.status, internalCode, value: shown });
  },
};\n`;

const needsIdentity = lacksIdentity("to see that a token is gone") ? test.skip : test;

type Settings = AiGatewayTokenProps & {
  /** Ids of the Workers that get the token. @default one, "worker" */
  readonly workers?: readonly string[];
  readonly importFrom?: string;
  readonly changedCode?: boolean;
};

describe("a gateway's token under Terraform", () => {
  let bench: Workbench;
  let bundle: string;
  let provider: Server;
  const texts: string[] = [];
  const values: string[] = [];

  beforeAll(async () => {
    provider = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end('{"choices":[]}');
    });
    await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
    bench = await Workbench.start({ upstreams: { openai: { baseUrl } } });
    bundle = join(bench.directory, "worker.js");
    await writeFile(bundle, code);
  }, 60_000);

  afterAll(async () => {
    await bench.close();
    provider.close();
  });

  const declare = (settings: Settings | undefined) =>
    bench.synth((stack) => {
      const gateway = new AiGateway(stack, "gateway", { authentication: true });
      const { workers = ["worker"], importFrom, changedCode, ...props } = settings ?? {};
      const token = settings === undefined ? undefined : new AiGatewayToken(stack, "token", props);
      for (const id of ["worker", "second"]) {
        const vars = { GATEWAY_URL: gateway.providerUrl("openai"), CHANGED: String(changedCode) };
        const worker = new Worker(stack, id, { bundle, vars });
        new TerraformOutput(stack, `${id}_url`, { value: worker.url });
        if (workers.includes(id)) token?.deliverTo(worker, "AI_GATEWAY_TOKEN");
      }
      if (token === undefined) return;
      if (importFrom !== undefined) token.importFrom(importFrom);
      new TerraformOutput(stack, "token_id", { value: token.tokenId });
    });

  const deploy = async () => {
    const { stdout, stderr } = await bench.apply();
    texts.push(stdout, stderr, await bench.readState());
  };

  /** Deploys, and looks before and after at what is to be done. */
  const apply = async () => {
    const planned = await bench.plan();
    texts.push(planned.text, await readFile(join(bench.stackDirectory, "cdk.tf.json"), "utf8"));
    await deploy();
    expect((await bench.plan()).changes).toEqual([]);
    return actions(planned.changes);
  };

  interface Asked {
    readonly status: number;
    readonly internalCode?: number;
    readonly value?: string;
  }

  /** What a Worker's question to the gateway came to, and which token it asked with. */
  const ask = async (id = "worker"): Promise<Asked> => {
    const url = `${await bench.output(`${id}_url`)}/value`;
    const headers = { authorization: `Bearer ${canary("a provider's key")}` };
    const asked = (await (await fetch(url, { headers })).json()) as Asked;
    if (asked.value !== undefined) {
      values.push(asked.value);
      watchSecret(`value ${new Set(values).size} of the token`, asked.value);
    }
    return asked;
  };
  const tokens = async () => (await bench.api("GET", "/tokens")).body.result as { id: string }[];

  test("lets a Worker through that gets it, and nobody without it", async () => {
    // GIVEN
    declare(undefined);
    await deploy();
    const without = await ask();
    // WHEN
    declare({});
    await apply();
    const asked = await ask();
    // THEN
    expect(without).toEqual({ status: 401, internalCode: 2009 });
    expect(asked.status).toBe(200);
    expect(asked.value).toMatch(/^[\w-]{40}$/);
    expect(await ask("second")).toEqual({ status: 401, internalCode: 2009 });
    expect(await tokens()).toMatchObject([
      {
        id: await bench.output("token_id"),
        name: "test-token",
        policies: [{ permission_groups: [{ name: "AI Gateway Run" }] }],
      },
    ]);
    // May do nothing else.
    const listed = await fetch(
      `${bench.emulator.apiUrl}/accounts/${bench.emulator.accountId}/ai-gateway/gateways`,
      { headers: { authorization: `Bearer ${asked.value}` } },
    );
    expect(listed.status).toBe(403);
  }, 180_000);

  test("stays as it is through a deploy of the Worker", async () => {
    // GIVEN
    declare({});
    await deploy();
    const before = await ask();
    // WHEN
    declare({ changedCode: true });
    const changed = await apply();
    // THEN
    expect(changed).toEqual({ worker: "update", second: "update" });
    expect(await ask()).toEqual(before);
  }, 180_000);

  test("is renamed and limited in place, and keeps its value", async () => {
    // GIVEN
    declare({});
    await deploy();
    const before = await ask();
    // WHEN
    declare({
      name: "of the chat",
      expiresOn: "2099-01-31T00:00:00Z",
      condition: { requestIp: { in: ["127.0.0.0/8", "::1/128"], notIn: ["192.0.2.1/32"] } },
    });
    const changed = await apply();
    // THEN
    expect(changed).toEqual({ token: "update" });
    expect(await tokens()).toMatchObject([
      { name: "of the chat", expires_on: "2099-01-31T00:00:00Z" },
    ]);
    expect(await ask()).toEqual(before);
    declare({});
    expect(await apply()).toEqual({ token: "update" });
    expect((await tokens())[0]).not.toHaveProperty("condition");
  }, 180_000);

  test("gets a new value at a rotation, everywhere at once", async () => {
    // GIVEN
    declare({ workers: ["worker", "second"] });
    await deploy();
    const before = await ask();
    expect(await ask("second")).toEqual(before);
    // WHEN
    declare({ workers: ["worker", "second"], rotation: "2026-12" });
    bench.emulator.faults.record();
    const changed = await apply();
    // THEN
    expect(changed).toEqual({ "token Delivery": "delete then create" });
    const writes = bench.emulator.faults.calls.filter(({ method }) => method !== "GET");
    expect(writes.map(({ path }) => path.replace(/^.*\/(?=\w+$)/, ""))).toEqual([
      "value",
      "secrets",
      "secrets",
    ]);
    const after = await ask();
    expect(after.status).toBe(200);
    expect(after.value).not.toBe(before.value);
    expect(await ask("second")).toEqual(after);
    // AND the old one is worth nothing
    const refused = await fetch(
      `${bench.emulator.aiGatewayUrl}/${bench.emulator.accountId}/test-gateway/openai/models`,
      { headers: { "cf-aig-authorization": `Bearer ${before.value}` } },
    );
    expect(refused.status).toBe(401);
  }, 240_000);

  test("is taken from a Worker that is no longer to have it", async () => {
    declare({ workers: ["worker", "second"] });
    await apply();

    declare({ workers: ["second"] });
    await apply();

    expect(await ask()).toEqual({ status: 401, internalCode: 2009 });
    expect((await ask("second")).status).toBe(200);
  }, 240_000);

  test("has its settings put right", async () => {
    // GIVEN
    declare({});
    await deploy();
    const [token] = (await tokens()) as unknown as [{ id: string; policies: unknown }];
    await bench.api("PUT", `/tokens/${token.id}`, { name: "foreign", policies: token.policies });
    // WHEN
    const repaired = await apply();
    // THEN
    expect(repaired).toEqual({ token: "update" });
    expect(await tokens()).toMatchObject([{ name: "test-token" }]);
  }, 180_000);

  needsIdentity(
    "comes back with its secret when somebody deletes them",
    async () => {
      // GIVEN
      declare({});
      await deploy();
      const [token] = await tokens();
      // WHEN
      await bench.api("DELETE", `/tokens/${token?.id}`);
      // THEN
      expect(await apply()).toMatchObject({
        token: "create",
        "token Delivery": "delete then create",
      });
      expect((await ask()).status).toBe(200);
      await bench.api("DELETE", "/workers/scripts/test-worker/secrets/AI_GATEWAY_TOKEN");
      expect(await apply()).toEqual({
        "worker Secret": "create",
        "token Delivery": "delete then create",
      });
      expect((await ask()).status).toBe(200);
    },
    300_000,
  );

  test("says what went wrong when it could not be delivered, and is delivered by the next deploy", async () => {
    // GIVEN a Worker that somebody deletes while the deploy runs
    declare({});
    await deploy();
    const [token] = await tokens();
    const before = await ask();
    const delivery = async () =>
      (await bench.terraform("state", "list")).stdout
        .split("\n")
        .find((address) => /terraform_data\.token_Delivery_[0-9A-F]+$/.test(address)) ?? "";
    await bench.api("DELETE", `/tokens/${token?.id}`);
    // WHEN only the delivery runs, for a token that is gone
    const address = await delivery();
    const failed = await bench.terraform(
      ...["apply", "-auto-approve", "-no-color", "-refresh=false", `-replace=${address}`],
    );
    // THEN
    const said = failed.stderr.replace(/\s+/g, " ");
    texts.push(failed.stdout, failed.stderr);
    expect(failed.code).toBe(1);
    expect(said).toContain("The token got no new value");
    expect(said).toContain("answered 404: API token not found");
    if (lacksIdentity("to see that a token is gone")) {
      const listed = (await bench.terraform("state", "list")).stdout.split("\n");
      const own = listed.find((one) => /^restful_resource\.token_[0-9A-F]+$/.test(one)) ?? "";
      expect((await bench.terraform("state", "rm", own)).code).toBe(0);
    }
    await apply();
    const after = await ask();
    expect(after.status).toBe(200);
    expect(after.value).not.toBe(before.value);
  }, 240_000);

  test("can be imported", async () => {
    // GIVEN a token that Terraform has forgotten
    declare({ workers: [] });
    await deploy();
    const [token] = await tokens();
    const listed = (await bench.terraform("state", "list")).stdout.split("\n");
    const address = listed.find((one) => /^restful_resource\.token_[0-9A-F]+$/.test(one)) ?? "";
    expect((await bench.terraform("state", "rm", address)).code).toBe(0);
    // WHEN
    declare({ workers: [], importFrom: token?.id ?? "" });
    const planned = await bench.plan();
    await apply();
    // THEN
    expect(planned.text).toContain("1 to import, 0 to add, 0 to change, 0 to destroy");
    expect(await tokens()).toEqual([token]);
    expect((await bench.plan()).changes).toEqual([]);
    declare({ workers: [] });
    await apply();
    expect(await tokens()).toEqual([token]);
  }, 240_000);

  test("leaves nothing behind, and its value was never to be seen", async () => {
    // GIVEN
    declare({ workers: ["worker", "second"] });
    await deploy();
    expect((await ask()).status).toBe(200);
    // WHEN
    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");
    // THEN
    expect([destroyed.code, destroyed.stderr]).toEqual([0, ""]);
    expect(await tokens()).toEqual([]);
    texts.push(destroyed.stdout);
    expect(new Set(values).size).toBeGreaterThan(3);
    for (const value of [...values, bench.emulator.apiToken]) {
      expect(texts.join("\n")).not.toContain(value);
    }
  }, 240_000);
});

/** What a plan does, by construct: a part of one is named beside it. */
const actions = (changes: readonly ResourceChange[]) =>
  Object.fromEntries(
    changes.map(({ address, change }) => [
      address
        .replace(/^[a-z_]+\./, "")
        .replace(/_[0-9A-F]{8}$/, "")
        .replace(/_(Delivery|Secret).*$/, " $1"),
      change.actions.join(" then "),
    ]),
  );
