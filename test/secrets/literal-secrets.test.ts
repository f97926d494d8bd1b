import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { literalSecrets } from "./literal-secrets.js";

const tests = join(__dirname, "..");

/** Texts that stand where secrets do, and are none. */
const noSecrets: Readonly<Record<string, string>> = {
  create: "what a plan does to a resource whose name ends in Secret or token",
  update: "the same",
  "sent-with-the-next-request": "what a gateway's body has in the place of the authorization",
  "/tokens/t1": "a path of the API",
};

const sources = (): readonly string[] =>
  (readdirSync(tests, { recursive: true }) as string[])
    .filter((file) => /\.(ts|mjs)$/.test(file) && !/(^|\/)(\.|secrets\/)/.test(file))
    .sort();

const read = (file: string): string => readFileSync(join(tests, file), "utf8");
const place = (file: string) => relative(join(tests, ".."), join(tests, file));

describe("a test", () => {
  test("has no secret of its own making, which no scan would look for: it writes canary(…)", () => {
    const found = sources().flatMap((file) =>
      literalSecrets(read(file))
        .filter(({ text }) => !Object.hasOwn(noSecrets, text))
        .map(({ line, name }) => `${place(file)}:${line}: ${name} is a literal; write canary("…")`),
    );

    expect(found).toEqual([]);
  });

  test("makes no temporary folder of its own, which nobody would look into", () => {
    const made = /\bmkdtemp(Sync)?\b|\bmakeOwnedDirectory\b/;
    const found = sources()
      .filter((file) => made.test(read(file)))
      .map((file) => `${place(file)}: write temporaryFolder("…"), of test/secrets`);

    expect(found).toEqual([]);
  });
});

describe("a literal secret", () => {
  const secretsIn = (source: string) =>
    literalSecrets(source).map(({ line, name }) => [line, name]);

  test.each([
    ['call({ secret: "x" })', "secret"],
    ["call({ 'secret': `x` })", "secret"],
    ['call({ ["secret"]: "x" })', "secret"],
    ['call({ authorization: "Bearer x" })', "authorization"],
    ["call({ Authorization: `Bearer x` })", "Authorization"],
    ['call({ "cf-aig-authorization": "Bearer x" })', "cf-aig-authorization"],
    ['call({ apiToken: "x" as const })', "apiToken"],
    ['call({ apiKey: given ? given : "x" })', "apiKey"],
    ['call({ secretKey: "x" + 1, other })', "secretKey"],
    ['call({ secretAccessKey: "x" })', "secretAccessKey"],
    ['call({ CLOUDFLARE_API_TOKEN: "x" })', "CLOUDFLARE_API_TOKEN"],
    ['call({ password: "x".repeat(9) })', "password"],
    ['call({ authorization: fc.constant("x") })', "authorization"],
    ['call([{ name: "a", value: "x", scopes: [] }])', "secret"],
    ['call({ type: "secret_text", name: "a", text: "x" })', "secret_text"],
    ['new Worker(stack, "a", { secrets: { ANY: "x" } })', "ANY_secret"],
    ['call({ otel: [{ url, headers: { any: "x" } }] })', "any_secret"],
    ['call({ headers: { "x-api-key": "x" } })', "x-api-key"],
    ['bench.variables.TF_VAR_any = "x"', "TF_VAR_any"],
    ['process.env["AWS_SECRET_ACCESS_KEY"] = "x"', "AWS_SECRET_ACCESS_KEY"],
    ['class A { readonly #token = "x"; }', "token"],
    ['function f(token = "x") {}', "token"],
    ['const code = `fetch(url, { headers: { authorization: "Bearer x" } })`', "authorization"],
    ['configure(`provider "a" { api_token = "x" }`)', "api_token"],
    ['call({ headers: \'{"x-api-key":"x"}\' })', "x-api-key"],
  ])("is seen in %s", (source, name) => {
    expect(secretsIn(`/** ü */\n\n${source};`)).toEqual([[3, name]]);
  });

  test("is seen where a constant has it, at both", () => {
    const source =
      'const ANY = "x";\nconst OTHER = `Bearer ${' + "ANY}`;\ncall({ authorization: OTHER });";

    expect(secretsIn(source)).toEqual([[3, "authorization"]]);
    expect(secretsIn('const secret = "x";\ncall({ secret });')).toEqual([
      [1, "secret"],
      [2, "secret"],
    ]);
  });

  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: source texts
  test.each([
    'const KEY = canary("a key"); call({ secret: KEY, authorization: `Bearer ${KEY}` });',
    'call({ secret: canary("a key") });',
    'call({ authorization: "", token: undefined, password });',
    'call({ authorization: "${var.key}", secret: new SecretVariable(stack, "key") });',
    'call({ filters: [{ key: "success", operator: "eq", value: ["x"] }] });',
    'call({ secret: { secretId: "0123" }, secret_id: "0123", type: "secret_text" });',
    'configure(`api_token = "${token}"`);',
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: source texts
  ])("is none in %s", (source) => {
    expect(secretsIn(source)).toEqual([]);
  });
});
