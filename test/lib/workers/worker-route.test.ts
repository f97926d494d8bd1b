import { describe, expect, test } from "@jest/globals";
import { Worker, WorkerRoute } from "../../../lib/index.js";
import { newBundle, newStack, only, problemsOf, synth } from "../new-stack.js";

describe("WorkerRoute", () => {
  test("leads a pattern to a Worker of the stack", () => {
    // GIVEN
    const stack = newStack();
    const worker = new Worker(stack, "worker", { bundle: newBundle() });

    // WHEN
    new WorkerRoute(stack, "route", { zoneId: "zone", pattern: "example.com/*", worker });

    // THEN
    const { resource = {} } = synth(stack);
    const [name] = Object.keys(resource.cloudflare_workers_script ?? {});
    expect(only(resource.cloudflare_workers_route)).toMatchObject({
      zone_id: "zone",
      pattern: "example.com/*",
      script: `\${cloudflare_workers_script.${name}.script_name}`,
    });
  });

  test("leads past all Workers where it has none", () => {
    const stack = newStack();
    new WorkerRoute(stack, "route", { zoneId: "zone", pattern: "example.com/static/*" });

    expect(only(synth(stack).resource?.cloudflare_workers_route)).not.toHaveProperty("script");
  });

  test.each([
    "example.com/*",
    "*.example.com/chat/*",
    "*example.com/a",
    "example.com",
    "*",
    "*/x",
    "e.com*",
  ])("takes the pattern %s", (pattern) => {
    const stack = newStack();
    new WorkerRoute(stack, "route", { zoneId: "zone", pattern });

    expect(problemsOf(stack)).toEqual([]);
  });

  test.each([
    "https://example.com/*",
    "example.com/*/b",
    "ex*mple.com/",
    "example.com/?a=b",
    "",
    "a b/",
    3 as never,
  ])("refuses the pattern %j at synth", (pattern) => {
    const stack = newStack();
    new WorkerRoute(stack, "route", { zoneId: "zone", pattern });

    expect(problemsOf(stack)).toEqual([
      expect.stringMatching(/^\[chat\/route\] pattern: got .*; allowed is a host and a path/),
    ]);
  });

  test("refuses a zone's name where its id belongs", () => {
    const stack = newStack();
    new WorkerRoute(stack, "route", { zoneId: "example.com", pattern: "example.com/*" });

    expect(problemsOf(stack)).toEqual([expect.stringContaining('zoneId: got "example.com"')]);
  });

  test("is imported by zone and id", () => {
    const stack = newStack();
    new WorkerRoute(stack, "route", { zoneId: "zone", pattern: "example.com/*" }).importFrom("r1");

    expect(synth(stack).import).toEqual([expect.objectContaining({ id: "zone/r1" })]);
  });
});
