import { describe, expect, test } from "@jest/globals";
import { AiGateway, aiGatewayBinding } from "../../../lib/index.js";
import { problemsOf, synth } from "../new-stack.js";
import { newWorker, scriptOf } from "./new-worker.js";

describe("gateway.bind", () => {
  test("gives the Worker the gateway's id and one ai binding, however many gateways", () => {
    // GIVEN
    const { stack, worker } = newWorker();
    const gateways = ["one", "two"].map((id) => new AiGateway(stack, id));

    // WHEN
    gateways[0]?.bind(worker, aiGatewayBinding("ONE"));
    gateways[1]?.bind(worker, "TWO");
    AiGateway.fromGatewayId(stack, "three", "elsewhere").bind(worker, "THREE");

    // THEN
    const names = Object.keys(synth(stack).resource?.restful_resource ?? {});
    expect(scriptOf(stack).bindings).toEqual([
      { name: "AI", type: "ai" },
      {
        name: "ONE",
        type: "plain_text",
        text: `\${basename(restful_resource.${names[0]}.id)}`,
      },
      { name: "THREE", type: "plain_text", text: "elsewhere" },
      {
        name: "TWO",
        type: "plain_text",
        text: `\${basename(restful_resource.${names[1]}.id)}`,
      },
    ]);
  });

  test("fails for two names of the ai binding, naming both", () => {
    const { stack, worker } = newWorker();
    const gateway = new AiGateway(stack, "gateway");
    gateway.bind(worker, "ONE");
    gateway.bind(worker, aiGatewayBinding("TWO", { ai: "MODELS" }));

    expect(problemsOf(stack)).toEqual([
      '[chat/worker] ai binding: got the names "AI" and "MODELS"; a Worker has one ai binding for all its gateways. Use one name in every aiGatewayBinding.',
    ]);
  });

  test("fails for a name that is taken, naming what has it", () => {
    const { stack, worker } = newWorker({ vars: { GATEWAY: "x" } });
    new AiGateway(stack, "gateway").bind(worker, "GATEWAY");

    expect(problemsOf(stack)).toEqual([
      '[chat/worker] binding name: "GATEWAY" is used twice, for a var and for the gateway chat/gateway; each name stands for one thing in env. Rename one of them.',
    ]);
  });
});
