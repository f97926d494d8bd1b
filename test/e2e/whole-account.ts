import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SecretBox } from "../../emulator/state/secret-box.js";
import { FOREIGN, secretsOf, type Variant } from "./whole-stack.js";
import type { Workbench } from "./workbench.js";

type Row = Record<string, unknown>;

/** What the account is made of, as the emulator keeps it: some of it no call tells. */
interface Kept {
  readonly gateways: readonly Row[];
  readonly scripts: readonly Row[];
  readonly products: Readonly<Record<string, readonly Row[]>>;
}

/** Every object of the account by its name and what can be changed of it; the foreign ones, too. */
export async function lookAtAccount(bench: Workbench): Promise<Record<string, unknown>> {
  const file = join(bench.directory, "emulator", "state.json");
  const { gateways, scripts, products } = JSON.parse(await readFile(file, "utf8")) as Kept;
  const rows = (name: string, ...keys: string[]) =>
    (products[name] ?? []).map((row) => keys.map((key) => row[key] ?? null)).sort();
  return {
    gateways: gateways.map(({ id, cache_ttl }) => [id, cache_ttl]).sort(),
    routes: (products.dynamic_routes ?? []).map((row) => [row.name, servedModel(row)]),
    keys: rows("provider_configs", "gateway_id", "provider_slug", "alias", "rate_limit"),
    secrets: (products.secret_stores ?? []).map(({ secrets }) =>
      (secrets as Row[]).map(({ name }) => name),
    ),
    providers: rows("custom_providers", "slug", "base_url"),
    domains: rows("gateway_domains", "gateway_id", "hostname", "zone_id"),
    datasets: rows("datasets", "gateway_id", "name", "enable"),
    evaluations: (products.evaluations ?? []).map(({ name, dataset_ids }) => [
      name,
      (dataset_ids as unknown[]).length,
    ]),
    policies: (products.policies ?? [])
      .map(({ gateway_id, committed }) => {
        const { name, action } = committed as Row;
        return [gateway_id, name, (action as Row).amount ?? null];
      })
      .sort(),
    tokens: rows("account_tokens", "name", "expires_on"),
    scripts: scripts.map(({ name }) => name),
  };
}

function servedModel({ versions, deployments }: Row): unknown {
  const { version_id } = (deployments as Row[]).at(-1) ?? {};
  const { elements = [] } = (versions as Row[]).find((one) => one.version_id === version_id) ?? {};
  const model = (elements as Row[]).find(({ type }) => type === "model");
  return (model?.properties as Row | undefined)?.model;
}

const foreign = {
  gateways: [[FOREIGN, 7]],
  providers: [[FOREIGN, "https://foreign.example.com"]],
  domains: [[FOREIGN, "ai.example.org", "f".repeat(32)]],
  datasets: [[FOREIGN, "test-good", true]],
  policies: [[FOREIGN, "test-everyone", null]],
};

/** What {@link lookAtAccount} says where nothing is missing, there twice, or somebody else's. */
export function wholeAccount(variant: Variant): Record<string, unknown> {
  const changed = variant === "changed";
  return {
    gateways: [["mine", changed ? 300 : 60], ...foreign.gateways],
    routes: [["support", `@cf/${variant}`]],
    keys: [["mine", "openai", "default", changed ? 100 : null]],
    secrets: [["mine_openai_default"]],
    providers: [["internal", `https://${variant}.example.com`], ...foreign.providers],
    domains: [["mine", "ai.example.com", (changed ? "1" : "0").repeat(32)], ...foreign.domains],
    datasets: [["mine", "test-all", true], ["mine", "test-good", !changed], ...foreign.datasets],
    evaluations: [["test-baseline", changed ? 2 : 1]],
    policies: [["mine", "test-everyone", changed ? 20 : 10], ...foreign.policies],
    tokens: [["test-token", changed ? "2099-01-31T00:00:00Z" : "2098-01-31T00:00:00Z"]],
    scripts: ["chat"],
  };
}

/** What {@link lookAtAccount} says where all that the stack declared is gone. */
export const foreignAccount = (): Record<string, unknown> => ({
  gateways: foreign.gateways,
  routes: [],
  keys: [],
  secrets: [[]],
  providers: foreign.providers,
  domains: foreign.domains,
  datasets: foreign.datasets,
  evaluations: [],
  policies: foreign.policies,
  tokens: [],
  scripts: [],
});

/** Whether every secret is where it is used, as of `variant`; what is wrong otherwise. */
export async function secretsInUse(bench: Workbench, variant: Variant): Promise<readonly string[]> {
  const { otel_token, header, openai_api_key } = secretsOf(variant);
  const wrong: string[] = [];
  const { outputs } = JSON.parse(await bench.readState()) as {
    outputs: { url: { value: string } };
  };
  const worker = (await (await fetch(outputs.url.value)).json()) as Row;
  if (worker.stage !== variant) wrong.push(`the Worker is of ${worker.stage}`);
  const verified = await fetch(
    `${bench.emulator.apiUrl}/accounts/${bench.emulator.accountId}/tokens/verify`,
    { headers: { authorization: `Bearer ${worker.token}` } },
  );
  if (verified.status !== 200) wrong.push(`the Worker's token is answered ${verified.status}`);
  const gateway = await bench.api("GET", "/ai-gateway/gateways/mine");
  if (!JSON.stringify(gateway.body.result).includes(otel_token)) wrong.push("otel's authorization");
  const providers = await bench.api("GET", "/ai-gateway/custom-providers");
  if (!JSON.stringify(providers.body.result).includes(header)) wrong.push("the provider's header");
  if ((await storedKey(bench)) !== openai_api_key) wrong.push("the provider's key");
  return wrong;
}

/** Nobody is told it but a Worker that binds it. */
async function storedKey(bench: Workbench): Promise<string | undefined> {
  const directory = join(bench.directory, "emulator");
  const { products } = JSON.parse(await readFile(join(directory, "state.json"), "utf8")) as Kept;
  const box = await SecretBox.open(join(directory, "key"), { create: false });
  const [store] = products.secret_stores ?? [];
  const [secret] = (store?.secrets ?? []) as Row[];
  return (
    secret &&
    box.unseal(String(secret.sealed), `the Secrets Store "${store?.id}", secret "${secret.name}"`)
  );
}
