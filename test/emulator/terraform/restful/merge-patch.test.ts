import { describe, expect, test } from "@jest/globals";
import {
  applyMergePatch,
  canonicalJson,
  createMergePatch,
  disjoint,
  without,
} from "../../../../emulator/terraform/restful/merge-patch.js";

describe("merge patch", () => {
  const before = { a: 1, b: { c: [1], d: null }, gone: true };
  const after = { b: { d: null, c: [2] }, a: 1, more: "x" };

  test("holds what differs and null for what is gone", () => {
    expect(createMergePatch(before, after)).toEqual({ b: { c: [2] }, gone: null, more: "x" });
  });

  test("applied to the first document gives the second one", () => {
    expect(applyMergePatch(before, createMergePatch(before, after))).toEqual(after);
  });
});

test.each([
  [{ a: { b: 1 } }, { a: { c: 1 } }, true],
  [{ a: { b: 1 } }, { a: { b: 2 } }, false],
  [{ a: 1 }, { a: { b: 2 } }, false],
  [{ a: null }, { a: null }, false],
  [[1], { a: 1 }, false],
  [{}, { a: 1 }, true],
])("disjoint(%j, %j) is %s", (left, right, expected) => {
  expect(disjoint(left, right)).toBe(expected);
});

test("without removes the named values, whatever they are, and the objects this empties", () => {
  const left = { a: { gone: "x" }, b: { gone: "x", kept: 1 }, c: 1 };
  const right = { a: { gone: null }, b: { gone: null }, c: null };
  expect(without(left, right)).toEqual({ b: { kept: 1 } });
});

test("canonicalJson writes as Go does: keys sorted, markup escaped", () => {
  expect(canonicalJson({ b: "<&>", a: [1.5, { d: 1, c: 2 }] })).toBe(
    '{"a":[1.5,{"c":2,"d":1}],"b":"\\u003c\\u0026\\u003e"}',
  );
});
