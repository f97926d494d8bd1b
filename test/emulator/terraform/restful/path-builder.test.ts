import { describe, expect, test } from "@jest/globals";
import {
  expandPath,
  expandText,
  pathFault,
} from "../../../../emulator/terraform/restful/path-builder.js";

describe("expandPath", () => {
  test.each([
    ["$(path)/abc", "c", {}, "c/abc"],
    ["$(path)/$(path)", "a", {}, "a/a"],
    ["$(path)/$(body.name)", "c", { name: "abc" }, "c/abc"],
    ["$(body.name)", "", { name: "a+b/c d" }, "a+b%2Fc%20d"],
    ["$escape(body.name)", "", { name: "a@b:c=d&e$f!'()*;," }, "a@b:c=d&e$f%21%27%28%29%2A%3B%2C"],
    ["$unescape(body.name)", "", { name: "a+b%2Fc" }, "a+b/c"],
    ["$query_escape(body.name)", "", { name: "a+b/c" }, "a%2Bb%2Fc"],
    ["$query_unescape(body.name)", "", { name: "a+b%2Fc" }, "a b/c"],
    ["$trim_path(body.name)", "/a/b/", { name: "/a/b/c" }, "c"],
    ["$base(body.name)", "", { name: "/a/b/c" }, "c"],
    ["$url_path.trim_path(body.id)", "/foo", { id: "https://base/foo/bar/abc" }, "bar/abc"],
    ["$(body.id)", "", { id: 12 }, "12"],
  ])("%s below %s", (expression, path, body, expected) => {
    expect(expandPath(expression, path, body)).toBe(expected);
  });

  test("names the value the answer does not have", () => {
    expect(() => expandPath("$(path)/$(body.id)", "c", { name: "x" })).toThrow('needs "id"');
  });
});

test("expandText leaves values as they are and takes the whole body", () => {
  expect(expandText("is $(body.a), all $(body)", { a: "x/y" })).toBe('is x/y, all {"a":"x/y"}');
});

test.each([
  ["$nope(body.id)", '"nope"'],
  ["$(other)", "neither path nor body"],
])("pathFault finds the fault of %s", (expression, words) => {
  expect(pathFault(expression)).toContain(words);
});

test("pathFault finds none in a good expression", () => {
  expect(pathFault("$(path)/$escape.base(body.id)")).toBeUndefined();
});
