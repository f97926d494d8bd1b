import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { canary } from "../secrets/canary.js";
import { temporaryFolder } from "../secrets/temporary-folder.js";
import { type CommandResult, run, Workbench } from "./workbench.js";

const root = resolve(__dirname, "../..");

/** Typed as a person types it, where something is wrong. */
describe("the import command, where something is wrong", () => {
  let bench: Workbench;
  const folder = temporaryFolder("import-faults-");

  beforeAll(async () => {
    bench = await Workbench.start();
    const { status } = await bench.api("POST", "/ai-gateway/gateways", {
      id: "chat",
      cache_ttl: 0,
      cache_invalidate_on_update: false,
      collect_logs: true,
      rate_limiting_interval: 0,
      rate_limiting_limit: 0,
    });
    expect(status).toBe(200);
  }, 60_000);

  afterAll(() => bench.close());

  const command = (
    args: readonly string[],
    env: Readonly<Record<string, string | undefined>> = {},
  ): Promise<CommandResult> =>
    run(process.execPath, ["--import", "tsx", join(root, "lib/import/main.ts"), ...args], root, {
      ...bench.environment(),
      ...env,
    });

  test.each<[string, readonly string[], Record<string, string>, string]>([
    [
      "a wrong token",
      ["chat"],
      { CLOUDFLARE_API_TOKEN: canary("a wrong token") },
      'Is the token right, and has it the permission "AI Gateway: Read" on the account',
    ],
    [
      "no token",
      ["chat"],
      { CLOUDFLARE_API_TOKEN: "", TF_VAR_cloudflare_api_token: "" },
      "Not set: CLOUDFLARE_API_TOKEN. Write: export CLOUDFLARE_API_TOKEN=…",
    ],
    ["an id that is none", ["../Chat !"], {}, 'There is no gateway "../Chat !" in the account'],
    [
      "one of two that is not there",
      ["chat", "gone"],
      {},
      'There is no gateway "gone" in the account',
    ],
  ])("says what it is, of %s", async (_, args, env, message) => {
    const answer = await command(args, env);

    expect([answer.code, answer.stdout]).toEqual([1, ""]);
    expect(answer.stderr).toContain(message);
    expect(answer.stderr).not.toMatch(/\n\s+at |node:internal/);
    // One paragraph, which begins with what is wrong.
    expect(answer.stderr.split("\n").length).toBeLessThan(4);
  });

  test("says that the API cannot be reached, and tries again before", async () => {
    // GIVEN a port that nobody listens at any more
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise((closed) => server.close(closed));

    const { code, stdout, stderr } = await command(["chat"], {
      CLOUDFLARE_BASE_URL: `${url}/client/v4`,
    });

    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      `${url} does not answer (ECONNREFUSED). Is the network up, and is CLOUDFLARE_BASE_URL right?\n`,
    );
  }, 30_000);

  test("leaves a file that exists as it is", async () => {
    const file = join(folder, "gateway.ts");
    await writeFile(file, "mine");

    const { code, stderr } = await command(["chat", "--out", file]);

    expect(code).toBe(1);
    expect(stderr).toBe(`${file} exists. Name another file, or add --force to overwrite it.\n`);
    expect(await readFile(file, "utf8")).toBe("mine");
  });
});
