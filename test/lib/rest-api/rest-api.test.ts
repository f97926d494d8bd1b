import { describe, expect, test } from "@jest/globals";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import {
  RestDataSource,
  RestOperation,
  RestProvider,
  RestResource,
} from "../../../lib/rest-api/index.js";
import { only, problemsOf, synth } from "../new-stack.js";

function newRestStack(): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "rest");
  new RestProvider(stack, "restful", { baseUrl: "https://api.example.com" });
  return stack;
}

describe("the L1 of magodo/restful", () => {
  test("writes a provider in Terraform's spelling, with version and alias", () => {
    const stack = new TerraformStack(Testing.app(), "rest");
    new RestProvider(stack, "restful", {
      baseUrl: "https://api.example.com",
      client: { retry: { statusCodes: [429], maxWaitInSec: 5 } },
      version: "0.26.0",
      alias: "other",
    });

    expect(synth(stack)).toEqual({
      provider: {
        restful: [
          {
            alias: "other",
            base_url: "https://api.example.com",
            client: { retry: { status_codes: [429], max_wait_in_sec: 5 } },
          },
        ],
      },
      terraform: {
        required_providers: { restful: { source: "magodo/restful", version: "0.26.0" } },
      },
    });
  });

  test("leaves the keys of a body as the API spells them", () => {
    // GIVEN
    const stack = newRestStack();
    const body = { camelCase: 1, snake_case: null, nested: { "kebab-case": [true] } };

    // WHEN
    new RestResource(stack, "thing", { path: "/things", body, readPath: "$(path)/$(body.id)" });

    // THEN
    expect(only(synth(stack).resource?.restful_resource)).toEqual({
      path: "/things",
      body,
      read_path: "$(path)/$(body.id)",
    });
  });

  test("writes meta arguments once, as cdktf does", () => {
    // GIVEN
    const stack = newRestStack();
    const first = new RestResource(stack, "first", { path: "/a", body: {} });

    // WHEN
    new RestOperation(stack, "again", {
      path: first.id,
      method: "PUT",
      ephemeralBody: { text: "x" },
      outputAttrs: ["id"],
      dependsOn: [first],
      lifecycle: { replaceTriggeredBy: [first] },
    });

    // THEN
    expect(only(synth(stack).resource?.restful_operation)).toEqual({
      path: `\${restful_resource.first.id}`,
      method: "PUT",
      ephemeral_body: { text: "x" },
      output_attrs: ["id"],
      depends_on: ["restful_resource.first"],
      lifecycle: { replace_triggered_by: [`\${restful_resource.first}`] },
    });
  });

  test("reads a path, which the provider calls the id, and gives parts of the answer", () => {
    // GIVEN
    const stack = newRestStack();

    // WHEN
    const source = new RestDataSource(stack, "account", { path: "/account", selector: "result" });
    new TerraformOutput(stack, "name", { value: source.output("name") });

    // THEN
    const { data, output } = synth(stack);
    expect(only(data?.restful_resource)).toEqual({ id: "/account", selector: "result" });
    expect(output?.name?.value).toBe(`\${data.restful_resource.account.output.name}`);
  });

  test("fails at synth in a stack without the provider", () => {
    const stack = new TerraformStack(Testing.app(), "rest");
    new RestResource(stack, "thing", { path: "/things", body: {} });

    expect(problemsOf(stack)).toEqual([
      expect.stringContaining("for the following providers: restful"),
    ]);
  });
});
