import { resolve } from "node:path";
import { LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { Cloudflare, Worker } from "../lib/index.js";
import { BINDINGS } from "../worker/chat/bindings.js";
import { aiGateway } from "./ai-gateway.js";
import { pdfContainer, pdfImage } from "./pdf-container.js";

/** The whole app: a gateway, a Worker with chat rooms and a page, and a container that makes PDFs. */
export class AiGatewayStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    // Beside the project, not in cdktf.out: that folder may be deleted at any time. The workspace
    // folder is where a run against the emulator keeps its state, apart from the cloud's.
    new LocalBackend(this, {
      path: resolve(`terraform.${id}.tfstate`),
      workspaceDir: resolve(`terraform.${id}.tfstate.d`),
    });
    const { accountId } = new Cloudflare(this, "cloudflare");

    const gateway = aiGateway(this);
    const image = pdfImage(accountId);
    const pdf = pdfContainer(this, image);
    const worker = new Worker(this, "worker", {
      bundle: resolve("app/dist/worker.js"),
      assets: { directory: resolve("app/assets") },
      declaration: BINDINGS,
      // Rooms and summaries are the Worker's own classes: the declaration says all.
      bindings: { GATEWAY: gateway, PDF: pdf },
      migrations: [{ newSqliteClasses: ["Room"] }],
    });

    new TerraformOutput(this, "url", {
      description: "Where the Worker answers",
      value: worker.url,
    }).overrideLogicalId("url");
    new TerraformOutput(this, "gatewayId", {
      description: "Id of the AI gateway",
      value: gateway.gatewayId,
    }).overrideLogicalId("gatewayId");
    new TerraformOutput(this, "pdfImage", {
      description: "Where the image of the PDF service is expected; see docs/chat-app.md",
      value: image,
    }).overrideLogicalId("pdfImage");
  }
}
