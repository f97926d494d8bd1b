import { describe, expect, test } from "@jest/globals";
import { Fn, TerraformStack, Testing } from "cdktf";
import { DeclaredFingerprint } from "../../../lib/rest-api/declared-fingerprint.js";
import { renderImportId } from "../../../lib/rest-api/import-id.js";
import { RestProvider, RestResource } from "../../../lib/rest-api/index.js";
import { RestDataSource } from "../../../lib/rest-api/rest-data-source.js";
import { synth } from "../new-stack.js";

const config = { path: "/things", body: {}, readSelector: "result.{name}" } as const;

function newRestStack(): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "rest");
  new RestProvider(stack, "restful", { baseUrl: "https://api.example.com" });
  return stack;
}

/** The texts that an import keeps: of local values by what these are. */
function keptAtImport(stack: TerraformStack, body: object): readonly unknown[] {
  const fingerprint = new DeclaredFingerprint(stack, "fingerprint", body);
  fingerprint.isOfImport = true;
  const { locals = {} } = synth(stack);
  return fingerprint.textsAtImport.map((text) => {
    const [, name] =
      /^2-\$\{substr\(sha256\(jsonencode\(local\.([\w-]+)\)\), 0, 16\)\}$/.exec(text) ?? [];
    return name === undefined ? text : locals[name];
  });
}

describe("what an imported object was declared as", () => {
  test("is kept as it is where it refers to nothing", () => {
    expect(keptAtImport(newRestStack(), { name: "one", text: `$\${no.reference}` })).toEqual([
      { name: "one", text: `$\${no.reference}` },
    ]);
  });

  test("has what is imported, too, by its id, whenever that is said", () => {
    const kept = (id: string, object: string) => {
      const stack = newRestStack();
      const named = new RestResource(stack, id, config);
      const fingerprint = { name: "one", of: [Fn.basename(named.id)] };
      named.importFrom(
        renderImportId({ id: `/things/${object}`, path: "/things", body: {}, readSelector: "x" }),
      );
      return keptAtImport(stack, fingerprint);
    };

    expect(kept("first", "7")).toEqual([{ name: "one", of: [`\${basename("7")}`] }]);
    expect(kept("renamed", "7")).toEqual(kept("first", "7"));
  });

  test("has what is looked up both by the answer and by where it is found", () => {
    const kept = (id: string, path: string) => {
      const stack = newRestStack();
      const types = new RestDataSource(stack, id, { path, selector: "result" });
      return keptAtImport(stack, { types: types.getListAttribute("output") });
    };

    const [answer, place] = kept("types", "/types");
    expect(answer).toEqual({ types: `\${data.restful_resource.types.output}` });
    expect(place).toEqual({ types: expect.stringMatching(/^\$\{"[0-9a-f]{16}"\}$/) });
    expect(kept("renamed", "/types")[1]).toEqual(place);
    expect(kept("types", "/others")[1]).not.toEqual(place);
  });

  test.each(["not-imported", "of-another-type"])(
    "has by its address what may yet have to be created: %s",
    (which) => {
      const kept = (order: (of: string) => object) => {
        const stack = newRestStack();
        const { id } = new RestResource(stack, "named", config);
        return keptAtImport(
          stack,
          order(which === "not-imported" ? Fn.basename(id) : `\${other_zone.mine.id}`),
        );
      };

      const [text, ...more] = kept((of) => ({ name: "one", of }));
      expect([text, more]).toEqual([expect.stringMatching(/^2-[0-9a-f]{16}$/), []]);
      expect(kept((of) => ({ of, name: "one" }))).toEqual([text]);
      expect(kept((of) => ({ of, name: "two" }))).not.toEqual([text]);
    },
  );
});
