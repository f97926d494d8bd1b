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

/** A gateway that somebody else makes, told by its cache's 7 seconds. */
export async function makeGatewayByHand(bench: Workbench, id: string): Promise<void> {
  const { status } = await bench.api("POST", "/ai-gateway/gateways", {
    id,
    cache_ttl: 7,
    cache_invalidate_on_update: false,
    collect_logs: true,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
  });
  expect(status).toBe(200);
}
