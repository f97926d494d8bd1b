import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unsealGateway } from "../../emulator/state/gateway-secrets.js";
import { stateFiles } from "../../emulator/state/running-emulator.js";
import { SecretBox } from "../../emulator/state/secret-box.js";
import type { GatewaySettings } from "../../protocol/gateway-settings.js";

type Stored = Pick<GatewaySettings, "otel" | "stripe"> & { readonly id: string };

/** The exports of each gateway as they lie in the emulator's folder, unsealed with the key beside it. */
export async function readSealedExports(
  folder: string,
): Promise<Readonly<Record<string, Pick<Stored, "otel" | "stripe">>>> {
  const box = await SecretBox.open(join(folder, stateFiles.key), { create: false });
  const text = await readFile(join(folder, stateFiles.state), "utf8");
  const { gateways } = JSON.parse(text) as { gateways: readonly Stored[] };
  return Object.fromEntries(
    gateways.map((stored) => {
      const { otel, stripe } = unsealGateway(box, stored.id, stored);
      return [stored.id, { otel, stripe }];
    }),
  );
}
