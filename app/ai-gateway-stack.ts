import { resolve } from "node:path";
import { LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { Cloudflare, Worker } from "../lib/index.js";
import { aiGateway } from "./ai-gateway.js";

/** The whole app: a gateway, and a Worker with a page and `POST /ai` that asks through it. */
export class AiGatewayStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    // Beside the project, not in cdktf.out: that folder may be deleted at any time. The workspace
    // folder is where a run against the emulator keeps its state, apart from the cloud's.
    new LocalBackend(this, {
      path: resolve(`terraform.${id}.tfstate`),
      workspaceDir: resolve(`terraform.${id}.tfstate.d`),
    });
    new Cloudflare(this, "cloudflare");

    const gateway = aiGateway(this);
    const worker = new Worker(this, "worker", {
      bundle: resolve("app/dist/worker.js"),
      assets: { directory: resolve("app/assets") },
    });
    gateway.bind(worker, "GATEWAY");

    new TerraformOutput(this, "url", {
      description: "Where the Worker answers",
      value: worker.url,
    }).overrideLogicalId("url");
    new TerraformOutput(this, "gatewayId", {
      description: "Id of the AI gateway",
      value: gateway.gatewayId,
    }).overrideLogicalId("gatewayId");
  }
}
