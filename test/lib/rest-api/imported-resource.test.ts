import { describe, expect, test } from "@jest/globals";
import { Fn, TerraformStack, Testing } from "cdktf";
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

  test("that cannot be changed is the same one with its keys in another order", () => {
    const readOf = (body: object) => {
      const stack = newRestStack();
      new ImmutableRestResource(stack, "thing", { ...config, body }).importFrom(importId);
      return only(synth(stack).resource?.restful_resource).read_selector;
    };

    expect(readOf({ filters: [{ column: "model", limit: 1 }], name: "one" })).toBe(
      readOf({ name: "one", filters: [{ limit: 1, column: "model" }] }),
    );
    expect(readOf({ name: "two" })).not.toBe(readOf({ name: "one" }));
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

describe("an imported object that cannot be changed", () => {
  const imported = (name: string) => {
    const stack = newRestStack();
    new ImmutableRestResource(stack, "thing", { ...config, body: { name } }).importFrom(importId);
    const { resource, import: imports } = synth(stack);
    const spec = JSON.parse(String(imports?.[0]?.id)) as { read_selector: string };
    return { resource, thing: only(resource?.restful_resource), readSelector: spec.read_selector };
  };

  test("adds nothing to the state, and keeps what it was declared as in its selector", () => {
    const { resource, thing, readSelector } = imported("one");

    expect(resource?.terraform_data).toBeUndefined();
    expect(readSelector).toMatch(/^result\.\{name,"declared":!"1-[0-9a-f]{16}"\}$/);
    expect(thing.read_selector).toBe(readSelector);
    expect(thing.lifecycle).toMatchObject({
      ignore_changes: ["body", "create_query", "create_selector", "read_path", "read_selector"],
      postcondition: [
        { condition: expect.stringContaining('"declared"') },
        {
          condition: expect.stringContaining(
            /"declared":!("[\w-]+")/.exec(readSelector)?.[1] ?? "?",
          ),
        },
      ],
    });
    expect(thing.lifecycle).not.toHaveProperty("replace_triggered_by");
  });

  test("is known by what it names, wherever that is in the code and whenever it is imported", () => {
    const textsOf = (id: string, object: string) => {
      const stack = newRestStack();
      const named = new RestResource(stack, id, config);
      const body = { name: "one", of: Fn.basename(named.id) };
      const thing = new ImmutableRestResource(stack, "thing", { ...config, body });
      thing.importFrom(importId);
      named.importFrom(importId.replace("/things/1", `/things/${object}`));
      const { read_selector = "" } = Object.values(
        synth(stack).resource?.restful_resource ?? {},
      ).find(({ body }) => (body as { of?: string }).of !== undefined) as Record<string, string>;
      return (
        /"declared":!"([\w-]+)","declared_by_ids":!"([\w-]+)"/.exec(read_selector)?.slice(1) ?? []
      );
    };

    const [address, ids] = textsOf("first", "7");
    const [otherAddress, sameIds] = textsOf("renamed", "7");
    expect([otherAddress === address, sameIds === ids, ids === undefined]).toEqual([
      false,
      true,
      false,
    ]);
    expect(textsOf("first", "8")[1]).not.toBe(ids);
  });

  test("is told apart from one that is declared otherwise", () => {
    expect(imported("one").readSelector).toBe(imported("one").readSelector);
    expect(imported("one").readSelector).not.toBe(imported("two").readSelector);
  });
});
