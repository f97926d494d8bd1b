import { snakeCase } from "cdktf/lib/util";

/** Attributes of a block: names as Terraform writes them, `undefined` ones left out. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Meta arguments that cdktf renders itself. */
const metaArguments: ReadonlySet<string> = new Set([
  "dependsOn",
  "count",
  "provider",
  "lifecycle",
  "forEach",
  "provisioners",
  "connection",
]);

const namesInTerraform = new Map<string, string>();

/**
 * Names of the config's first level in Terraform's spelling; values untouched, because the keys of a
 * `body` belong to the API.
 *
 * Only what is set is listed: cdktf resolves every key three times, undefined ones too.
 */
export function renderAttributes(config: object): Attributes {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(config)) {
    if (value !== undefined && !metaArguments.has(name)) {
      attributes[nameInTerraform(name)] = value;
    }
  }
  return attributes;
}

function nameInTerraform(name: string): string {
  let known = namesInTerraform.get(name);
  if (known === undefined) {
    known = snakeCase(name);
    namesInTerraform.set(name, known);
  }
  return known;
}
