import { App } from "cdktf";
import { AiGatewayStack } from "./ai-gateway-stack.js";

const app = new App();
new AiGatewayStack(app, "ai-gateway");
app.synth();
