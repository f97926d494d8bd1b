import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { keepDeletionGuard, protectFromDeletion } from "../../lib/deletion-protection.js";
import { Cloudflare, RestResource } from "../../lib/index.js";
import { gatewaysPath } from "../../protocol/urls.js";
import { lacksIdentity } from "./lacks-identity.js";
import { type CommandResult, Workbench } from "./workbench.js";

interface ProtectedProps {
  readonly gatewayId: string;
  readonly cacheTtl?: number;
  readonly deletionProtection?: boolean;
}

/** A gateway as the library's constructs protect theirs. */
class ProtectedGateway extends Construct {
  constructor(scope: Construct, id: string, props: ProtectedProps) {
    super(scope, id);
    const { gatewayId, cacheTtl = 0, deletionProtection } = props;
    const resource = new RestResource(this, "Resource", {
      path: gatewaysPath(Cloudflare.of(this).accountId),
      body: {
        id: gatewayId,
        cache_ttl: cacheTtl,
        collect_logs: true,
        cache_invalidate_on_update: false,
        rate_limiting_interval: 0,
        rate_limiting_limit: 0,
      },
      createSelector: "result",
      readPath: "$(path)/$(body.id)",
      readSelector:
        "result.{id,cache_ttl,collect_logs,cache_invalidate_on_update,rate_limiting_interval,rate_limiting_limit}",
      forceNewAttrs: ["id"],
      outputAttrs: ["id"],
    });
    protectFromDeletion(this, [resource], deletionProtection);
  }
}

const sentence = (path: string): string =>
  `Resource terraform_data.protected_from_deletion["${path}: deploy deletionProtection: false first"] has lifecycle.prevent_destroy set`;

/** Terraform's errors without the line breaks of its box. */
const said = ({ stderr }: CommandResult): string => stderr.replace(/\s+/g, " ");

