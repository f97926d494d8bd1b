import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { gatewayHints } from "../../lib/ai-gateway/ai-gateway-hints.js";
import { gatewayRules } from "../../lib/ai-gateway/ai-gateway-validation.js";
import { nativeRules } from "../../lib/ai-gateway/native/native-validation.js";
import { cloudflareRules } from "../../lib/cloudflare-validation.js";
import { containerRules } from "../../lib/containers/container-validation.js";
import { customDomainRules } from "../../lib/custom-domains/custom-domain.js";
import { customProviderRules } from "../../lib/custom-providers/custom-provider-validation.js";
import { datasetRules } from "../../lib/datasets/dataset.js";
import { evaluationRules } from "../../lib/datasets/evaluation.js";
import { dynamicRouteHints } from "../../lib/dynamic-routes/dynamic-route-hints.js";
import { dynamicRouteRules } from "../../lib/dynamic-routes/dynamic-route-validation.js";
import { routeGraphRules } from "../../lib/dynamic-routes/route-graph-validation.js";
import {
  gatewayPolicyHints,
  gatewayPolicyRules,
} from "../../lib/gateway-policies/gateway-policy-validation.js";
import {
  providerKeyHints,
  providerKeyRules,
} from "../../lib/provider-keys/provider-key-validation.js";
import { queueConsumerRules } from "../../lib/storage/queue-consumer.js";
import { d1Rules, kvRules, queueRules, r2Rules } from "../../lib/storage/storage-validation.js";
import { tokenHints } from "../../lib/tokens/ai-gateway-token-hints.js";
import { aiGatewayTokenRules } from "../../lib/tokens/ai-gateway-token-validation.js";
import { durableObjectNamespaceRules } from "../../lib/workers/durable-object-namespace.js";
import { assetsRules } from "../../lib/workers/worker-assets-validation.js";
import { workerCronRules } from "../../lib/workers/worker-cron.js";
import { workerCustomDomainRules } from "../../lib/workers/worker-custom-domain.js";
import { workerRouteRules } from "../../lib/workers/worker-route.js";
import { workerRules } from "../../lib/workers/worker-validation.js";

const page = readFileSync(join(__dirname, "../../docs/errors.md"), "utf8");
const names = [
  gatewayRules,
  { hints: gatewayHints },
  nativeRules,
  cloudflareRules,
  workerRules,
  assetsRules,
  durableObjectNamespaceRules,
  kvRules,
  r2Rules,
  d1Rules,
  queueRules,
  queueConsumerRules,
  workerRouteRules,
  workerCustomDomainRules,
  workerCronRules,
  containerRules,
  customProviderRules,
  customDomainRules,
  datasetRules,
  evaluationRules,
  gatewayPolicyRules,
  dynamicRouteRules,
  { graph: routeGraphRules, hints: dynamicRouteHints },
  providerKeyRules,
  { providerKeyHints, gatewayPolicyHints, tokenHints },
  aiGatewayTokenRules,
].flatMap((rules) =>
  Object.values(rules).flatMap((rows: readonly { readonly name: string }[]) =>
    rows.map(({ name }) => name),
  ),
);

describe("docs/errors.md", () => {
  test.each(names)("lists %s", (name) => {
    expect(page).toMatch(new RegExp(`^\\| ${name} +\\|`, "m"));
  });

  test("lists no rule that is gone", () => {
    const listed = [
      ...page.matchAll(
        /^\| ((?:gateway|cloudflare|worker|kv|r2|d1|queue|container|custom-provider|custom-domain|dataset|evaluation|dynamic-route|provider-key|token)-[a-z-]+) +\|/gm,
      ),
    ].map(([, name]) => name);

    expect(listed.sort()).toEqual([...names].sort());
  });

  test("names each rule once", () => {
    expect(new Set(names).size).toBe(names.length);
  });
});
