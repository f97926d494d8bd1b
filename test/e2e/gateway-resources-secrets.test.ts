import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { CustomProvider, type CustomProviderProps, SecretVariable } from "../../lib/index.js";
import { CANARY_MARK, canary } from "../secrets/canary.js";
import { lacksIdentity } from "./lacks-identity.js";
import { Workbench } from "./workbench.js";

const path = "/ai-gateway/custom-providers";
const first = canary("a custom provider's header", { with: '"{}<&>' });
const second = canary("a custom provider's header, rotated");

describe("a custom provider with a credential among its headers", () => {
  let bench: Workbench;
  /** Everything Terraform said. */
  let said = "";

  beforeAll(async () => {
    bench = await Workbench.start();
    bench.variables.TF_VAR_internal_key = first;
  }, 60_000);

  afterAll(async () => {
    await bench.close();
  });

  const declare = (
    props: Partial<CustomProviderProps> | "plain" | "none" = {},
    importId?: string,
  ) =>
    bench.synth((stack) => {
      const secret = new SecretVariable(stack, "internal_key");
      const headers =
        props === "none"
          ? undefined
          : props === "plain"
            ? { "x-team": "chat" }
            : { "x-team": "chat", authorization: secret };
      const provider = new CustomProvider(stack, "internal", {
        slug: "internal",
        baseUrl: "https://models.example.com",
        ...(headers ? { headers } : {}),
        ...(typeof props === "object" ? props : {}),
      });
      if (importId !== undefined) provider.importFrom(importId);
    });
  const read = async () => {
    const [row, ...more] = (await bench.api("GET", path)).body.result as Record<string, string>[];
    expect(more).toEqual([]);
    return { ...row, headers: row?.headers ? JSON.parse(row.headers) : row?.headers };
  };
  const apply = async () => {
    const { stdout, stderr } = await bench.apply();
    said += stdout + stderr;
  };
  const changes = async () => {
    const planned = await bench.plan();
    said += planned.text + JSON.stringify(planned.changes);
    return planned.changes.map(({ type, change }) => [type, change.actions.join()]);
  };
  const settled = async (headers: unknown) => {
    await apply();
    expect((await read()).headers).toEqual(headers);
    expect(await changes()).toEqual([]);
  };

  test("has it at the first deploy, and a second one changes nothing", async () => {
    declare();
    await settled({ "x-team": "chat", authorization: first });
  }, 60_000);

  test("keeps it when something else changes, and nothing is left to do", async () => {
    declare({ name: "Internal models" });
    expect(await changes()).toEqual([["restful_resource", "update"]]);

    await settled({ "x-team": "chat", authorization: first });
  }, 60_000);

  test("keeps it when something else is repaired", async () => {
    const { id } = (await read()) as unknown as { id: string };
    await bench.api("PATCH", `${path}/${id}`, { enable: false });
    expect(await changes()).toEqual([["restful_resource", "update"]]);

    await settled({ "x-team": "chat", authorization: first });
  }, 60_000);

  test("gets another value by one call", async () => {
    bench.variables.TF_VAR_internal_key = second;
    expect(await changes()).toEqual([["restful_operation", "update"]]);

    await settled({ "x-team": "chat", authorization: second });
  }, 60_000);

  test("loses it when it is removed, also with the rest of the headers, and gets it back", async () => {
    declare("plain");
    await settled({ "x-team": "chat" });

    declare();
    await settled({ "x-team": "chat", authorization: second });

    declare("none");
    await settled(null);

    declare();
    await settled({ "x-team": "chat", authorization: second });
  }, 120_000);

  test("gets it by the deploy that imports the provider", async () => {
    const { id } = (await read()) as unknown as { id: string };
    await bench.api("PATCH", `${path}/${id}`, {
      headers: JSON.stringify({ old: canary("a header that somebody else set") }),
    });
    const list = (await bench.terraform("state", "list")).stdout.split("\n");
    await bench.terraform("state", "rm", ...list.filter((address) => address !== ""));

    declare({}, id);
    await settled({ "x-team": "chat", authorization: second });
    expect((await read()) as unknown).toMatchObject({ id });
  }, 60_000);

  (lacksIdentity("to refresh what is gone") ? test.skip : test)(
    "is made again with it where somebody deleted the provider",
    async () => {
      const { id } = (await read()) as unknown as { id: string };
      await bench.api("DELETE", `${path}/${id}`);

      await settled({ "x-team": "chat", authorization: second });
    },
    60_000,
  );

  test("shows it nowhere", async () => {
    const texts = [
      said,
      await bench.readState(),
      readFileSync(`${bench.stateFile}.backup`, "utf8"),
      readFileSync(join(bench.stackDirectory, "cdk.tf.json"), "utf8"),
      readFileSync(join(bench.directory, "emulator", "state.json"), "utf8"),
    ];

    expect(texts.filter((text) => text.includes(CANARY_MARK))).toEqual([]);
  });
});
