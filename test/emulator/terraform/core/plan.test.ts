import { describe, expect, test } from "@jest/globals";
import { UNKNOWN } from "../../../../emulator/terraform/core/cty-value.js";
import { planChange } from "../../../../emulator/terraform/core/plan.js";
import { bool, nested, string } from "../../../../emulator/terraform/core/schema.js";

const attributes = {
  id: string("computed", { stable: true }),
  name: string("required", { forcesReplacement: true }),
  size: string("optional"),
  etag: string("computed"),
  on: bool("optional+computed", { default: false }),
  mode: string("optional+computed"),
  hidden: string("optional", { writeOnly: true }),
  inner: nested("list", "optional", { a: string("optional"), b: string("computed") }),
};
const config = {
  id: null,
  name: "n",
  size: "s",
  etag: null,
  on: null,
  mode: null,
  hidden: "given once",
  inner: [{ a: "x", b: null }],
};
const prior = {
  ...config,
  id: "1",
  etag: "e",
  on: false,
  mode: "m",
  hidden: null,
  inner: [{ a: "x", b: "y" }],
};

describe("planChange", () => {
  test("a new object has its defaults, and is open where the provider decides", () => {
    expect(planChange(attributes, null, config, config)).toEqual({
      planned: {
        ...config,
        id: UNKNOWN,
        etag: UNKNOWN,
        on: false,
        mode: UNKNOWN,
        hidden: null,
        inner: [{ a: "x", b: UNKNOWN }],
      },
      requiresReplace: [],
    });
  });

  test("nothing changed is nothing planned", () => {
    expect(planChange(attributes, prior, prior, config).planned).toEqual(prior);
  });

  test("a change opens computed values, but not the stable ones", () => {
    const proposed = { ...prior, size: "t" };
    expect(planChange(attributes, prior, proposed, { ...config, size: "t" })).toMatchObject({
      planned: { id: "1", etag: UNKNOWN, mode: UNKNOWN, on: false, inner: [{ b: UNKNOWN }] },
      requiresReplace: [],
    });
  });

  test("an attribute that cannot be changed replaces the object", () => {
    const proposed = { ...prior, name: "other" };
    expect(
      planChange(attributes, prior, proposed, { ...config, name: "other" }).requiresReplace,
    ).toEqual(["name"]);
  });
});
