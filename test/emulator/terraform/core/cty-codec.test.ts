import { describe, expect, test } from "@jest/globals";
import { decode, ExtData, encode } from "@msgpack/msgpack";
import {
  decodeStateJson,
  decodeValue,
  encodeValue,
} from "../../../../emulator/terraform/core/cty-codec.js";
import type { CtyType } from "../../../../emulator/terraform/core/cty-type.js";
import { Dynamic, UNKNOWN } from "../../../../emulator/terraform/core/cty-value.js";
import { fromJson, fromJsonAs, toJson } from "../../../../emulator/terraform/core/dynamic-json.js";
import {
  ExactDecimal,
  parseExactJson,
  stringifyExactJson,
} from "../../../../emulator/terraform/core/exact-json.js";

const HUGE = "123456789012345678901234567890";

describe("msgpack values", () => {
  test.each([
    [7, 7],
    [0.5, 0.5],
    ["0.1", 0.1],
    [9_007_199_254_740_993n, new ExactDecimal("9007199254740993")],
    [HUGE, new ExactDecimal(HUGE)],
    ["0.12345678901234567890123", new ExactDecimal("0.12345678901234567890123")],
  ])("the number %p is read without losing a digit", (wire, expected) => {
    expect(decodeValue(encode(wire, { useBigInt64: true }), "number")).toEqual(expected);
  });

  test.each([
    [7, 7],
    // As a double, Terraform would take it for another number than its own 0.1.
    [0.1, "0.1"],
    [new ExactDecimal(HUGE), HUGE],
  ])("the number %p is written as %p", (value, expected) => {
    expect(decode(encodeValue(value, "number"))).toBe(expected);
  });

  test("any extension is unknown, and unknown is extension 0", () => {
    const refined = encode(new ExtData(12, new Uint8Array([0x80])));
    expect(decodeValue(refined, "string")).toBe(UNKNOWN);
    expect(decode(encodeValue(UNKNOWN, "string"))).toEqual(new ExtData(0, new Uint8Array([0])));
  });

  test("a dynamic value goes back with the type it came with", () => {
    // GIVEN a map, which as an object would be another type
    const type: CtyType = ["map", "number"];
    const wire = encode([Buffer.from(JSON.stringify(type)), { a: 1 }]);
    // WHEN
    const value = decodeValue(wire, "dynamic");
    // THEN
    expect(value).toEqual(new Dynamic(type, { a: 1 }));
    expect(Buffer.from(encodeValue(value, "dynamic"))).toEqual(Buffer.from(wire));
  });

  test("an object has every attribute of its type, null when absent", () => {
    const type: CtyType = ["object", { a: "string", b: "bool" }];
    expect(decode(encodeValue({ a: "x" }, type))).toEqual({ a: "x", b: null });
  });

  test("a value of another kind is refused without being shown", () => {
    expect(() => encodeValue("secret", "bool")).toThrow('a string stands where "bool" is expected');
  });
});

describe("JSON", () => {
  test("keeps every digit of numbers, and text that looks like one", () => {
    const text = `{"n":${HUGE},"f":0.1,"e":1e3,"t":"${HUGE}","q":"a\\"${HUGE}"}`;
    const parsed = parseExactJson(text);
    expect(parsed).toEqual({
      n: new ExactDecimal(HUGE),
      f: 0.1,
      e: 1000,
      t: HUGE,
      q: `a"${HUGE}`,
    });
    expect(stringifyExactJson(parsed)).toBe(text.replace("1e3", "1000"));
  });

  test("of a state leaves out what the schema does not have and adds null for the rest", () => {
    const type: CtyType = ["object", { a: "string", d: "dynamic" }];
    const json = '{"z":1,"d":{"type":["tuple",["number"]],"value":[1]}}';
    expect(decodeStateJson(json, type)).toEqual({
      a: null,
      d: new Dynamic(["tuple", ["number"]], [1]),
    });
  });
});

describe("documents", () => {
  test("take objects and tuples for their own type", () => {
    expect(fromJson({ a: [1, "x", null] })).toEqual(
      new Dynamic(["object", { a: ["tuple", ["number", "string", "dynamic"]] }], {
        a: [1, "x", null],
      }),
    );
  });

  test("take the configured type, without keys it does not have", () => {
    const type: CtyType = ["object", { a: ["list", "number"], b: "string" }];
    expect(fromJsonAs({ a: [1, 2], c: 3 }, type)).toEqual(
      new Dynamic(type, { a: [1, 2], b: null }),
    );
  });

  test("change type only where a part does not fit", () => {
    const type: CtyType = ["object", { a: "number", b: ["list", "number"], c: "string" }];
    expect(fromJsonAs({ a: "soon", b: [1, "x"], c: "c" }, type)).toEqual(
      new Dynamic(["object", { a: "string", b: ["tuple", ["number", "string"]], c: "string" }], {
        a: "soon",
        b: [1, "x"],
        c: "c",
      }),
    );
  });

  test("show what is not known yet as null", () => {
    expect(toJson(new Dynamic(["object", { a: "string" }], { a: UNKNOWN }))).toEqual({ a: null });
  });
});
