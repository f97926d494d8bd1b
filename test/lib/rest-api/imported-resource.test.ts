import { describe, expect, test } from "@jest/globals";
import { TerraformStack, Testing } from "cdktf";
import { ImmutableRestResource } from "../../../lib/rest-api/immutable-rest-resource.js";
import { type RestImport, renderImportId } from "../../../lib/rest-api/import-id.js";
import { RestProvider, RestResource } from "../../../lib/rest-api/index.js";
import { only, synth } from "../new-stack.js";

const config = {
  path: "/things",
  body: { name: "one" },
  createQuery: { commit: ["true"] },
  createSelector: "result",
  readPath: "$(path)/$(body.id)",
  readSelector: "result.{name}",
  outputAttrs: ["name"],
} as const;

const importId = renderImportId({
  id: "/things/1",
  path: "/things",
  body: { name: null },
  readSelector: "result.{name}",
} satisfies RestImport);

function newRestStack(): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "rest");
  new RestProvider(stack, "restful", { baseUrl: "https://api.example.com" });
  return stack;
}

describe("an imported object of a REST API", () => {
  test("differs by nothing that only its creation asks for, and is created with it nevertheless", () => {
    const stack = newRestStack();
    new RestResource(stack, "thing", config).importFrom(importId);

    expect(only(synth(stack).resource?.restful_resource)).toEqual({
      path: "/things",
      body: { name: "one" },
      create_query: { commit: ["true"] },
      create_selector: "result",
      read_path: "$(path)/$(body.id)",
      read_selector: "result.{name}",
      lifecycle: { ignore_changes: ["create_query", "create_selector", "read_path"] },
    });
  });

  test("is completed in the state where an update or a deletion needs more than an import brings", () => {
    const stack = newRestStack();
    new RestResource(stack, "thing", { ...config, updateMethod: "PATCH" }).importFrom(importId);

    const thing = only(synth(stack).resource?.restful_resource);
    expect(thing).toMatchObject({ update_method: "PATCH", output_attrs: ["name"] });
    expect(thing.lifecycle).toBeUndefined();
  });

  test("keeps what else of it is left to the API", () => {
    const stack = newRestStack();
    const lifecycle = { ignoreChanges: ["body.elements"], preventDestroy: true };
    new RestResource(stack, "thing", { ...config, lifecycle }).importFrom(importId);

    expect(only(synth(stack).resource?.restful_resource).lifecycle).toEqual({
      ignore_changes: ["body.elements", "create_query", "create_selector", "read_path"],
      prevent_destroy: true,
    });
  });

  test("shows no more of an answer than is read of it", () => {
    const stack = newRestStack();
    const { readSelector: _, ...whole } = config;
    new RestResource(stack, "thing", whole).importFrom(importId);

    expect(only(synth(stack).resource?.restful_resource).output_attrs).toEqual(["name"]);
  });
});

describe("an object that cannot be changed", () => {
  const declared = (importing: boolean) => {
    const stack = newRestStack();
    const thing = new ImmutableRestResource(stack, "thing", config);
    if (importing) thing.importFrom(importId);
    const { resource, import: imports } = synth(stack);
    return { resource, thing: only(resource?.restful_resource), imported: imports?.[0]?.id };
  };
  const text = `2-\${substr(sha256(jsonencode(local.thingFingerprint)), 0, 16)}`;

  test("adds nothing to the state where it is imported, and keeps what it was declared as in its selector", () => {
    const { resource, thing, imported } = declared(true);

    expect(resource?.terraform_data).toBeUndefined();
    expect(JSON.parse(String(imported)).read_selector).toBe(`result.{name,"declared":!"${text}"}`);
    expect(thing.read_selector).toBe(`result.{name,"declared":!"${text}"}`);
    expect(thing.lifecycle).toMatchObject({
      ignore_changes: ["body", "read_selector", "create_query", "create_selector", "read_path"],
      postcondition: [
        { condition: expect.stringContaining('"declared') },
        { condition: expect.stringContaining(text) },
      ],
    });
    expect(thing.lifecycle).not.toHaveProperty("replace_triggered_by");
  });

  test("keeps it there, too, where a deploy makes it, told apart from what was imported", () => {
    const { resource, thing } = declared(false);

    expect(only(resource?.terraform_data)).toMatchObject({
      input: { name: "one" },
      triggers_replace: [text],
      lifecycle: { ignore_changes: ["triggers_replace"] },
    });
    expect(thing.read_selector).toBe(`result.{name,"made":!"${text}"}`);
    expect(thing.lifecycle).toMatchObject({
      ignore_changes: ["body", "read_selector"],
      replace_triggered_by: [expect.any(String)],
      postcondition: [{ condition: expect.stringContaining("thingDeclared.triggers_replace") }],
    });
  });
});
