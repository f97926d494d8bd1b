import { expect, test } from "@jest/globals";
import { redact } from "../../../../emulator/terraform/core/redact.js";

test("a secret is left out, in plain and in JSON's spelling", () => {
  expect(redact('got pa"ss and "pa\\"ss"', ['pa"ss'])).toBe('got (secret) and "(secret)"');
});

test("a secret too short to be told from other text withholds the whole of it", () => {
  expect(redact("code 42 is wrong", ["42"])).not.toContain("42");
});

test("a text without secrets stays, and a long one ends", () => {
  expect(redact("fine", ["other", ""])).toBe("fine");
  expect(redact("x".repeat(5_000), []).length).toBeLessThan(2_010);
});
