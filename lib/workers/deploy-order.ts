import { WorkersScript } from "@cdktf/provider-cloudflare/lib/workers-script";
import { DefaultTokenResolver, StringConcat, TerraformStack, Tokenization } from "cdktf";

const resolver = new DefaultTokenResolver(new StringConcat());

/**
 * What keeps a stack's Workers from being deployed one after the other: Terraform uploads a script after
 * those it refers to, and calls a circle of them a cycle of resources the user has never heard of.
 *
 * @returns the problem, for one script of a circle; nothing for the others
 */
export function circleProblems(script: WorkersScript): readonly string[] {
  const paths = circleOf(TerraformStack.of(script), script).map(workerPath);
  const [first, ...others] = paths;
  if (first === undefined || paths.some((path) => path < first)) {
    return [];
  }
  return others.length === 0
    ? [
        "this Worker is given something that is known only after its own deploy, such as its url or scriptName. Write the name out, or take the address from the request.",
      ]
    : [
        `deploy order: ${[...paths, first].join(" needs ")}; each would have to be deployed before the other. Give one of them the other's name written out, such as { type: "service", service: "its-name" }, and add that in a second deploy.`,
      ];
}

/** The shortest way from a script over others back to it; empty where there is none. */
function circleOf(stack: TerraformStack, start: WorkersScript): readonly WorkersScript[] {
  const seen = new Set<WorkersScript>();
  let ways: (readonly WorkersScript[])[] = [[start]];
  while (ways.length > 0) {
    const longer: (readonly WorkersScript[])[] = [];
    for (const way of ways) {
      for (const next of referencesOf(stack, way[way.length - 1] as WorkersScript)) {
        if (next === start) return way;
        if (!seen.has(next)) longer.push([...way, next]);
        seen.add(next);
      }
    }
    ways = longer;
  }
  return [];
}

function referencesOf(stack: TerraformStack, script: WorkersScript): readonly WorkersScript[] {
  const { resource } = Tokenization.resolve(script.toTerraform(), {
    scope: stack,
    resolver,
    preparing: false,
  }) as {
    readonly resource: { readonly cloudflare_workers_script: Record<string, object> };
  };
  const [block = {}] = Object.values(resource.cloudflare_workers_script);
  const text = JSON.stringify(block);
  if (!text.includes("cloudflare_workers_script.")) {
    return [];
  }
  return stack.node
    .findAll()
    .filter((other): other is WorkersScript => other instanceof WorkersScript)
    .filter(({ friendlyUniqueId }) =>
      text.includes(`cloudflare_workers_script.${friendlyUniqueId}.`),
    );
}

const workerPath = (script: WorkersScript): string => script.node.scope?.node.path ?? "";
