import type { SdkAccount } from "./sdk-account.js";

/** A gateway that has answered, and the ids of its logs. */
export async function withLogs(
  account: SdkAccount,
  count = 1,
): Promise<{ account_id: string; gateway_id: string; ids: readonly string[] }> {
  const gateway_id = await account.gateway();
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    ids.push(await account.prompt(gateway_id, `Prompt ${n}`));
    account.clock.advance(1_000);
  }
  return { account_id: account.account_id, gateway_id, ids };
}
