import { expect } from "@jest/globals";
import type { AIGatewayCreateParams } from "cloudflare/resources/ai-gateway/ai-gateway.js";
import { canary } from "../../secrets/canary.js";
import { gatewaySettings, type SdkAccount } from "./sdk-account.js";
import { collect, nothing, refused, type SdkMethods } from "./sdk-method.js";

/** Every setting that the SDK's types have, with a value that asks for something. */
const everySetting: Required<Omit<AIGatewayCreateParams, "account_id" | "id">> = {
  cache_invalidate_on_update: true,
  cache_ttl: 300,
  collect_logs: true,
  rate_limiting_interval: 60,
  rate_limiting_limit: 100,
  rate_limiting_technique: "sliding",
  authentication: true,
  byok_only: true,
  dlp: {
    enabled: true,
    policies: [
      { id: "cards", enabled: true, action: "BLOCK", check: ["REQUEST"], profiles: ["cards"] },
    ],
  },
  guardrails: { prompt: { S1: "BLOCK", P1: "FLAG" }, response: { S13: "FLAG" } },
  log_classification: true,
  log_management: 10_000,
  log_management_strategy: "DELETE_OLDEST",
  logpush: true,
  logpush_public_key: "-----BEGIN PUBLIC KEY-----\nMA==\n-----END PUBLIC KEY-----",
  otel: [
    {
      url: "https://otel.example.com/v1/traces",
      headers: { "x-team": canary("the value of an otel header") },
    },
  ],
  retry_backoff: "exponential",
  retry_delay: 500,
  retry_max_attempts: 3,
  spend_limits: {
    enabled: true,
    rules: [
      {
        id: "per-user",
        enabled: true,
        limit: 5,
        limitType: "cost",
        window: 86_400,
        technique: "fixed",
        metadata: { user: { mode: "partition" } },
        provider: { mode: "filter", values: ["openai"] },
      },
    ],
  },
  store_id: "0123456789abcdef0123456789abcdef",
  stripe: { authorization: canary("stripe authorization"), usage_events: [{ payload: "{}" }] },
  workers_ai_billing_mode: "unified",
  zdr: true,
};

const params = ({ account_id }: SdkAccount) => ({ account_id });

export const gatewayMethods: SdkMethods = {
  "aiGateway.create": {
    call: (client, account_id) =>
      client.aiGateway.create({ account_id, id: "x", ...gatewaySettings }),
    cases: {
      "makes a gateway with Cloudflare's values for what was left out": async (account) => {
        const id = account.name();
        const made = await account.client.aiGateway.create({
          ...params(account),
          id,
          ...gatewaySettings,
        });
        expect(made).toMatchObject({ id, ...gatewaySettings, is_default: false });
        expect(Date.parse(made.created_at)).toBe(account.clock.now());
        expect(made.modified_at).toBe(made.created_at);
      },
      "takes every setting there is": async (account) => {
        const id = account.name();
        const made = await account.client.aiGateway.create({
          ...params(account),
          id,
          ...everySetting,
        });
        expect(made).toMatchObject(everySetting);
      },
      "refuses an id that is taken": async (account) => {
        const id = await account.gateway();
        const again = account.client.aiGateway.create({
          ...params(account),
          id,
          ...gatewaySettings,
        });
        expect(await refused(again, 400, 7001)).toContain("already exists");
      },
      "refuses an id that is none": async (account) => {
        const call = account.client.aiGateway.create({
          ...params(account),
          id: "Not An Id",
          ...gatewaySettings,
        });
        await refused(call, 400, 7001);
      },
      "refuses a value out of bounds": async (account) => {
        const call = account.client.aiGateway.create({
          ...params(account),
          id: account.name(),
          ...gatewaySettings,
          retry_max_attempts: 6,
        });
        await refused(call, 400, 7001);
      },
    },
  },
  "aiGateway.update": {
    call: (client, account_id) =>
      client.aiGateway.update(nothing.gateway, { account_id, ...gatewaySettings }),
    belowGateway: true,
    cases: {
      "replaces the settings": async (account) => {
        const id = await account.gateway();
        account.clock.advance(1_000);
        const changed = await account.client.aiGateway.update(id, {
          ...params(account),
          ...everySetting,
        });
        expect(changed).toMatchObject({ id, ...everySetting });
        expect(Date.parse(changed.modified_at)).toBe(account.clock.now());
      },
      "refuses a body without a setting that it must hold": async (account) => {
        const id = await account.gateway();
        const { cache_ttl, ...rest } = gatewaySettings;
        const call = account.client.aiGateway.update(id, { ...params(account), ...rest } as never);
        expect(await refused(call, 400, 7001)).toContain("cache_ttl");
      },
    },
  },
  "aiGateway.list": {
    call: (client, account_id) => client.aiGateway.list({ account_id }),
    cases: {
      "pages until a page is empty": async (account) => {
        const ids = [await account.gateway(), await account.gateway()];
        account.takeSent();
        const listed = await collect(
          account.client.aiGateway.list({ ...params(account), search: "gateway-", per_page: 1 }),
        );
        expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
        // One call per gateway, and the one that finds nothing.
        expect(account.takeSent()).toHaveLength(listed.length + 1);
      },
      "finds a part of an id": async (account) => {
        const id = await account.gateway();
        const page = await account.client.aiGateway.list({ ...params(account), search: id });
        expect(page.result.map((one) => one.id)).toContain(id);
        expect(page.result_info).toMatchObject({ page: 1, per_page: 20 });
      },
      "refuses a page that is too long": async (account) => {
        const call = account.client.aiGateway.list({ ...params(account), per_page: 51 });
        await refused(call, 400, 7001);
      },
    },
  },
  "aiGateway.delete": {
    call: (client, account_id) => client.aiGateway.delete(nothing.gateway, { account_id }),
    belowGateway: true,
    cases: {
      "answers with the gateway that was": async (account) => {
        const id = await account.gateway();
        const deleted = await account.client.aiGateway.delete(id, params(account));
        expect(deleted).toMatchObject({ id, ...gatewaySettings });
        await refused(account.client.aiGateway.get(id, params(account)), 404, 7002);
      },
    },
  },
  "aiGateway.get": {
    call: (client, account_id) => client.aiGateway.get(nothing.gateway, { account_id }),
    belowGateway: true,
    cases: {
      "shows a gateway": async (account) => {
        const id = await account.gateway({ cache_ttl: 60 });
        const shown = await account.client.aiGateway.get(id, params(account));
        expect(shown).toMatchObject({ id, ...gatewaySettings, cache_ttl: 60 });
      },
    },
  },
  "aiGateway.urls.get": {
    call: (client, account_id) =>
      client.aiGateway.urls.get("openai", { account_id, gateway_id: nothing.gateway }),
    belowGateway: true,
    cases: {
      "tells where a provider answers": async (account) => {
        const gateway_id = await account.gateway();
        const url = await account.client.aiGateway.urls.get("openai", {
          ...params(account),
          gateway_id,
        });
        expect(url).toBe(`${account.aiGatewayUrl}/${account.account_id}/${gateway_id}/openai`);
      },
      "refuses what is no provider": async (account) => {
        const gateway_id = await account.gateway();
        const call = account.client.aiGateway.urls.get("Open AI", {
          ...params(account),
          gateway_id,
        });
        await refused(call, 400, 7001);
      },
    },
  },
};