describe("a gateway that is protected from deletion", () => {
  let bench: Workbench;

  const gateway =
    (props: Partial<ProtectedProps> = {}, id = "gateway") =>
    (stack: TerraformStack) => {
      new ProtectedGateway(stack, id, {
        gatewayId: "kept",
        deletionProtection: true,
        ...props,
      });
      new ProtectedGateway(stack, "other", { gatewayId: "other", deletionProtection: true });
    };
  const gateways = async () =>
    ((await bench.api("GET", "/ai-gateway/gateways")).body.result as { id: string }[])
      .map(({ id }) => id)
      .sort();

  /** Refuses, and has changed nothing. */
  async function refused(...args: string[]): Promise<string> {
    const state = await bench.readState();
    const result = await bench.terraform(...args, "-no-color");
    expect(result.code).toBe(1);
    expect(await gateways()).toEqual(["kept", "other"]);
    expect(JSON.parse(await bench.readState())).toEqual(JSON.parse(state));
    return said(result);
  }

  beforeAll(async () => {
    bench = await Workbench.start();
    bench.synth(gateway());
    await bench.apply();
  });

  afterAll(() => bench.close());

  test("is not destroyed, and the refusal says how to lift it", async () => {
    const message = await refused("destroy", "-auto-approve");

    expect(message).toContain(sentence("test/gateway"));
    expect(message).toContain(sentence("test/other"));
  }, 60_000);

  test("is changed in place as ever, and a second plan is empty", async () => {
    bench.synth(gateway({ cacheTtl: 60 }));

    const { changes } = await bench.plan();
    expect(changes.map(({ change }) => change.actions)).toEqual([["update"]]);
    await bench.apply();
    expect((await bench.plan()).changes).toEqual([]);
  }, 60_000);

  test("is not replaced", async () => {
    bench.synth(gateway({ gatewayId: "renamed" }));

    const message = await refused("apply", "-auto-approve");

    expect(message).toContain(sentence("test/gateway"));
    expect(message).not.toContain(sentence("test/other"));
  }, 60_000);

  test("is not destroyed when it is gone from the code", async () => {
    bench.synth((stack) => {
      new ProtectedGateway(stack, "other", { gatewayId: "other", deletionProtection: true });
    });

    expect(await refused("apply", "-auto-approve")).toContain(sentence("test/gateway"));
  }, 60_000);

  test("is not destroyed when nothing protected is left in the code of a stack that keeps the guard", async () => {
    bench.synth(keepDeletionGuard);

    expect(await refused("apply", "-auto-approve")).toContain(sentence("test/gateway"));
  }, 60_000);

  test("is not destroyed when its protection is only taken out of the code, beside another one", async () => {
    bench.synth((stack) => {
      new ProtectedGateway(stack, "gateway", { gatewayId: "kept", cacheTtl: 60 });
      new ProtectedGateway(stack, "other", { gatewayId: "other", deletionProtection: true });
    });

    expect(await refused("apply", "-auto-approve")).toContain(sentence("test/gateway"));
  }, 60_000);

  const needsIdentity = lacksIdentity("to refresh what is gone") ? test.skip : test;

  needsIdentity(
    "is made anew when somebody deleted it outside",
    async () => {
      bench.synth(gateway({ cacheTtl: 60 }));
      await bench.api("DELETE", "/ai-gateway/gateways/kept");

      const { changes } = await bench.plan();
      expect(changes.map(({ change }) => change.actions)).toEqual([["create"]]);
      await bench.apply();
      expect(await gateways()).toEqual(["kept", "other"]);
    },
    60_000,
  );

  test("is destroyed after its protection was lifted and deployed, and the other stays", async () => {
    // WHEN the protection is lifted
    bench.synth(gateway({ cacheTtl: 60, deletionProtection: false }));
    const lifted = await bench.plan();

    // THEN that step changes nothing
    expect(lifted.changes).toEqual([]);
    await bench.apply();
    expect((await bench.plan()).changes).toEqual([]);

    // AND the next ones may do everything
    bench.synth(gateway({ gatewayId: "renamed", deletionProtection: false }));
    await bench.apply();
    expect(await gateways()).toEqual(["other", "renamed"]);
    bench.synth((stack) => {
      new ProtectedGateway(stack, "other", { gatewayId: "other", deletionProtection: true });
    });
    await bench.apply();
    expect(await gateways()).toEqual(["other"]);
  }, 120_000);

  test("is protected again when it says so again", async () => {
    bench.synth(gateway({ deletionProtection: false }));
    await bench.apply();
    bench.synth(gateway());
    expect((await bench.plan()).changes).toEqual([]);
    await bench.apply();

    expect(await refused("destroy", "-auto-approve")).toContain(sentence("test/gateway"));
  }, 60_000);

  test.each([true, false])(
    "keeps its note of an older version's words, deletionProtection: %s",
    async (before) => {
      const held = "terraform_data.protected_from_deletion";
      const released = "terraform_data.released_from_protection";
      const mine = before
        ? `${held}["test/gateway: deploy deletionProtection: false first"]`
        : `${released}["test/gateway"]`;
      const words =
        "to lift it, set deletionProtection: false and deploy; then it can be removed, replaced or destroyed";
      const older = `${before ? held : released}["test/gateway: ${words}"]`;

      for (const after of [true, false]) {
        // GIVEN a state of that version
        bench.synth(gateway({ deletionProtection: before }));
        await bench.apply();
        expect(await bench.terraform("state", "mv", mine, older)).toMatchObject({ code: 0 });

        // WHEN it is deployed as it was, and otherwise
        bench.synth(gateway({ deletionProtection: after }));
        const { changes } = await bench.plan();
        await bench.apply();

        // THEN the note has only moved, and says the new words
        expect(changes).toEqual([]);
        expect((await bench.terraform("state", "list")).stdout).not.toContain(words);
        if (after) {
          expect(await refused("destroy", "-auto-approve")).toContain(sentence("test/gateway"));
        }
      }
      bench.synth(gateway());
      await bench.apply();
    },
    90_000,
  );

  test("goes in one step only where the code says that it may", async () => {
    // GIVEN both are protected
    bench.synth(gateway());
    await bench.apply();

    // WHEN one gets another id and is let go of in the same step
    bench.synth(gateway({ gatewayId: "renamed", deletionProtection: false }));
    await bench.apply();

    // THEN it is replaced, and what is still protected keeps the stack from being destroyed
    expect(await gateways()).toEqual(["other", "renamed"]);
    const refusal = await bench.terraform("destroy", "-auto-approve", "-no-color");
    expect(said(refusal)).toContain(sentence("test/other"));
    expect(await gateways()).toEqual(["other", "renamed"]);

    // AND a stack that lets go of everything is destroyed without a deploy before
    bench.synth((stack) => {
      new ProtectedGateway(stack, "other", { gatewayId: "other", deletionProtection: false });
    });
    expect((await bench.terraform("destroy", "-auto-approve")).code).toBe(0);
    expect(await gateways()).toEqual([]);
  }, 120_000);
});
