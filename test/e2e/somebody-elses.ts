import { expect } from "@jest/globals";
import type { Workbench } from "./workbench.js";

/** A token that somebody else makes, with the permissions that the library's own have. */
export async function makeTokenByHand(bench: Workbench, name: string): Promise<void> {
  const { body } = await bench.api("GET", "/tokens/permission_groups?name=AI+Gateway+Run");
  const [group] = body.result as { id: string }[];
  const { status } = await bench.api("POST", "/tokens", {
    name,
    policies: [
      {
        effect: "allow",
        resources: { [`com.cloudflare.api.account.${bench.emulator.accountId}`]: "*" },
        permission_groups: [{ id: group?.id }],
      },
    ],
  });
  expect(status).toBe(200);
}
