import { describe, expect, test } from "@jest/globals";
import { patchBody } from "../../../../emulator/terraform/restful/body-patches.js";

const body = { name: "a", limits: { cpu: 1, memory: 2 }, rules: [{ id: 1 }, { id: 2 }] };

const patch = (path: string, more: { raw_json?: string; removed?: boolean }) => [
  { path, raw_json: null, removed: null, ...more },
];

describe("update_body_patches", () => {
  test.each([
    ["limits.cpu", { name: "a", limits: { memory: 2 }, rules: [{ id: 1 }, { id: 2 }] }],
    ["rules.0", { name: "a", limits: { cpu: 1, memory: 2 }, rules: [{ id: 2 }] }],
    ["nothing.here", body],
    ["", {}],
  ])("leave out %p", (path, patched) => {
    expect(patchBody(body, patch(path, { removed: true }), undefined)).toEqual(patched);
  });

  test.each([
    ["limits.cpu", "3", { ...body, limits: { cpu: 3, memory: 2 } }],
    ["rules.1.id", '"x"', { ...body, rules: [{ id: 1 }, { id: "x" }] }],
    ["made.on.the.way", "true", { ...body, made: { on: { the: { way: true } } } }],
    ["made.0.here", "true", { ...body, made: [{ here: true }] }],
    ["rules.3.id", "3", { ...body, rules: [{ id: 1 }, { id: 2 }, null, { id: 3 }] }],
    ["limits.0", "3", { ...body, limits: { cpu: 1, memory: 2, 0: 3 } }],
    ["rules.none", "3", body],
    ["", '{"id":"$(body.id)"}', { id: "seven" }],
  ])("put something at %p", (path, raw_json, patched) => {
    expect(patchBody(body, patch(path, { raw_json }), { id: "seven" })).toEqual(patched);
  });

  test("that are not there change nothing", () => {
    expect(patchBody(body, null, undefined)).toEqual(body);
  });
});
