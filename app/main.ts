import { synthApp } from "../lib/index.js";
import { AiGatewayStack } from "./ai-gateway-stack.js";

void synthApp((app) => {
  new AiGatewayStack(app, "ai-gateway");
});
