import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { aiGatewaySchema } from "../../emulator/terraform/cloudflare/ai-gateway-resource-schema.js";
import { renderSchemaJson } from "../../emulator/terraform/core/schema-json.js";

const schemas = JSON.parse(
  readFileSync(join(__dirname, "schemas", "cloudflare-ai-gateway.json"), "utf8"),
).provider_schemas["registry.terraform.io/cloudflare/cloudflare"].resource_schemas;

test("the embedded cloudflare_ai_gateway has the real one's schema", () => {
  expect(renderSchemaJson(aiGatewaySchema)).toEqual(schemas.cloudflare_ai_gateway);
});
