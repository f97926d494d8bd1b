import type { TerraformMetaArguments, TerraformResourceConfig } from "cdktf";
import { snakeCase } from "cdktf/lib/util";
import { REST_PROVIDER_VERSION } from "./version.js";

/** Attributes of a block: names as Terraform writes them, `undefined` ones left out. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Names in Terraform's spelling; meta arguments have none, because cdktf renders them itself. */
const namesInTerraform = new Map<string, string | undefined>(
  ["dependsOn", "count", "provider", "lifecycle", "forEach", "provisioners", "connection"].map(
    (name) => [name, undefined],
  ),
);

/**
 * Names of the config's first level in Terraform's spelling; values untouched, because the keys of a
 * `body` belong to the API.
 *
 * Only what is set is listed: cdktf resolves every key three times, undefined ones too.
 */
export function renderAttributes(config: object): Attributes {
  const given = config as Attributes;
  const attributes: Record<string, unknown> = {};
  for (const name in given) {
    const value = given[name];
    if (value === undefined) {
      continue;
    }
    const terraformName = nameInTerraform(name);
    if (terraformName !== undefined) {
      attributes[terraformName] = nested.has(name) ? renderNested(value) : value;
    }
  }
  return attributes;
}

/** Attributes whose own keys are Terraform's, too. */
const nested: ReadonlySet<string> = new Set(["poll", "pollCreate", "updateBodyPatches"]);

function renderNested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renderNested);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [snakeCase(name), renderNested(inner)]),
  );
}

function nameInTerraform(name: string): string | undefined {
  const known = namesInTerraform.get(name);
  if (known === undefined && !namesInTerraform.has(name)) {
    const terraformName = snakeCase(name);
    namesInTerraform.set(name, terraformName);
    return terraformName;
  }
  return known;
}

const generator = { providerName: "restful", providerVersion: REST_PROVIDER_VERSION };

/** What cdktf's own classes take: picked, because a spread of the whole config costs more than all else. */
export function resourceConfig(
  terraformResourceType: string,
  {
    dependsOn,
    count,
    provider,
    lifecycle,
    forEach,
    provisioners,
    connection,
  }: TerraformMetaArguments,
): TerraformResourceConfig {
  const config: {
    [Key in keyof TerraformResourceConfig]: TerraformResourceConfig[Key] | undefined;
  } = {
    terraformResourceType,
    terraformGeneratorMetadata: generator,
    dependsOn,
    count,
    provider,
    lifecycle,
    forEach,
    provisioners,
    connection,
  };
  // cdktf does not tell undefined from absent.
  return config as TerraformResourceConfig;
}
