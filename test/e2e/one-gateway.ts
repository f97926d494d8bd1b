import { TerraformOutput, type TerraformStack } from "cdktf";
import { AiGateway, type AiGatewayProps, type GatewayProvider } from "../../lib/index.js";
import type { Workbench } from "./workbench.js";

type Planned = Awaited<ReturnType<Workbench["plan"]>>;

/** Declares one gateway, "moved", over either provider. */
export function declareGateway(
  bench: Workbench,
  gatewayProvider: GatewayProvider,
  props: AiGatewayProps = {},
  then: (gateway: AiGateway, stack: TerraformStack) => unknown = () => undefined,
): void {
  bench.synth((stack) => {
    const gateway = new AiGateway(stack, "gateway", {
      gatewayId: "moved",
      gatewayProvider,
      ...props,
    });
    new TerraformOutput(stack, "url", { value: gateway.url });
    then(gateway, stack);
  });
}

/** The gateway as the API shows it. */
export async function shownGateway(bench: Workbench): Promise<Record<string, unknown>> {
  const { body } = await bench.api("GET", "/ai-gateway/gateways/moved");
  return body.result as Record<string, unknown>;
}

/** What a plan does, by the type of the resource. */
export const plannedActions = ({ changes }: Planned): Record<string, string> =>
  Object.fromEntries(changes.map(({ type, change }) => [type, change.actions.join("+")]));

/** Request bodies that a plan changes in place. */
export const changedBodies = ({ changes }: Planned): unknown[] =>
  changes
    .filter(({ change }) => change.actions.join() === "update")
    .map(({ change: { before, after } }) => [before?.body, after?.body])
    .filter(([before, after]) => JSON.stringify(before) !== JSON.stringify(after));
