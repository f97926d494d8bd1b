import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { guardrailCategories } from "../../protocol/gateway-guardrails.js";
import { CANARY_MARK, canary } from "../secrets/canary.js";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";
import { type CommandResult, type ResourceChange, run, Workbench } from "./workbench.js";

const root = resolve(__dirname, "../..");
const OTEL = canary("otel authorization");
const HEADER = canary("the value of an otel header");
const STRIPE = canary("stripe authorization");
const KEY = canary("a provider's key");
const CUSTOM = canary("a custom provider's header");
const zoneId = "0".repeat(32);

const edge = (elementId: string) => ({ elementId });

/** A graph as `routeGraph` makes it. */
const built = [
  { id: "start", type: "start", outputs: { next: edge("rate") } },
  {
    id: "rate",
    type: "rate",
    properties: { key: "metadata.user", limit: 100, limitType: "count", window: 3600 },
    outputs: { success: edge("big"), fallback: edge("model") },
  },
  {
    id: "big",
    type: "model",
    properties: { provider: "custom-own", model: "gpt-4o", timeout: 10_000, retries: 1 },
    outputs: { success: edge("end"), fallback: edge("model") },
  },
  {
    id: "model",
    type: "model",
    properties: { provider: "workers-ai", model: "@cf/meta/llama", timeout: 60_000, retries: 0 },
    outputs: { success: edge("end"), fallback: edge("end") },
  },
  { id: "end", type: "end", outputs: {} },
];

/** A graph of the dashboard's: its own ids, its own order, two ends, a template of Terraform's in it. */
const drawn = [
  { id: "n-9f1", type: "end", outputs: {} },
  { id: "n-0a3", type: "start", outputs: { next: edge("n-4b2") } },
  {
    id: "n-4b2",
    type: "conditional",
    properties: { conditions: { "metadata.plan": { $eq: "$" + "{free}" } } },
    outputs: { true: edge("n-9f1"), false: edge("n-9f2") },
  },
  { id: "n-9f2", type: "end", outputs: {} },
];

