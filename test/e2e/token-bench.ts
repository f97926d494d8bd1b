import { readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { AiGateway, AiGatewayToken, type AiGatewayTokenProps, Worker } from "../../lib/index.js";
import { canary, watchSecret } from "../secrets/canary.js";
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

export type TokenSettings = AiGatewayTokenProps & {
  /** Ids of the Workers that get the token. @default one, "worker" */
  readonly workers?: readonly string[];
  readonly importFrom?: string;
  readonly changedCode?: boolean;
};

interface Asked {
  readonly status: number;
  readonly internalCode?: number;
  readonly value?: string;
}

/** A gateway that asks for a token, and two Workers, "worker" and "second", that may get it. */
export class TokenBench {
  readonly bench: Workbench;
  /** What was printed and kept. A value is known only later, so it is looked for at the end. */
  readonly texts: string[] = [];
  /** Values the token had. */
  readonly values = new Set<string>();
  readonly #provider: Server;
  readonly #bundle: string;

  private constructor(bench: Workbench, provider: Server, bundle: string) {
    this.bench = bench;
    this.#provider = provider;
    this.#bundle = bundle;
  }

  static async start(): Promise<TokenBench> {
    const provider = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end('{"choices":[]}');
    });
    await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
    const bench = await Workbench.start({ upstreams: { openai: { baseUrl } } });
    const bundle = join(bench.directory, "worker.js");
    await writeFile(bundle, code);
    return new TokenBench(bench, provider, bundle);
  }

  /** @throws where a value of the token was to be seen */
  async close(): Promise<void> {
    await this.bench.close();
    this.#provider.close();
    this.expectUnseen();
  }

  /** That no value of the token, nor the one that made it, is in what was printed and kept so far. */
  expectUnseen(): void {
    const texts = this.texts.join("\n");
    for (const value of [...this.values, this.bench.emulator.apiToken])
      if (texts.includes(value)) throw new Error("A token is readable in what a deploy left.");
  }

  /** @param settings None: the Workers without a token. */
  declare(settings?: TokenSettings): void {
    this.bench.synth((stack) => {
      const gateway = new AiGateway(stack, "gateway", { authentication: true });
      const { workers = ["worker"], importFrom, changedCode, ...props } = settings ?? {};
      const token = settings === undefined ? undefined : new AiGatewayToken(stack, "token", props);
      for (const id of ["worker", "second"]) {
        const vars = { GATEWAY_URL: gateway.providerUrl("openai"), CHANGED: String(changedCode) };
        const worker = new Worker(stack, id, { bundle: this.#bundle, vars });
        new TerraformOutput(stack, `${id}_url`, { value: worker.url });
        if (workers.includes(id)) token?.deliverTo(worker, "AI_GATEWAY_TOKEN");
      }
      if (token === undefined) return;
      if (importFrom !== undefined) token.importFrom(importFrom);
      new TerraformOutput(stack, "token_id", { value: token.tokenId });
    });
  }

  async deploy(): Promise<void> {
    const { stdout, stderr } = await this.bench.apply();
    this.texts.push(stdout, stderr, await this.bench.readState());
  }

  /** Deploys, and looks before and after at what is to be done. @returns what was done */
  async apply(): Promise<Record<string, string>> {
    const planned = await this.bench.plan();
    const synthesized = await readFile(join(this.bench.stackDirectory, "cdk.tf.json"), "utf8");
    this.texts.push(planned.text, synthesized);
    await this.deploy();
    expect((await this.bench.plan()).changes).toEqual([]);
    return actions(planned.changes);
  }

  /** What a Worker's question to the gateway came to, and which token it asked with. */
  async ask(id = "worker"): Promise<Asked> {
    const url = `${await this.bench.output(`${id}_url`)}/value`;
    const headers = { authorization: `Bearer ${canary("a provider's key")}` };
    const asked = (await (await fetch(url, { headers })).json()) as Asked;
    if (asked.value !== undefined) {
      this.values.add(asked.value);
      watchSecret(`value ${this.values.size} of the token`, asked.value);
    }
    return asked;
  }

  async tokens(): Promise<{ id: string }[]> {
    return (await this.bench.api("GET", "/tokens")).body.result as { id: string }[];
  }

  /** Has Terraform forget the token, and with it nothing else. */
  async forget(): Promise<void> {
    const listed = (await this.bench.terraform("state", "list")).stdout.split("\n");
    const address = listed.find((one) => /^restful_resource\.token_[0-9A-F]+$/.test(one)) ?? "";
    expect((await this.bench.terraform("state", "rm", address)).code).toBe(0);
  }
}

/** What a plan does, by construct: a part of one is named beside it. */
const actions = (changes: readonly ResourceChange[]): Record<string, string> =>
  Object.fromEntries(
    changes.map(({ address, change }) => [
      address
        .replace(/^[a-z_]+\./, "")
        .replace(/_[0-9A-F]{8}$/, "")
        .replace(/_(Delivery|Secret).*$/, " $1"),
      change.actions.join(" then "),
    ]),
  );
