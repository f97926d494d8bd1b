import { execFile, spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { deliveryScript } from "../../../lib/tokens/delivery-script.js";
import { canary } from "../../secrets/canary.js";
import { newFolder } from "../new-stack.js";

const API_TOKEN = canary("the API token");
const VALUE = canary("a gateway token's value");

interface Call {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly token: string | undefined;
  readonly body: unknown;
}

let server: Server;
let calls: Call[];
/** What the API answers, by path; a success where nothing stands. Each answer is used once. */
let answers: Record<string, (typeof LOST | { status: number; body: unknown })[]>;

/** Carried out, but the answer does not arrive. */
const LOST = "lost";

beforeEach(async () => {
  calls = [];
  answers = {};
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url: path = "", headers } = request;
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      calls.push({ method, path, token: headers.authorization, body });
      const result = path.endsWith("/value") ? VALUE : {};
      const answer = answers[path]?.shift() ?? { status: 200, body: { success: true, result } };
      if (answer === LOST) {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const refusal = (status: number, message: string) => ({
  status,
  body: { success: false, errors: [{ code: 10000, message }], messages: [], result: null },
});

const apiUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const environment = (api: string, run: { id: string; again: boolean }) => {
  const secrets = ["one", "two"].map((name) => ({
    path: `/scripts/${name}/secrets`,
    name: "TOKEN",
  }));
  return {
    ...process.env,
    AI_GATEWAY_TOKEN_DELIVERY: JSON.stringify({ api, token: "/tokens/t1", secrets, run }),
    AI_GATEWAY_TOKEN_API_TOKEN: API_TOKEN,
  };
};

function deliver(
  api = apiUrl(),
  folder = newFolder({ "deliver-token.mjs": deliveryScript }),
  run = { id: "d1", again: false },
) {
  const script = join(folder, "deliver-token.mjs");
  return new Promise<{ code: number; said: string }>((resolve) => {
    execFile(process.execPath, [script], { env: environment(api, run) }, (error, out, err) => {
      const said = out + err;
      for (const secret of [API_TOKEN, VALUE]) expect(said).not.toContain(secret);
      resolve({ code: error ? Number(error.code) : 0, said });
    });
  });
}

describe("the script that delivers a token", () => {
  test("asks for one value and hands it to every Worker, without a word", async () => {
    expect(await deliver()).toEqual({ code: 0, said: "" });

    const token = `Bearer ${API_TOKEN}`;
    const secret = { name: "TOKEN", text: VALUE, type: "secret_text" };
    expect(calls).toEqual([
      { method: "PUT", path: "/tokens/t1/value", token, body: {} },
      { method: "PUT", path: "/scripts/one/secrets", token, body: secret },
      { method: "PUT", path: "/scripts/two/secrets", token, body: secret },
    ]);
  });

  test("delivers again only what did not end in the same deploy", async () => {
    const folder = newFolder({ "deliver-token.mjs": deliveryScript });
    const again = (id: string) => deliver(apiUrl(), folder, { id, again: true });
    const numberOfCalls = async (run: Promise<{ code: number }>) => {
      calls = [];
      expect((await run).code).toBe(0);
      return calls.length;
    };

    // Killed in the deploy before: its end was never reached
    expect(await numberOfCalls(again("d1"))).toBe(3);
    expect(await numberOfCalls(deliver(apiUrl(), folder, { id: "d2", again: false }))).toBe(3);
    expect(await numberOfCalls(again("d2"))).toBe(0);
  });

  test("does not take for ended what failed", async () => {
    const folder = newFolder({ "deliver-token.mjs": deliveryScript });
    answers["/scripts/two/secrets"] = [refusal(403, "no")];
    expect((await deliver(apiUrl(), folder)).code).toBe(1);
    calls = [];

    expect((await deliver(apiUrl(), folder, { id: "d1", again: true })).code).toBe(0);

    expect(calls).toHaveLength(3);
  });

  test("tries again where another attempt may do", async () => {
    answers["/tokens/t1/value"] = [refusal(503, "busy"), refusal(429, "slow down")];

    expect((await deliver()).code).toBe(0);

    expect(calls.map(({ path }) => path)).toEqual([
      ...Array.from({ length: 3 }, () => "/tokens/t1/value"),
      "/scripts/one/secrets",
      "/scripts/two/secrets",
    ]);
  });

  test("serves all others when one Worker refuses, and says which", async () => {
    answers["/scripts/one/secrets"] = [refusal(404, `no Worker for ${VALUE}`)];

    const { code, said } = await deliver();

    expect(code).toBe(1);
    expect(said).toContain("TOKEN: PUT /scripts/one/secrets answered 404: no Worker for …");
    expect(said).toContain("Deploy again.");
    expect(calls.at(-1)?.path).toBe("/scripts/two/secrets");
  });

  test("changes no Worker when the token gets no value, and says which permission is needed", async () => {
    answers["/tokens/t1/value"] = [refusal(403, "Authentication error")];

    const { code, said } = await deliver();

    expect(code).toBe(1);
    expect(said).toContain("PUT /tokens/t1/value answered 403: Authentication error (code 10000)");
    expect(said).toContain("The token got no new value; the old one is still good");
    expect(said).toContain("Account API Tokens Write");
    expect(calls).toHaveLength(1);
  });

  test("does not blame the permission where something else was refused", async () => {
    answers["/tokens/t1/value"] = [refusal(404, "no such token")];

    const { said } = await deliver();

    expect(said).toContain("The token got no new value");
    expect(said).toContain("answered 404: no such token (code 10000).");
    expect(said).not.toContain("permission");
  });

  test.each([
    ["an answer is lost", LOST],
    ["the API fails", refusal(502, "bad gateway")],
    ["an answer cannot be read", { status: 200, body: "" }],
    ["an answer has no value", { status: 200, body: { success: true, result: "" } }],
  ] as const)("does not call the old value good when %s", async (_, answer) => {
    answers["/tokens/t1/value"] = [answer, refusal(404, "no such token")];

    const { code, said } = await deliver();

    expect(code).toBe(1);
    expect(said).toMatch(/^The token may have a new value, which is nowhere; .* Deploy again\. /);
    expect(said).not.toContain("still good");
    expect(said).not.toContain("permission");
  });

  test("tells whoever is behind a proxy which Node uses it", async () => {
    const { HTTPS_PROXY: own, ...others } = process.env;
    answers["/tokens/t1/value"] = Array.from({ length: 5 }, () => LOST);
    process.env = { ...others, HTTPS_PROXY: "http://127.0.0.1:9" };

    const { code, said } = await deliver().finally(() => {
      process.env = { ...others, ...(own === undefined ? {} : { HTTPS_PROXY: own }) };
    });

    expect(code).toBe(1);
    expect(said).toMatch(/PUT \/tokens\/t1\/value: [^(]+ \(Node uses HTTPS_PROXY from 22\.21/);
    expect(said).toContain(process.version);
    expect(said).toContain("Deploy again.");
  }, 30_000);

  test("stops when Terraform is gone: the next deploy may have delivered a newer value", async () => {
    const script = join(newFolder({ "deliver-token.mjs": deliveryScript }), "deliver-token.mjs");
    const start = `require("node:child_process").spawn(process.execPath, [process.argv[1]], { stdio: "inherit" });
      setInterval(() => {}, 1000);`;
    answers["/scripts/one/secrets"] = Array.from({ length: 4 }, () => refusal(503, "busy"));
    const env = environment(apiUrl(), { id: "d1", again: false });
    const terraform = spawn(process.execPath, ["-e", start, script], { env });
    let said = "";
    terraform.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const ended = new Promise((resolve) => terraform.on("close", resolve));
    while (calls.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));

    terraform.kill("SIGKILL");
    await ended;

    expect(said).toBe(
      "The Terraform that started this is gone. Deploy again: the next deploy delivers.\n",
    );
    expect(calls.map(({ path }) => path)).toEqual(["/tokens/t1/value", "/scripts/one/secrets"]);
  }, 30_000);
});
