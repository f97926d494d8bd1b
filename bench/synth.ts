/**
 * Synthesis of 1,000 gateways with `AiGateway`, against the same JSON from plain cdktf resources.
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
import { App, TerraformResource, TerraformStack } from "cdktf";
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

/** What a user would write without this library, attribute by attribute. */
class PlainGateway extends TerraformResource {
  readonly #attributes: Record<string, unknown>;

  constructor(scope: Construct, id: string, attributes: Record<string, unknown>) {
    super(scope, id, {
      terraformResourceType: "restful_resource",
      terraformGeneratorMetadata: { providerName: "restful", providerVersion: "0.25.2" },
    });
    this.#attributes = attributes;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return this.#attributes;
  }
}

function definePlain(stack: TerraformStack): void {
  const path = `/accounts/${Cloudflare.of(stack).accountId}/ai-gateway/gateways`;
  for (let index = 0; index < GATEWAYS; index++) {
    // In a construct of its own, because the path of each construct is part of the JSON.
    new PlainGateway(new Construct(stack, `gateway${index}`), "Resource", {
      path,
      body: {
        id: `bench-gateway${index}`,
        cache_ttl: index,
        cache_invalidate_on_update: false,
        collect_logs: true,
        rate_limiting_interval: 60,
        rate_limiting_limit: 100,
        rate_limiting_technique: "sliding",
        authentication: false,
        log_management: 100_000,
        log_management_strategy: "STOP_INSERTING",
        retry_max_attempts: 3,
        retry_delay: null,
        retry_backoff: null,
      },
      create_selector: "result",
      read_path: "$(path)/$(body.id)",
      read_selector:
        "result.{id,cache_ttl,cache_invalidate_on_update,collect_logs,rate_limiting_interval,rate_limiting_limit,rate_limiting_technique,authentication,log_management,log_management_strategy,retry_max_attempts,retry_delay,retry_backoff}",
      force_new_attrs: ["id"],
      output_attrs: ["id"],
      write_only_attrs: ["retry_max_attempts", "retry_delay", "retry_backoff"],
    });
  }
}

/** Milliseconds from the first construct to the JSON on disk. */
function synth(variant: Variant, outdir: string): number {
  const start = performance.now();
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "bench");
  new Cloudflare(stack, "cloudflare", { accountId: "account" });
  (variant === "ours" ? defineOurs : definePlain)(stack);
  app.synth();
  return performance.now() - start;
}

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
    for (let round = 0; round < rounds; round++) {
      for (const variant of round % 2 === 0 ? variants : [...variants].reverse()) {
        times[variant].push(inFreshProcess(variant, join(root, variant)));
      }
    }
    const [plain, ours] = variants.map((variant) =>
      JSON.parse(readFileSync(join(root, variant, "stacks/bench/cdk.tf.json"), "utf8")),
    );
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
