import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { AiGateway, ProviderKey, SecretVariable } from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { type CommandResult, Workbench } from "./workbench.js";

const ofAccount = "TF_VAR_cloudflare_api_token";
const ofProvider = "TF_VAR_openai_api_key";

/** Terraform's errors without the line breaks of its box. */
const said = ({ stderr }: CommandResult): string => stderr.replace(/[\s│╷╵]+/g, " ");

describe("a variable of a secret that is exported without a value", () => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await Workbench.start();
    const made = await bench.api("POST", "/secrets_store/stores", [{ name: "default" }]);
    const storeId = (made.body.result as { id: string }[])[0]?.id ?? "";
    bench.synth((stack) => {
      const gateway = new AiGateway(stack, "gateway", { storeId });
      new ProviderKey(stack, "key", {
        gateway,
        providerSlug: "openai",
        secret: new SecretVariable(stack, "openai_api_key", { description: "Key of the provider" }),
      });
    });
    bench.variables[ofProvider] = canary("a provider's key");
    await bench.terraform("init");
  }, 60_000);

  afterAll(() => bench.close());

  test.each([
    ["nothing", ""],
    ["a blank", " "],
    ["the end of a line", "\n"],
  ])(
    "fails the plan by its name where it is %s, and shows nothing of the others",
    async (_, value) => {
      bench.variables[ofAccount] = value;

      const planned = await bench.terraform("plan", "-no-color");

      expect(planned.code).toBe(1);
      expect(said(planned)).toContain(`${ofAccount} is empty. Set it with: export ${ofAccount}=…`);
      expect(said(planned)).not.toContain("openai");
      expect(planned.stdout + planned.stderr).not.toContain(canary("a provider's key"));
      delete bench.variables[ofAccount];
    },
    60_000,
  );

  test("is said of each that is, also of one with a description of its own", async () => {
    Object.assign(bench.variables, { [ofAccount]: "", [ofProvider]: "" });

    const planned = await bench.terraform("plan", "-no-color");

    expect(planned.code).toBe(1);
    expect(
      said(planned)
        .match(/TF_VAR_\w+ is empty/g)
        ?.sort(),
    ).toEqual([`${ofAccount} is empty`, `${ofProvider} is empty`]);
    delete bench.variables[ofAccount];
    bench.variables[ofProvider] = canary("a provider's key");
  }, 60_000);

  test("is no matter with values: deployed, unchanged and destroyed", async () => {
    await bench.apply();
    expect((await bench.plan()).changes).toEqual([]);

    expect(await bench.terraform("destroy", "-auto-approve")).toMatchObject({ code: 0 });
    expect((await bench.api("GET", "/ai-gateway/gateways")).body.result).toEqual([]);
  }, 60_000);
});
