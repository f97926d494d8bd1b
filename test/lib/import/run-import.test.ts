import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { runImport } from "../../../lib/import/run-import.js";
import { gatewayDefaults } from "../../../protocol/gateway-settings.js";
import { CANARY_MARK, canary } from "../../secrets/canary.js";
import { temporaryFolder } from "../../secrets/temporary-folder.js";
import { type Answer, type ApiServer, refusal, startApi } from "./api-server.js";

const TOKEN = canary("the API token");
const ANOTHER = canary("another API token");
const gateways = "/client/v4/accounts/account/ai-gateway/gateways";

describe("the import command", () => {
  let api: ApiServer | undefined;

  afterEach(async () => {
    await api?.close();
    api = undefined;
  });

  /** Runs the command against an API that answers so. */
  async function run(
    args: readonly string[],
    answer: (path: string, call: number) => Answer = () => [200, { result: [] }],
    env: Record<string, string> = {},
  ) {
    api = await startApi(answer);
    let stdout = "";
    let stderr = "";
    const code = await runImport(
      args,
      {
        CLOUDFLARE_ACCOUNT_ID: "account",
        CLOUDFLARE_API_TOKEN: TOKEN,
        CLOUDFLARE_BASE_URL: api.url,
        ...env,
      },
      {
        write: (text) => {
          stdout += text;
        },
        tell: (text) => {
          stderr += text;
        },
        pauseMs: 1,
      },
    );
    expect(stdout + stderr).not.toContain(CANARY_MARK);
    return { code, stdout, stderr, asked: api.asked, tokens: api.tokens };
  }

  /** An account with one gateway and, where a list is named, what is in it. */
  const account =
    (lists: Record<string, readonly object[]> = {}, gateway: object = {}) =>
    (path: string): Answer => {
      const [place = "", query = ""] = path.split("?");
      if (place === `${gateways}/chat`) {
        return [200, { success: true, result: { id: "chat", ...gatewayDefaults, ...gateway } }];
      }
      const name = place.split("/").at(-1) ?? "";
      const page = Number(new URLSearchParams(query).get("page"));
      const rows = (lists[name] ?? []).slice((page - 1) * 50, page * 50);
      return [200, { success: true, result: rows, data: { routes: rows } }];
    };

  test.each([["--help"], ["chat", "-h"]])("tells what it does with %s %s", async (...args) => {
    const { code, stdout, asked } = await run(args);

    expect([code, asked]).toEqual([0, []]);
    expect(stdout).toMatch(/npx ai-gateway-import <gatewayId> --out gateway\.ts/);
    expect(stdout).toContain("CLOUDFLARE_ACCOUNT_ID");
  });

  test.each<[readonly string[], string]>([
    [[], "The id of a gateway is needed, got none."],
    [["chat", ""], 'The id of a gateway is needed, got "".'],
    [
      ["chat", "--ouput", "x"],
      "--ouput: there is no such option. Allowed are --out, --force, --help.",
    ],
    [["chat", "--out"], "--out needs the name of a file"],
    [["chat", "--out", "--force"], "--out needs the name of a file"],
    [["chat", "--force=yes"], "--force=yes: there is no such option."],
  ])("ends with 2 for %j", async (args, message) => {
    const { code, stderr } = await run(args);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test.each<[Record<string, string>, string]>([
    [
      { CLOUDFLARE_ACCOUNT_ID: "", CLOUDFLARE_API_TOKEN: "" },
      "Not set: CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN. Write: export CLOUDFLARE_ACCOUNT_ID=… CLOUDFLARE_API_TOKEN=…",
    ],
    [{ CLOUDFLARE_API_TOKEN: "" }, "Not set: CLOUDFLARE_API_TOKEN."],
    [{ CLOUDFLARE_ACCOUNT_ID: "a/b" }, "CLOUDFLARE_ACCOUNT_ID: got something else than letters"],
    [
      { CLOUDFLARE_API_TOKEN: `${TOKEN}\n${TOKEN}` },
      "The API token has a character that no token has",
    ],
    [{ CLOUDFLARE_BASE_URL: "api.example.com" }, 'CLOUDFLARE_BASE_URL: got "api.example.com"'],
    [
      { CLOUDFLARE_BASE_URL: `http://me:${ANOTHER}@127.0.0.1:1` },
      'CLOUDFLARE_BASE_URL: got "http://…@127.0.0.1:1"; allowed is an http or https URL without user',
    ],
  ])("says what of the environment is wrong (%#)", async (env, message) => {
    const { code, stderr, asked } = await run(["chat"], undefined, env);

    expect([code, asked]).toEqual([1, []]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain(ANOTHER);
  });

  test("takes the deploy's token where there is no other", async () => {
    const { code, tokens } = await run(["chat"], account(), {
      CLOUDFLARE_API_TOKEN: "",
      TF_VAR_cloudflare_api_token: ANOTHER,
    });

    expect(code).toBe(0);
    expect(new Set(tokens)).toEqual(new Set([`Bearer ${ANOTHER}`]));
  });

  test("names the gateways that exist, and the one that was meant", async () => {
    const { code, stderr } = await run(["produktion"], (path) =>
      path.startsWith(`${gateways}?`)
        ? [200, { result: /page=1&/.test(path) ? [{ id: "staging" }, { id: "production" }] : [] }]
        : refusal(404, 7002, "Not Found"),
    );

    expect(code).toBe(1);
    expect(stderr).toBe(
      'There is no gateway "produktion" in the account account. The account has: production, staging. Did you mean production?\n',
    );
  });

  test.each<[string, Answer, string]>([
    [
      "a wrong token",
      refusal(403, 10_000, "Authentication error"),
      'was refused (403, code 10000: Authentication error). Is the token right, and has it the permission "AI Gateway: Read" on the account account?',
    ],
    [
      "no token at all",
      refusal(400, 6111, "Invalid format for Authorization header"),
      "Is the token right",
    ],
    [
      "an account that is none",
      refusal(400, 7003, "Could not route to /accounts/account"),
      "Is CLOUDFLARE_ACCOUNT_ID right? Got account.",
    ],
    ["a page of a proxy", [200, "<html>Sign in</html>"], "Is CLOUDFLARE_BASE_URL right?"],
    ["another API", [200, { hello: "world" }], "Is CLOUDFLARE_BASE_URL right?"],
    [
      "a redirect, which the token does not follow",
      [302, "", { location: "/x" }],
      "does not answer",
    ],
  ])("tells of %s", async (_, answer, message) => {
    const { code, stdout, stderr } = await run(["chat"], () => answer);

    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
    expect(stderr.split("\n")).toHaveLength(2);
  });

  test("asks again when the API is busy or broken, and says so when it stays so", async () => {
    const whole = account();
    const busy = await run(["chat"], (path, call) =>
      call <= 3 ? refusal(call === 1 ? 429 : 503, 1, "later") : whole(path),
    );
    expect(busy.code).toBe(0);
    await api?.close();

    const broken = await run(["chat"], () => refusal(503, 1, "later"));

    expect([broken.code, broken.asked.length]).toEqual([1, 4]);
    expect(broken.stderr).toContain(
      "was answered with 503, code 1: later, 4 times. Try again later",
    );
  });

  test("says where nobody answers", async () => {
    const { code, stderr } = await run(["chat"], undefined, {
      CLOUDFLARE_BASE_URL: "http://127.0.0.1:1/client/v4",
    });

    expect(code).toBe(1);
    expect(stderr).toContain("http://127.0.0.1:1 does not answer");
  });

  test("reads lists to their end, also those that know no pages", async () => {
    const keys = Array.from({ length: 120 }, (_, index) => ({
      id: `id-${index}`,
      provider_slug: "openai",
      alias: `a${index}`,
      default_config: 0,
      secret_id: "3".repeat(32),
      secret_preview: "****",
    }));
    const policy = { id: "p1", name: "all", action: { type: "no-limit" } };
    const whole = account({ provider_configs: keys });

    const { code, stdout, stderr } = await run(["chat"], (path) =>
      path.includes("/policies") ? [200, { success: true, result: [policy] }] : whole(path),
    );

    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining("gateway: this is key number 51 of it in this stack; allowed are 50"),
    ]);
    expect(stdout.match(/new ProviderKey\(/g)).toHaveLength(120);
    expect(stdout.match(/new GatewayPolicy\(/g)).toHaveLength(1);
  });

  test("goes without what the account does not offer, and says so", async () => {
    const whole = account();

    const { code, stdout, stderr } = await run(["chat"], (path) => {
      if (path.includes("/datasets")) return refusal(403, 10_000, "Authentication error");
      return path.includes("/policies") ? refusal(404, 7000, "No route") : whole(path);
    });

    expect(code).toBe(0);
    for (const text of [stdout, stderr]) {
      expect(text).toContain("The gateway's policies could not be read, so there are none here");
      expect(text).toContain("The gateway's datasets could not be read, so there are none here");
    }
  });

  test("has what an answer holds in no line of its own outside of a text", async () => {
    const evil = "x\n*/ process.exit(1); //\u2028y";
    const { stdout } = await run(
      ["chat"],
      account(
        {
          policies: [{ id: evil, name: evil, action: { type: "no-limit" } }],
          provider_configs: [{ id: "k", provider_slug: evil, alias: evil, secret_id: evil }],
        },
        { logpush_public_key: evil, [evil]: true },
      ),
    );

    const lines = stdout.split("\n").filter((line) => line.startsWith("*/"));
    expect(lines).toEqual([]);
    expect(stdout).toContain(`importFrom(${JSON.stringify(evil)})`);
  });

  test("overwrites a file only when it is told to, and asks nobody before", async () => {
    const file = join(temporaryFolder("import-"), "gateway.ts");
    writeFileSync(file, "mine");

    const refused = await run(["chat", "--out", file], account());
    expect([refused.code, refused.asked, readFileSync(file, "utf8")]).toEqual([1, [], "mine"]);
    expect(refused.stderr).toContain("exists. Name another file, or add --force to overwrite it.");
    await api?.close();

    const forced = await run(["chat", `--out=${file}`, "--force"], account());
    expect([forced.code, forced.stdout]).toEqual([0, ""]);
    expect(readFileSync(file, "utf8")).toContain('gatewayId: "chat"');
  });

  test("says which folder is not there", async () => {
    const { code, stderr } = await run(["chat", "--out", "/nowhere/at/all.ts"], account());

    expect(code).toBe(1);
    expect(stderr).toContain("/nowhere/at/all.ts cannot be written: ENOENT");
  });
});
