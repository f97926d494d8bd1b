import { afterEach, describe, expect, test } from "@jest/globals";
import { runImport } from "../../../lib/import/run-import.js";
import { gatewayDefaults } from "../../../protocol/gateway-settings.js";
import { canary } from "../../secrets/canary.js";
import { type Answer, type ApiServer, refusal, startApi } from "./api-server.js";

const below = "/client/v4/accounts/account/ai-gateway/gateways";
const domain = { hostname: "api.ai.example.com", status: "active", cname_target: "x.invalid" };
const zone = (name: string, id = "0".repeat(32), account = "account") => ({
  id,
  name,
  account: { id: account },
});

type Ask = (place: string, query: URLSearchParams) => Answer | undefined;

describe("the import command, against answers that are not the usual ones", () => {
  let api: ApiServer | undefined;

  afterEach(async () => {
    await api?.close();
    api = undefined;
  });

  /** Runs it against an account whose lists are empty but for what is answered. */
  async function run(ids: readonly string[], ask: Ask) {
    api = await startApi((asked) => {
      const [place = "", query = ""] = asked.split("?");
      const words = new URLSearchParams(query);
      const answer = ask(place, words);
      // Lists end with their first page.
      const isOver = Number(words.get("page") ?? 1) > 1;
      if (answer !== undefined && !(isOver && answer[0] === 200)) return answer;
      const [, id] = /\/gateways\/([^/]+)$/.exec(place) ?? [];
      const result = id === undefined ? [] : { id, ...gatewayDefaults };
      return [200, { success: true, result, data: { routes: [] } }];
    });
    let stdout = "";
    let stderr = "";
    const environment = {
      CLOUDFLARE_ACCOUNT_ID: "account",
      CLOUDFLARE_API_TOKEN: canary("the API token"),
      CLOUDFLARE_BASE_URL: api.url,
    };
    const code = await runImport(ids, environment, {
      write: (text) => {
        stdout += text;
      },
      tell: (text) => {
        stderr += text;
      },
      pauseMs: 1,
    });
    return { code, stdout, stderr, asked: api.asked };
  }

  const withDomain =
    (zones: (name: string | null) => Answer): Ask =>
    (place, query) => {
      if (place.endsWith("/custom-domains")) return [200, { success: true, result: [domain] }];
      return place === "/client/v4/zones" ? zones(query.get("name")) : undefined;
    };

  test("finds the zone of a custom domain by its name, the longest first", async () => {
    const { code, stdout, asked } = await run(
      ["chat"],
      withDomain((name) => [
        200,
        {
          success: true,
          result: ["ai.example.com", "example.com"].includes(name ?? "")
            ? [zone(String(name), name === "example.com" ? "1".repeat(32) : undefined)]
            : [],
        },
      ]),
    );

    expect(code).toBe(0);
    expect(stdout).toContain(`zoneId: "${"0".repeat(32)}"`);
    expect(asked.filter((path) => path.startsWith("/client/v4/zones"))).toEqual([
      expect.stringContaining("name=api.ai.example.com&account.id=account"),
      expect.stringContaining("name=ai.example.com&account.id=account&page=1"),
      expect.stringContaining("name=ai.example.com&account.id=account&page=2"),
    ]);
  });

  test.each<[string, (name: string | null) => Answer, string]>([
    [
      "shows the token no zone",
      () => [200, { success: true, result: [] }],
      'It shows zones only to a token with the permission "Zone: Read" on them.',
    ],
    [
      "has zones of others, or of other names",
      (name) => [
        200,
        {
          success: true,
          result: [zone(String(name), "1".repeat(32), "another"), zone("example.org")],
        },
      ],
      "the API shows this token none of api.ai.example.com, ai.example.com, example.com.",
    ],
    [
      "has two of the name",
      (name) => [200, { success: true, result: [zone(String(name)), zone(String(name), "1")] }],
      "the account has several zones of the name api.ai.example.com.",
    ],
    [
      "refuses",
      () => refusal(403, 10_000, "Authentication error"),
      'has it the permission "Zone: Read" on the account account?',
    ],
    ["does not know zones", () => refusal(501, 1, "not emulated"), "was answered with 501"],
  ])("leaves the zone to be written where the API %s", async (_, zones, reason) => {
    const { code, stdout, stderr } = await run(["chat"], withDomain(zones));

    expect(code).toBe(0);
    for (const text of [stdout, stderr]) {
      expect(text).toContain(
        "The zone of the custom domain api.ai.example.com is not known, so its zoneId is left to be written: ",
      );
      expect(text).toContain(reason);
    }
    expect(stdout).toContain('zoneId: "…"');
    expect(stdout).toContain("// The zone could not be found out: write the id of the one");
  });

  test("writes several gateways into one stack, and what they share once", async () => {
    const provider = { id: "c1", slug: "own", base_url: "https://models.example.com" };
    const { code, stdout, stderr } = await run(["chat-a", "chat-b", "chat-a"], (place) => {
      if (place.endsWith("/custom-providers")) return [200, { success: true, result: [provider] }];
      if (!place.endsWith("/provider_configs")) return undefined;
      const key = { provider_slug: "custom-own", alias: "default", secret_id: "3".repeat(32) };
      return [200, { success: true, result: [{ id: place.slice(-25), ...key }] }];
    });

    expect(code).toBe(0);
    expect(stderr).toContain(
      "The deploy's plan: 5 to import, 0 to add, 3 to change, 0 to destroy.",
    );
    expect(stdout).toContain('new TerraformStack(app, "ai-gateways")');
    expect(stdout).toContain(
      'const chatAGateway = new AiGateway(stack, "chat-a", { gatewayId: "chat-a" });',
    );
    expect(stdout).toContain("gateway: chatBGateway,");
    expect(stdout.match(/new CustomProvider\(/g)).toHaveLength(1);
    expect(stdout).toContain('new ProviderKey(stack, "custom-own-key-2", {');
  });

  test.each(["..", "a/../b", "chat?x", "Ünicode", "%2e%2e"])(
    "takes %j for no gateway, and for no path either",
    async (id) => {
      const { code, stderr, asked } = await run([id], () => undefined);

      expect(code).toBe(1);
      expect(stderr).toContain(`There is no gateway ${JSON.stringify(id)} in the account`);
      expect(asked).toEqual([`${below}?page=1&per_page=50`]);
    },
  );

  const rows = [null, "text", 7, [], {}, { id: null }];
  const lists = [
    ...["routes", "provider_configs", "policies", "custom-domains", "datasets", "evaluations"],
    "custom-providers",
  ];
  test.each(lists.flatMap((list) => rows.map((row) => [list, row] as const)))(
    "has no words of JavaScript for %s with %j",
    async (list, row) => {
      const named = { id: "k", provider_slug: "custom-x", alias: "a", secret_id: "3" };
      const { code, stderr } = await run(["chat"], (place) => {
        if (place.endsWith(`/${list}`)) {
          return [200, { success: true, result: [row], data: { routes: [row] } }];
        }
        // Otherwise nobody asks for custom providers.
        return place.endsWith("/provider_configs")
          ? [200, { success: true, result: [named] }]
          : undefined;
      });

      expect([0, 1]).toContain(code);
      expect(stderr).not.toMatch(/\n {4}at |TypeError|undefined|fault of its own/);
    },
  );

  const values = [null, "text", 7, [], {}, [null], [{}], true];
  test.each(
    Object.keys(gatewayDefaults).flatMap((key) => values.map((value) => [key, value] as const)),
  )("has no words of JavaScript for the setting %s of %j", async (key, value) => {
    const { code, stderr } = await run(["chat"], (place) =>
      place === `${below}/chat`
        ? [200, { success: true, result: { id: "chat", ...gatewayDefaults, [key]: value } }]
        : undefined,
    );

    expect([0, 1]).toContain(code);
    expect(stderr).not.toMatch(/\n {4}at |TypeError|fault of its own/);
  });
});
