/**
 * Synthesis of 1,000 gateways with `AiGateway`, against the same JSON from plain cdktf resources, whose
 * values are ready before the clock starts.
 *
 *     npx tsx bench/synth.ts [rounds]
 *
 * Each round runs both in fresh processes, one right after the other, each first in every second round. The
 * ratio is the median of the rounds' ratios, because the load of a machine drifts between rounds; that of
 * the two fastest runs, which load disturbs least, stands beside it. Ends with 1 where the outputs
 * differ or the goal is missed.
 */
import { deepStrictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  App,
  TerraformDataSource,
  TerraformElement,
  TerraformResource,
  TerraformStack,
} from "cdktf";
import { Construct } from "constructs";
import { AiGateway, Cloudflare } from "../lib/index.js";

const GATEWAYS = 1_000;
const GOAL = 1.05;
const variants = ["plain", "ours"] as const;
type Variant = (typeof variants)[number];

const settings = (index: number) => ({
  cacheTtl: index,
  rateLimitingLimit: 100,
  rateLimitingInterval: 60,
  rateLimitingTechnique: "sliding" as const,
  retryMaxAttempts: 3,
});

function defineOurs(stack: TerraformStack): void {
  for (let index = 0; index < GATEWAYS; index++) {
    new AiGateway(stack, `gateway${index}`, settings(index));
  }
}

/** Blocks of a stack's JSON: type → name → attributes. */
type Blocks = Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;

interface StackJson {
  readonly resource: Blocks;
  readonly data: Blocks;
  readonly locals: object;
  readonly import: readonly { readonly to: string }[];
  readonly removed: readonly object[];
}

const config = (type: string) => ({
  terraformResourceType: type,
  terraformGeneratorMetadata: { providerName: "restful", providerVersion: "0.25.2" },
});

/** What a user would write without this library, attribute by attribute. */
class PlainResource extends TerraformResource {
  readonly #attributes: Record<string, unknown>;

  constructor(
    scope: Construct,
    id: string,
    type: string,
    { depends_on, lifecycle, ...attributes }: Record<string, unknown>,
  ) {
    super(scope, id, config(type));
    this.#attributes = attributes;
    if (depends_on !== undefined) this.dependsOn = depends_on as string[];
    if (lifecycle !== undefined) this.lifecycle = lifecycleOf(lifecycle as LifecycleJson);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return this.#attributes;
  }
}

interface LifecycleJson {
  readonly ignore_changes?: string[];
  readonly postcondition?: readonly {
    readonly condition: string;
    readonly error_message: string;
  }[];
}

/** In cdktf's words again, which render it. */
const lifecycleOf = ({ ignore_changes, postcondition }: LifecycleJson) => ({
  ...(ignore_changes && { ignoreChanges: ignore_changes }),
  ...(postcondition && {
    postcondition: postcondition.map(({ condition, error_message }) => ({
      condition,
      errorMessage: error_message,
    })),
  }),
});

class PlainData extends TerraformDataSource {
  readonly #attributes: Record<string, unknown>;

  constructor(scope: Construct, id: string, type: string, attributes: Record<string, unknown>) {
    super(scope, id, config(type));
    this.#attributes = attributes;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return this.#attributes;
  }
}

class PlainBlock extends TerraformElement {
  readonly #block: object;

  constructor(scope: Construct, id: string, block: object) {
    super(scope, id);
    this.#block = block;
  }

  override toTerraform(): object {
    return this.#block;
  }
}

/** The same blocks, with every value ready: what is left is cdktf's own work. */
function definePlain(stack: TerraformStack, json: StackJson): void {
  const scopes = new Map<string, Construct>([["cloudflare", Cloudflare.of(stack)]]);
  const scopeOf = (path: readonly string[]): Construct =>
    path.reduce<Construct>((outer, id) => {
      const found = outer.node.tryFindChild(id) ?? scopes.get(id);
      return (found as Construct | undefined) ?? new Construct(outer, id);
    }, stack);
  const each = (
    blocks: Blocks,
    define: (
      scope: Construct,
      id: string,
      type: string,
      attributes: Record<string, unknown>,
    ) => void,
  ) => {
    for (const [type, named] of Object.entries(blocks)) {
      for (const { "//": note, ...attributes } of Object.values(named)) {
        const { path } = (note as { metadata: { path: string } }).metadata;
        const [, ...ids] = path.split("/");
        define(scopeOf(ids.slice(0, -1)), ids.at(-1) ?? "", type, attributes);
      }
    }
  };
  each(json.data, (...args) => new PlainData(...args));
  each(json.resource, (...args) => new PlainResource(...args));
  new PlainBlock(stack, "locals", { locals: json.locals });
  for (const [index, removed] of json.removed.entries()) {
    new PlainBlock(stack, `more${index}`, { removed: [removed], import: [json.import[index]] });
  }
}

/** Milliseconds from the first construct to the JSON on disk. */
function synth(variant: Variant, outdir: string): number {
  const json = variant === "plain" ? readJson(join(outdir, "../ours")) : undefined;
  const start = performance.now();
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "bench");
  new Cloudflare(stack, "cloudflare", { accountId: "account" });
  if (json === undefined) defineOurs(stack);
  else definePlain(stack, json);
  app.synth();
  return performance.now() - start;
}

const readJson = (outdir: string): StackJson =>
  JSON.parse(readFileSync(join(outdir, "stacks/bench/cdk.tf.json"), "utf8"));

function inFreshProcess(variant: Variant, outdir: string): number {
  const out = execFileSync(process.execPath, [...process.execArgv, __filename, variant, outdir]);
  return Number(out.toString());
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

function main(rounds: number): void {
  const root = mkdtempSync(join(tmpdir(), "bench-synth-"));
  const times: Record<Variant, number[]> = { plain: [], ours: [] };
  try {
    // What the plain blocks are read from.
    inFreshProcess("ours", join(root, "ours"));
    for (let round = 0; round < rounds; round++) {
      for (const variant of round % 2 === 0 ? variants : [...variants].reverse()) {
        times[variant].push(inFreshProcess(variant, join(root, variant)));
      }
    }
    const [plain, ours] = variants.map((variant) => readJson(join(root, variant)));
    deepStrictEqual(ours, plain);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  const ratio = median(times.ours.map((ours, round) => ours / (times.plain[round] ?? Number.NaN)));
  for (const variant of variants) {
    const range = `${Math.min(...times[variant]).toFixed(0)} to ${Math.max(...times[variant]).toFixed(0)}`;
    console.log(`${variant.padEnd(7)} ${median(times[variant]).toFixed(0)} ms (${range})`);
  }
  console.log(`fastest ${(Math.min(...times.ours) / Math.min(...times.plain)).toFixed(3)}`);
  console.log(`ratio   ${ratio.toFixed(3)} (goal: at most ${GOAL}), ${rounds} rounds, same JSON`);
  process.exitCode = ratio <= GOAL ? 0 : 1;
}

const [first = "20", outdir] = process.argv.slice(2);
if (outdir === undefined) {
  main(Number(first));
} else {
  console.log(synth(first as Variant, outdir));
}
