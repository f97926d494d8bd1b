import { describe, expect, test } from "@jest/globals";
import { TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { keepDeletionGuard, protectFromDeletion } from "../../lib/deletion-protection.js";
import { RestResource } from "../../lib/index.js";
import { Stage } from "../../lib/stages/stage.js";
import { setStage } from "../../lib/stages/stage-of.js";
import { newStack, only, type Synthesized, synth } from "./new-stack.js";

class Kept extends Construct {
  constructor(scope: Construct, id: string, deletionProtection?: boolean) {
    super(scope, id);
    const resource = new RestResource(this, "Resource", {
      path: "/things",
      body: { id, nested: { zone: "eu" }, color: "red" },
      forceNewAttrs: ["id", "nested.zone"],
      lifecycle: { createBeforeDestroy: true },
    });
    protectFromDeletion(this, [resource], deletionProtection);
  }
}

const guards = ({ resource }: Synthesized) =>
  resource?.terraform_data as unknown as Record<string, Guard>;
interface Guard {
  readonly for_each: Record<string, unknown>;
  readonly lifecycle?: unknown;
}
const sentence = "chat/a: deploy deletionProtection: false first";
const formerly =
  "chat/a: to lift it, set deletionProtection: false and deploy; then it can be removed, replaced or destroyed";

describe("protection from deletion", () => {
  test("is a lifecycle beside the one that is there, and a guard that says how to lift it", () => {
    const stack = newStack();

    new Kept(stack, "a", true);

    const synthesized = synth(stack);
    expect(only(synthesized.resource?.restful_resource).lifecycle).toEqual({
      create_before_destroy: true,
      prevent_destroy: true,
    });
    expect(guards(synthesized)).toEqual({
      protected_from_deletion: {
        for_each: { [sentence]: [["/things", "a", "eu"]] },
        triggers_replace: expect.stringContaining("each.value"),
        lifecycle: { prevent_destroy: true },
      },
    });
  });

  test("is given up in words: the guard moves to where it may be destroyed", () => {
    const stack = newStack();

    new Kept(stack, "a", false);

    const synthesized = synth(stack) as Synthesized & { moved: unknown };
    expect(only(synthesized.resource?.restful_resource).lifecycle).toEqual({
      create_before_destroy: true,
    });
    expect(guards(synthesized).protected_from_deletion?.for_each).toEqual({});
    expect(Object.keys(guards(synthesized).released_from_protection?.for_each ?? {})).toEqual([
      "chat/a",
    ]);
    const held = (key: string) => `terraform_data.protected_from_deletion["${key}"]`;
    const released = (key: string) => `terraform_data.released_from_protection["${key}"]`;
    expect(synthesized.moved).toEqual([
      { from: released(formerly), to: held(formerly) },
      { from: held(formerly), to: held(sentence) },
      { from: held(sentence), to: released("chat/a") },
    ]);
  });

  test("is on in production, and off anywhere else", () => {
    const lifecycleIn = (stage: Stage | undefined) => {
      const stack = newStack();
      if (stage !== undefined) setStage(stack, stage);
      new Kept(stack, "a");
      return only(synth(stack).resource?.restful_resource).lifecycle;
    };

    expect(lifecycleIn(new Stage("production"))).toMatchObject({ prevent_destroy: true });
    expect(lifecycleIn(new Stage("live", { production: true }))).toMatchObject({
      prevent_destroy: true,
    });
    expect(lifecycleIn(new Stage("staging"))).toEqual({ create_before_destroy: true });
    expect(lifecycleIn(undefined)).toEqual({ create_before_destroy: true });
  });

  test("adds nothing to a stack that does not use it", () => {
    const stack = newStack();

    new Kept(stack, "a");

    expect(synth(stack).resource).not.toHaveProperty("terraform_data");
  });

  test("stays in a stack whose last protected construct is gone from the code", () => {
    const stack = new TerraformStack(Testing.app(), "chat");

    keepDeletionGuard(stack);

    expect(guards(synth(stack)).protected_from_deletion).toEqual({
      for_each: {},
      triggers_replace: expect.stringContaining("each.value"),
      lifecycle: { prevent_destroy: true },
    });
  });
});
