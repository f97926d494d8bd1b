import { expect, test } from "@jest/globals";
import { AiGateway, SecretVariable } from "../../lib/index.js";
import { putOnlySettings } from "../../protocol/gateway-settings.js";
import { ROW_SECRET, settingRows } from "./setting-rows.js";
import { keptAt, propsOf } from "./setting-sets.js";
import { Workbench } from "./workbench.js";

test("settings that an API takes on PUT only arrive, each of them, with the apply that creates the gateway", async () => {
  const bench = await Workbench.start({ ignoredSettings: { onPost: putOnlySettings } });
  try {
    // GIVEN a gateway with all of them, and one for each
    const rows = Object.fromEntries(putOnlySettings.map((key) => [key, settingRows[key]]));
    const { byok_only, store_id } = settingRows;
    const alone = putOnlySettings.map((key) => ({ [key]: settingRows[key] }));
    const sets = [
      rows,
      ...alone.map((set) => ("byok_only" in set ? { byok_only, store_id } : set)),
    ];
    bench.variables.TF_VAR_row_secret = ROW_SECRET;
    bench.synth((stack) => {
      const secret = new SecretVariable(stack, "row_secret");
      for (const [index, set] of sets.entries()) {
        const gatewayId = `put-${index}`;
        new AiGateway(stack, gatewayId, { gatewayId, ...propsOf(set, "first", secret) });
      }
    });

    // WHEN
    await bench.apply();

    // THEN
    const { body } = await bench.api("GET", "/ai-gateway/gateways");
    const gateways = new Map((body.result as { id: string }[]).map((one) => [one.id, one]));
    for (const [index, set] of sets.entries()) {
      expect(gateways.get(`put-${index}`)).toMatchObject(keptAt(set, "first"));
    }
    expect((await bench.plan()).changes).toEqual([]);
  } finally {
    await bench.close();
  }
}, 120_000);
