import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type App, TerraformStack, Testing } from "cdktf";
import { Cloudflare, type CloudflareProps } from "../../lib/index.js";
import { expectNoCanaryIn } from "../secrets/scan-for-canaries.js";
import { temporaryFolder } from "../secrets/temporary-folder.js";

/** A stack, with an account that is not read from the environment. */
export function newStack(
  props: CloudflareProps = {},
  name = "chat",
  app: App = Testing.app(),
): TerraformStack {
  const stack = new TerraformStack(app, name);
  new Cloudflare(stack, "cloudflare", {
    accountId: "account",
    baseUrl: "https://api.cloudflare.com/client/v4",
    aiGatewayBaseUrl: "https://gateway.ai.cloudflare.com/v1",
    ...props,
  });
  return stack;
}

type Block = Record<string, unknown>;

/** Terraform JSON as far as tests look into it. */
export interface Synthesized {
  readonly resource?: Record<string, Record<string, Block>>;
  readonly data?: Record<string, Record<string, Block>>;
  readonly output?: Record<string, { readonly value: unknown }>;
  readonly variable?: Record<string, Block>;
  readonly provider?: Record<string, Block[]>;
  readonly import?: { readonly id: string; readonly to: string }[];
  readonly removed?: Block[];
  readonly locals?: Record<string, Block>;
  readonly terraform?: Block;
}

/** The stack's JSON, after its validations. */
export function synth(stack: TerraformStack): Synthesized {
  const text = Testing.synth(stack, true);
  expectNoCanaryIn("what synth wrote", text);
  return JSON.parse(text);
}

/** The only block of a type. */
export function only(blocks: Record<string, Block> | undefined): Block {
  const [block, ...more] = Object.values(blocks ?? {});
  if (block === undefined || more.length > 0) {
    throw new Error(`expected one block, got ${Object.keys(blocks ?? {}).join(", ") || "none"}`);
  }
  return block;
}

/** What the validations say, one line each; empty where nothing is wrong. */
export function problemsOf(stack: TerraformStack): readonly string[] {
  try {
    Testing.synth(stack, true);
    return [];
  } catch (error) {
    expectNoCanaryIn("an error of synth", (error as Error).message);
    const lines = (error as Error).message.split("\n").map((line) => line.trim());
    return lines.filter((line) => line.startsWith("["));
  }
}

/** A folder with these files, outside the project. */
export function newFolder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder("lib-test-");
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** A bundle as esbuild writes it. */
export const newBundle = (
  code = "export default { fetch() { return new Response(); } };\n",
): string => join(newFolder({ "worker.js": code }), "worker.js");
