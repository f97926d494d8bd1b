import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { AiGateway, Cloudflare, SecretVariable } from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { startEditingApi } from "./editing-api.js";
import { Workbench } from "./workbench.js";

type Exporter = { readonly url: string; readonly content_type?: string };

let bench: Workbench;
let api: Awaited<ReturnType<typeof startEditingApi>>;

beforeEach(async () => {
  bench = await Workbench.start();
  bench.variables.TF_VAR_otel_key = canary("an exporter's key");
  api = await startEditingApi(bench.emulator.apiUrl, {
    answered: ({ otel, ...others }) => ({
      ...others,
      otel: (otel as Exporter[] | null)?.map(({ content_type, ...exporter }) =>
        content_type === "json" ? exporter : { ...exporter, content_type },
      ),
    }),
  });
}, 60_000);
afterEach(async () => {
  await api.close();
  await bench.close();
});

test("A field that the API leaves out while it has its default is kept, and one with another value is", async () => {
  bench.synth((stack) => {
    Cloudflare.of(stack).restProvider.addOverride("base_url", api.url);
    const url = "https://otel.example.com/v1/traces";
    const authorization = new SecretVariable(stack, "otel_key");
    new AiGateway(stack, "plain", { otel: [{ url }] });
    new AiGateway(stack, "secret", { otel: [{ url, authorization }] });
    new AiGateway(stack, "binary", { otel: [{ url, authorization, contentType: "protobuf" }] });
  });

  await bench.apply();

  expect((await bench.plan()).text).toContain("No changes.");
}, 120_000);
