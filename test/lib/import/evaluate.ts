import { routeGraph } from "../../../lib/index.js";

/** What code that was written says; a secret is the name of its variable. */
export function evaluate(code: string): unknown {
  class SecretVariable {
    constructor(_: unknown, id: string) {
      // biome-ignore lint/correctness/noConstructorReturn: a text stands for it
      return Object(`secret ${id}`);
    }
  }
  const plain = code.replace(/ as unknown as RouteElement\[\]$/, "");
  return new Function("SecretVariable", "stack", "routeGraph", `return (${plain});`)(
    SecretVariable,
    undefined,
    routeGraph,
  );
}
