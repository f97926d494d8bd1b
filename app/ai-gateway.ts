import type { Construct } from "constructs";
import { AiGateway } from "../lib/index.js";

/** The gateway of this app: answers are reused for a minute, every request is logged. */
export function aiGateway(scope: Construct): AiGateway {
  return new AiGateway(scope, "gateway", {
    cacheTtl: 60,
    collectLogs: true,
  });
}
