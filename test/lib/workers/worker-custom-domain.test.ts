import { describe, expect, test } from "@jest/globals";
import { WorkerCustomDomain } from "../../../lib/index.js";
import { newStack, only, problemsOf, synth } from "../new-stack.js";

const domain = (hostname: string) => {
  const stack = newStack();
  const construct = new WorkerCustomDomain(stack, "domain", {
    zoneId: "zone",
    hostname,
    worker: "chat",
  });
  return { stack, construct };
};

describe("WorkerCustomDomain", () => {
  test("names the environment the API answers with: left out, every plan would replace the domain", () => {
    const { stack, construct } = domain("chat.example.com");

    expect(only(synth(stack).resource?.cloudflare_workers_custom_domain)).toMatchObject({
      account_id: "account",
      zone_id: "zone",
      hostname: "chat.example.com",
      service: "chat",
      environment: "production",
    });
    expect(construct.url).toBe("https://chat.example.com");
  });

  test.each([
    "*.example.com",
    "https://chat.example.com",
    "chat.example.com/a",
    "example",
    "a..b",
    "-a.com",
    "",
  ])("refuses the hostname %j at synth", (hostname) => {
    expect(problemsOf(domain(hostname).stack)).toEqual([
      expect.stringMatching(
        /^\[chat\/domain\] hostname: got .*; allowed is a whole lower-case host name/,
      ),
    ]);
  });

  test("is imported by account and id", () => {
    const { stack, construct } = domain("chat.example.com");
    construct.importFrom("d1");

    expect(synth(stack).import).toEqual([expect.objectContaining({ id: "account/d1" })]);
  });
});
