import { describe, expect, test } from "@jest/globals";
import { Selector } from "../../../../emulator/terraform/restful/selector.js";
import { SelectorError } from "../../../../emulator/terraform/restful/selector-reader.js";

const list = {
  r: [
    { id: 1, n: "a" },
    { id: 2, n: "b" },
  ],
};

describe("Selector", () => {
  // What gjson 1.18.0 answers to the same.
  test.each([
    [
      { result: { id: "x", a: null, b: { c: 1 } } },
      "result.{id,a,b,zz}",
      { id: "x", a: null, b: { c: 1 } },
    ],
    [{ result: { id: "x", b: { c: 1 } } }, 'result.{b.c,"n":id}', { c: 1, n: "x" }],
    [{ other: 1 }, "result.{id}", {}],
    [{ other: 1 }, "result", undefined],
    [list, "r.#", 2],
    [list, "r.#.id", [1, 2]],
    [list, 'r.#(n=="b").id', 2],
    [list, "r.#(n==b).id", 2],
    [list, "r.#(id==2)", { id: 2, n: "b" }],
    [list, 'r.#(n!="b")#.n', ["a"]],
    [list, 'r.#(n=="zz")', undefined],
    [list, 'r.#(n=="zz")#', []],
    [list, "r.#.{id}", [{ id: 1 }, { id: 2 }]],
    [list, "r.1.n", "b"],
    [{ "a.b": 1 }, "a\\.b", 1],
    [{ a: { "1": 2 } }, "a.1", 2],
    [{ a: 1 }, "@this", { a: 1 }],
    [{ a: 1, b: 2 }, "[a,b,c]", [1, 2]],
    [{ a: [1, 2] }, '{"len":a.#,"first":a.0}', { len: 2, first: 1 }],
    [{ a: "s" }, "a.b", undefined],
    [list, 'r.#(id=="none").{id}', undefined],
    [list, '[r.#(id=="none").n]', []],
    [{ __proto__: null, a: 1 }, "constructor", undefined],
    [
      list,
      'r.#.{id,"h":!{},"t":!"a.b","n":!null}',
      [1, 2].map((id) => ({ id, h: {}, t: "a.b", n: null })),
    ],
    [{ a: null }, '{"a":[a,!"d"].#(!=~null)}', { a: "d" }],
    [{}, '{"a":[a,!"d"].#(!=~null)}', { a: "d" }],
    [{ a: "" }, '{"a":[a,!"d"].#(!=~null)}', { a: "" }],
    [{ a: "null" }, '{"a":[a,!"d"].#(!=~null)}', { a: "null" }],
    [{ a: 0 }, '{"a":[a,!5].#(!=~null)}', { a: 0 }],
    [{ a: false }, '{"a":[a,!true].#(!=~null)}', { a: false }],
    [{ a: [1] }, '{"a":[a,!5].#(!=~null)}', { a: 5 }],
    [{ a: { b: 1 } }, '{"a":[a,!5].#(!=~null)}', { a: 5 }],
    [{ a: null }, '{"a":[a,!null].#(!=~null)}', {}],
    [{ a: null }, '{"a":[a.#(!=~null)#,![]].0}', { a: [] }],
    [{ a: [] }, '{"a":[a.#(!=~null)#,![]].0}', { a: [] }],
    [{ a: ["b", null] }, '{"a":[a.#(!=~null)#,![]].0}', { a: ["b"] }],
    [[null, 1, "a", {}, [1], false], "#(==~null)#", [null, {}, [1]]],
    [[null, 1, "a", {}, [1], false], "#(!=~null)#", [1, "a", false]],
    [[{ n: null }, { n: 1 }, {}, { n: { b: 1 } }], "#(n==~null)#", [{ n: null }, {}]],
    [[{ n: null }, { n: 1 }, {}, { n: [1] }], "#(n!=~null)#", [{ n: 1 }, { n: [1] }]],
    [[{ n: {} }, { n: 1 }], "#(n!=2)#", [{ n: 1 }]],
    [{ a: 1 }, '{"b":!-1.5,"c":![],a}', { b: -1.5, c: [], a: 1 }],
  ])("of %j takes %s", (document, selector, expected) => {
    expect(new Selector(selector).select(document)).toEqual(expected);
  });

  test.each([
    "a*",
    "a.?",
    "a|b",
    "@pretty",
    "a.@reverse",
    "{!x}",
    '{"a":!{b}}',
    "a..b",
    "{a",
    "r.#(n=~1)",
    "r.#(n==~true)",
    "r.#x",
    "",
  ])("%j is refused, with what is understood", (selector) => {
    expect(() => new Selector(selector)).toThrow(SelectorError);
    expect(() => new Selector(selector)).toThrow("The embedded provider reads keys");
  });
});
