import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { cloudflareProvider } from "../../emulator/terraform/cloudflare/provider.js";
import type { ProviderDefinition } from "../../emulator/terraform/core/provider-definition.js";
import type { Schema } from "../../emulator/terraform/core/schema.js";
import { renderSchemaJson } from "../../emulator/terraform/core/schema-json.js";
import { restfulProvider } from "../../emulator/terraform/restful/provider.js";

interface ProviderSchemas {
  readonly provider?: unknown;
  readonly resource_schemas?: Record<string, unknown>;
  readonly data_source_schemas?: Record<string, unknown>;
}

const folder = process.env.PROVIDER_SCHEMAS;
if (folder === undefined) {
  console.warn(
    "SKIPPED: the environment variable PROVIDER_SCHEMAS is not set. It names a folder with the " +
      "output of `terraform providers schema -json` of magodo/restful 0.25.2 and " +
      "cloudflare/cloudflare 5.14.0, in files that end in .json; without it the schemas are " +
      "compared with nothing.",
  );
}

// Beside the folder: what collections of the most used resources leave out.
const real = readSchemas(join(__dirname, "schemas"), ...(folder === undefined ? [] : [folder]));

(folder === undefined ? describe.skip : describe)("the embedded providers", () => {
  describe.each([restfulProvider, cloudflareProvider({})] as ProviderDefinition<never>[])(
    "$source",
    (provider) => {
      test.each(served(provider))("$kind $name is the real one's, but for prose", (block) => {
        // GIVEN
        const theirs = pick(real[provider.source], block.kind, block.name);
        // WHEN
        const ours = renderSchemaJson(block.schema);
        // THEN
        expect(theirs).toBeDefined();
        expect(ours).toEqual(withoutProse(theirs));
      });
    },
  );
});

type Kind = "provider" | "resource" | "data source";
interface Block {
  readonly kind: Kind;
  readonly name: string;
  readonly schema: Schema;
}

function served(provider: ProviderDefinition<never>): Block[] {
  const blocks = (kind: Kind, table: Record<string, { readonly schema: Schema }>) =>
    Object.entries(table).map(([name, { schema }]) => ({ kind, name, schema }));
  return [
    { kind: "provider", name: provider.source, schema: provider.schema },
    ...blocks("resource", provider.resources),
    ...blocks("data source", provider.dataSources),
  ];
}

function pick(schemas: ProviderSchemas | undefined, kind: Kind, name: string): unknown {
  if (kind === "provider") return schemas?.provider;
  return kind === "resource"
    ? schemas?.resource_schemas?.[name]
    : schemas?.data_source_schemas?.[name];
}

/** By short key, whichever registry the file names; several files of one provider add up. */
function readSchemas(...paths: string[]): Record<string, ProviderSchemas> {
  const all: Record<string, ProviderSchemas> = {};
  const files = paths.flatMap((path) => readdirSync(path).map((name) => join(path, name)));
  for (const file of files.filter((name) => name.endsWith(".json"))) {
    const { provider_schemas: found = {} } = JSON.parse(readFileSync(file, "utf8"));
    for (const [key, schemas] of Object.entries<ProviderSchemas>(found)) {
      const source = key.split("/").slice(-2).join("/");
      all[source] = merge(all[source] ?? {}, schemas);
    }
  }
  return all;
}

function merge(left: ProviderSchemas, right: ProviderSchemas): ProviderSchemas {
  return {
    provider: right.provider ?? left.provider,
    resource_schemas: { ...left.resource_schemas, ...right.resource_schemas },
    data_source_schemas: { ...left.data_source_schemas, ...right.data_source_schemas },
  };
}

/** Without descriptions, at every depth; an attribute that happens to be called so stays. */
function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => !(/^description(_kind)?$/.test(key) && typeof item === "string"))
      .map(([key, item]) => [key, withoutProse(item)]),
  );
}
