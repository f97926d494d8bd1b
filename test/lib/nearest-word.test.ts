import { describe, expect, test } from "@jest/globals";
import { didYouMean, nearestWord } from "../../lib/nearest-word.js";

describe("the word that was meant", () => {
  test.each([
    ["cacheTTL", "cacheTtl"],
    ["rateLimitLimit", "rateLimitingLimit"],
    ["rateLimitInterval", "rateLimitingInterval"],
    ["authentification", "authentication"],
    ["gatewayID", "gatewayId"],
    ["dlpp", "dlp"],
  ])("of %s is %s", (word, meant) => {
    const words = [
      "gatewayId",
      "cacheTtl",
      "rateLimitingLimit",
      "rateLimitingInterval",
      "authentication",
      "dlp",
    ];

    expect(nearestWord(word, words)).toBe(meant);
  });

  test.each([
    ["Bus", "Hub"],
    ["odd", "otel"],
    ["secret", "storeId"],
    ["", "a"],
    ["retryMaxDelay", "retryMaxAttempts"],
  ])("is not guessed where %s is no slip for %s", (word, other) => {
    expect(nearestWord(word, [other])).toBeUndefined();
    expect(didYouMean(word, [other])).toBe("");
  });

  test("is not looked for letter by letter in a text that is much longer", () => {
    const started = performance.now();

    expect(nearestWord("x".repeat(1_000_000), ["x".repeat(1_000)])).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(200);
  });
});