/** A gateway with every setting, and two of all that belongs to it. */
describe("the code that the import command writes", () => {
  let bench: Workbench;
  let folder: string;
  let storeId: string;
  let written: CommandResult;
  let code: string;
  const texts: string[] = [];

  const api = async (method: string, path: string, body?: unknown): Promise<Row> => {
    const answer = await bench.api(method, path, body);
    expect([path, answer.status, answer.body.errors ?? []]).toEqual([path, 200, []]);
    return answer.body.result as Row;
  };
  const path = "/ai-gateway/gateways/production";

  beforeAll(async () => {
    bench = await Workbench.start();
    // Where the package's name is found.
    folder = temporaryFolder(".import-", __dirname);
    const [store] = (await api("POST", "/secrets_store/stores", [
      { name: "default" },
    ])) as unknown as Row[];
    storeId = String(store?.id);
    await api("POST", "/ai-gateway/gateways", {
      id: "production",
      cache_ttl: 300,
      cache_invalidate_on_update: true,
      collect_logs: true,
      rate_limiting_interval: 60,
      rate_limiting_limit: 20_000,
      rate_limiting_technique: "sliding",
      authentication: true,
      log_management: 50_000,
      log_management_strategy: "DELETE_OLDEST",
      retry_max_attempts: 3,
      retry_delay: 500,
      retry_backoff: "exponential",
      byok_only: true,
      dlp: {
        enabled: true,
        policies: [
          { id: "cards", enabled: true, action: "BLOCK", check: ["REQUEST"], profiles: ["p1"] },
          {
            id: "names",
            enabled: false,
            action: "FLAG",
            check: ["REQUEST", "RESPONSE"],
            profiles: ["p2"],
          },
        ],
      },
      guardrails: {
        prompt: Object.fromEntries(Object.values(guardrailCategories).map((key) => [key, "BLOCK"])),
        response: { S10: "FLAG" },
      },
      log_classification: true,
      logpush: true,
      logpush_public_key: publicKey,
      otel: [
        {
          url: "https://otel.example.com/v1/traces",
          headers: { "x-api-key": HEADER },
          authorization: OTEL,
          content_type: "protobuf",
        },
        { url: "https://plain.example.com/v1/traces", headers: {}, content_type: "json" },
      ],
      spend_limits: {
        enabled: true,
        rules: [
          {
            id: "ours",
            enabled: true,
            limit: 100.5,
            limitType: "cost",
            window: 86_400,
            technique: "fixed",
            metadata: { plan: { mode: "filter", values: ["free"] }, user: { mode: "partition" } },
            model: { mode: "filter", values: ["gpt-4o"] },
            provider: { mode: "filter", values: ["openai"] },
          },
        ],
      },
      store_id: storeId,
      stripe: { authorization: STRIPE, usage_events: [{ payload: '{"event":"$' + '{x}"}' }] },
      workers_ai_billing_mode: "unified",
      zdr: false,
    });
    await api("POST", "/ai-gateway/custom-providers", {
      name: "Our models",
      slug: "own",
      base_url: "https://models.example.com",
      description: "Ours",
      enable: true,
      curl_example: 'curl \\\n  "$URL/v1"',
      headers: JSON.stringify({ "x-api-key": CUSTOM }),
    });
    await api("POST", "/ai-gateway/custom-providers", {
      name: "unused",
      slug: "unused",
      base_url: "https://unused.example.com",
    });
    await api("POST", `${path}/provider_configs`, {
      provider_slug: "openai",
      alias: "default",
      default_config: true,
      secret: KEY,
      rate_limit: 10,
    });
    await api("POST", `${path}/provider_configs`, {
      provider_slug: "openai",
      alias: "eu",
      default_config: false,
      secret: KEY,
    });
    for (const [name, elements] of Object.entries({ support: built, drawn })) {
      const { id } = await api("POST", `${path}/routes`, { name, elements: built });
      const { version_id } = await api("POST", `${path}/routes/${id}/versions`, { elements });
      await api("POST", `${path}/routes/${id}/deployments`, { version_id });
      // A draft that nobody deployed.
      await api("POST", `${path}/routes/${id}/versions`, { elements: built });
    }
    const everyone = { actor: "company:all", condition: "true", resource: "*" };
    await api("POST", `${path}/policies?commit=true`, {
      name: "everyone",
      ...everyone,
      action: { type: "limit", amount: 10.5, period: "daily", technique: "named-interval" },
    });
    await api("POST", `${path}/policies?commit=true`, {
      name: "contractors",
      actor: "user:{cf.user.id}",
      condition: '"contractors" in cf.user.groups',
      resource: { model: ["openai/gpt-*"] },
      action: { type: "block", except: true },
    });
    await api("POST", `${path}/custom-domains`, { domain: "ai.example.com", zone_id: zoneId });
    const { id: dataset } = await api("POST", `${path}/datasets`, {
      name: "Slow ones",
      enable: true,
      filters: [{ key: "duration", operator: "gt", value: [5000] }],
    });
    const types = (await api("GET", "/ai-gateway/evaluation-types")) as unknown as Row[];
    await api("POST", `${path}/evaluations`, {
      name: "baseline",
      dataset_ids: [dataset],
      evaluation_type_ids: types.filter(({ mandatory }) => mandatory).map(({ id }) => id),
    });

    written = await importCommand("production");
    code = written.stdout;
  }, 300_000);

  afterAll(async () => {
    await removeFolder(folder);
    await bench.close();
  });

  const importCommand = (...args: string[]): Promise<CommandResult> =>
    run(
      process.execPath,
      ["--import", "tsx", join(root, "lib/import/main.ts"), ...args],
      root,
      bench.environment(),
    );

  /** Synthesizes the written file as cdktf would, with the state beside it. */
  const synth = async (text: string): Promise<CommandResult> => {
    await mkdir(folder, { recursive: true });
    const backend = `stack.addOverride("terraform.backend.local.path", ${JSON.stringify(bench.stateFile)});`;
    const ours = text
      .replace(/TerraformStack\(app, ".*"\)/, 'TerraformStack(app, "test")')
      .replace('new Cloudflare(stack, "cloudflare");', `$&\n${backend}`);
    await writeFile(join(folder, "gateway.ts"), ours);
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: "../../../tsconfig.json",
        compilerOptions: {
          noEmit: true,
          paths: { "cdktf-cloudflare-ai-gateway": ["../../../lib/index.ts"] },
        },
        include: ["gateway.ts"],
        exclude: [],
      }),
    );
    const env = { ...bench.environment(), CDKTF_OUTDIR: join(bench.directory, "cdktf.out") };
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const compiled = await run(
      process.execPath,
      [tsc, "-p", join(folder, "tsconfig.json")],
      folder,
      env,
    );
    expect(compiled.stdout.split("\n").filter((line) => line.startsWith("gateway.ts"))).toEqual([]);
    return run(process.execPath, ["--import", "tsx", "gateway.ts"], folder, env);
  };

  test("is written to stdout, and asks for each secret by a variable", () => {
    expect(written.code).toBe(0);
    expect(written.stderr).toBe(
      "The deploy asks for: TF_VAR_otel_1_x_api_key, TF_VAR_otel_1_authorization, TF_VAR_stripe_authorization\n" +
        "The deploy's plan: 13 to import, 1 to add, 10 to change, 0 to destroy.\n" +
        "To add: a PUT for each gateway with secrets, which sends these with all other settings as they are.\n" +
        "To change: notes on how later requests are sent, such as update_method, for which an import has no words. Nothing is sent.\n",
    );
  });

  test("imports everything by a deploy that asks Cloudflare for no change", async () => {
    // GIVEN the code as it was written, and the secrets that are in use
    const synthesized = await synth(code);
    expect([synthesized.code, synthesized.stdout]).toEqual([0, ""]);
    Object.assign(bench.variables, {
      TF_VAR_otel_1_x_api_key: HEADER,
      TF_VAR_otel_1_authorization: OTEL,
      TF_VAR_stripe_authorization: STRIPE,
    });
    const before = await everything();
    await bench.api("DELETE", "/emulator/calls");

    // WHEN
    const planned = await bench.plan();
    const planning = await writes();
    const applied = await bench.apply();
    texts.push(planned.text, applied.stdout, applied.stderr, await bench.readState());

    // THEN the plan is the one that was said
    expect(planning).toEqual([]);
    expect(planned.text).toContain("Plan: 13 to import, 1 to add, 10 to change, 0 to destroy.");
    expect(added(planned.changes)).toEqual(["restful_operation.gateway_Settings"]);
    for (const { address, change } of planned.changes) {
      if (change.actions.join() === "create") continue;
      // What has secrets is not in an import, and in no request but the one that sends it whole.
      const { otel, stripe, ...body } = (change.after?.body ?? {}) as Row;
      expect([address, body]).toEqual([address, change.before?.body]);
    }
    // AND one request is made, which sends the secrets that were there
    expect(await writes()).toEqual([
      `PUT /accounts/${bench.emulator.accountId}/ai-gateway/gateways/production`,
    ]);
    expect(await everything()).toEqual(before);
    expect((await bench.plan()).changes).toEqual([]);
  }, 300_000);

  test("may lose its calls of importFrom, of which nothing is sent either", async () => {
    const without = code.replaceAll(/^ *\w+\.importFrom\(.*\);$|\.importFrom\(.*\)/gm, "");
    expect(without).not.toContain("importFrom(");

    const synthesized = await synth(without);
    const before = await everything();
    await bench.api("DELETE", "/emulator/calls");
    await bench.apply();

    expect(synthesized.code).toBe(0);
    expect([await writes(), await everything()]).toEqual([[], before]);
    expect((await bench.plan()).changes).toEqual([]);
  }, 300_000);

  test("never shows a secret", async () => {
    const said = [code, written.stderr, ...texts, await readFile(stackFile(), "utf8")];

    expect(said.filter((text) => text.includes(CANARY_MARK))).toEqual([]);
  });

  test("makes no request that writes where a gateway has no secrets", async () => {
    // GIVEN a gateway as the dashboard makes it, with a route
    await api("POST", "/ai-gateway/gateways", {
      id: "simple",
      cache_ttl: 60,
      cache_invalidate_on_update: false,
      collect_logs: true,
      rate_limiting_interval: 0,
      rate_limiting_limit: 0,
      retry_max_attempts: 2,
      authentication: true,
      guardrails: { prompt: { S1: "FLAG" }, response: {} },
      otel: [{ url: "https://o.example.com/v1/traces", headers: {}, content_type: "json" }],
      zdr: true,
    });
    await api("POST", "/ai-gateway/gateways/simple/routes", { name: "support", elements: built });
    const { stdout, stderr } = await importCommand("simple");
    expect(stderr).toBe(
      "The deploy's plan: 4 to import, 0 to add, 3 to change, 0 to destroy.\n" +
        "To change: notes on how later requests are sent, such as update_method, for which an import has no words. Nothing is sent.\n" +
        "The deploy only reads: Cloudflare is sent no change.\n",
    );
    await rm(bench.stateFile, { force: true });
    await synth(stdout);
    await bench.api("DELETE", "/emulator/calls");

    // WHEN
    const planned = await bench.plan();
    await bench.apply();

    // THEN
    expect(planned.text).toContain("Plan: 4 to import, 0 to add, 3 to change, 0 to destroy.");
    for (const { address, change } of planned.changes) {
      if (change.actions.join() === "create") continue;
      expect([address, change.after?.body]).toEqual([address, change.before?.body]);
    }
    expect(await writes()).toEqual([]);
    expect((await bench.plan()).changes).toEqual([]);
  }, 300_000);

  test("imports two gateways into one stack, with a plan of imports alone", async () => {
    // GIVEN two gateways with what a plan can import without a change
    for (const id of ["team-a", "2nd"]) {
      const numbers = { rate_limiting_interval: 0, rate_limiting_limit: 0, cache_ttl: 0 };
      const flags = { cache_invalidate_on_update: false, collect_logs: true };
      await api("POST", "/ai-gateway/gateways", { id, ...numbers, ...flags });
      const at = `/ai-gateway/gateways/${id}`;
      await api("POST", `${at}/datasets`, { name: "all", enable: true, filters: [] });
      await api("POST", `${at}/custom-domains`, { domain: `${id}.example.net`, zone_id: zoneId });
    }

    // WHEN
    const { stdout, stderr } = await importCommand("team-a", "2nd");
    await rm(bench.stateFile, { force: true });
    const synthesized = await synth(stdout);
    await bench.api("DELETE", "/emulator/calls");
    const planned = await bench.plan();
    await bench.apply();

    // THEN
    expect(stderr).toBe(
      "The deploy's plan: 6 to import, 0 to add, 0 to change, 0 to destroy.\n" +
        "The deploy only reads: Cloudflare is sent no change.\n",
    );
    expect(synthesized.code).toBe(0);
    expect(planned.text).toContain("Plan: 6 to import, 0 to add, 0 to change, 0 to destroy.");
    expect(await writes()).toEqual([]);
    expect((await bench.plan()).text).toContain("No changes.");
  }, 300_000);

  test("comes from an emulator that runs the command, and goes into a file", async () => {
    const file = join(folder, "from-npm.ts");
    const env = { ...bench.environment(), npm_config_update_notifier: "false" };

    const made = await run("npm", ["run", "import", "--", "production", "--out", file], root, env);
    const again = await run("npm", ["run", "import", "--", "production", "--out", file], root, env);

    expect([made.code, made.stderr]).toEqual([0, expect.stringContaining(`Written: ${file}.`)]);
    expect(await readFile(file, "utf8")).toBe(
      code
        // Made by the one or the other, as this test is started by npm or by npx.
        .replace(
          /(npx ai-gateway-import|npm run import --) production/,
          `npm run import -- production --out ${file}`,
        )
        .replace("npx tsx gateway.ts", `npx tsx ${file}`),
    );
    expect(again.code).not.toBe(0);
    expect(again.stderr).toContain(`${file} exists. Name another file, or add --force`);
  }, 60_000);

  const stackFile = () => join(bench.stackDirectory, "cdk.tf.json");

  /** What a plan adds, without the hashes of addresses. */
  const added = (changes: readonly ResourceChange[]): string[] =>
    changes
      .filter(({ change }) => change.actions.join() === "create")
      .map(({ address }) => address.replace(/_[0-9A-F]{8}$/, ""));

  /** All that the API tells of the account, without the times of changes. */
  const everything = async (): Promise<unknown> => {
    const paths = [
      "",
      "/provider_configs",
      "/policies",
      "/custom-domains",
      "/datasets",
      "/evaluations",
    ];
    const answers = [
      await bench.api("GET", "/ai-gateway/custom-providers"),
      await bench.api("GET", `${path}/routes`),
      ...(await Promise.all(paths.map((part) => bench.api("GET", path + part)))),
    ];
    const text = JSON.stringify(answers).replaceAll(/("modified_at":")[^"]*/g, "$1…");
    return JSON.parse(text) as unknown;
  };

  /** Calls that change something, since the record was begun. */
  const writes = async (): Promise<string[]> => {
    const { result } = (await bench.api("GET", "/emulator/calls")).body;
    return (result as { method: string; path: string }[])
      .filter(({ method }) => method !== "GET")
      .map((call) => `${call.method} ${call.path}`);
  };
});

type Row = Record<string, unknown>;

const publicKey = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .publicKey.export({ type: "spki", format: "pem" })
  .toString();
