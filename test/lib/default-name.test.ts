import { describe, expect, test } from "@jest/globals";
import { nameFromPath } from "../../lib/default-name.js";
import { gatewayIdPattern } from "../../protocol/gateway-settings.js";

const gateway = { maxLength: 64, underscores: true } as const;
const script = { maxLength: 63, underscores: false } as const;

describe("a default name", () => {
  test.each([
    ["chat/gateway", "chat-gateway"],
    ["my-stack/gateway", "my-stack-gateway"],
    ["my_stack/the_gateway", "my_stack-the_gateway"],
  ])("reads as the path where that is unambiguous: %s", (path, name) => {
    expect(nameFromPath(path, gateway)).toBe(name);
  });

  test.each([
    ["my/stack-chat", "my-stack-chat"],
    ["my/stack/chat", "my-stack-chat"],
    ["Chat/gateway", "chat-gateway"],
    ["chat/gateway ", "chat-gateway"],
    ["chat", "chat"],
  ])("ends in a hash of the path where something is lost: %s", (path, words) => {
    expect(nameFromPath(path, gateway)).toMatch(new RegExp(`^${words}-[0-9a-f]{8}$`));
  });

  test("never is the same for paths that look alike", () => {
    const paths = [
      "a-b/c",
      "a/b-c",
      "a/b/c",
      "A/b/c",
      "a_b/c",
      "a/b_c",
      "a.b/c",
      "a--b/c",
      "a-b/c-",
      "-a-b/c",
      "a-b/C",
      "a b/c",
      "ä-b/c",
    ];

    for (const options of [gateway, script]) {
      expect(new Set(paths.map((path) => nameFromPath(path, options))).size).toBe(paths.length);
    }
  });

  test("is cut to its longest length, with a hash of the whole path", () => {
    // GIVEN
    const long = `${"stack".repeat(9)}/${"gateway".repeat(9)}`;

    // WHEN
    const names = [nameFromPath(long, gateway), nameFromPath(`${long}x`, gateway)];

    // THEN
    expect(names.map((name) => name.length)).toEqual([64, 64]);
    expect(new Set(names).size).toBe(2);
  });

  test("is legal for any path", () => {
    const paths = [
      "/",
      "---/---",
      "日本/語",
      "_/_",
      `${"a-".repeat(60)}/b`,
      `${"x".repeat(54)}-y-z/a`,
      "1/2",
    ];
    for (const path of paths) {
      expect(nameFromPath(path, gateway)).toMatch(gatewayIdPattern);
      expect(nameFromPath(path, gateway).length).toBeLessThanOrEqual(64);
      expect(nameFromPath(path, script)).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
    }
  });

  test("has no underscore where words have none", () => {
    expect(nameFromPath("chat/the_worker", script)).toMatch(/^chat-the-worker-[0-9a-f]{8}$/);
  });

  test("does not change between versions: another name would replace what is deployed", () => {
    expect(nameFromPath("my/stack-chat", gateway)).toMatchInlineSnapshot(
      `"my-stack-chat-af0abb82"`,
    );
  });
});
