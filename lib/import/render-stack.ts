import { type Declaration, FreeNames, renderDeclaration } from "./declaration.js";
import { declareResources } from "./declare-resources.js";
import { readGatewayProps } from "./gateway-props.js";
import { commandName } from "./import-arguments.js";
import { judgeGateway, REFUSED } from "./judge-gateway.js";
import type { ExistingGateway } from "./read-gateway.js";
import { Secrets } from "./secrets.js";

export interface RenderedStack {
  /** The whole file. */
  readonly text: string;
  /** What its reader has to know, each a sentence; the file's first lines have them, too. */
  readonly notes: readonly string[];
  /** Variables whose values a deploy asks for, and what they are the values of. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** An app that declares an existing gateway and everything that belongs to it, and imports it. */
export function renderStack(existing: ExistingGateway): RenderedStack {
  const gatewayId = String(existing.gateway.id);
  const secrets = new Secrets();
  const names = new FreeNames("app", "stack", "gateway", "cloudflare");
  const props = readGatewayProps(existing.gateway, secrets);
  const gateway: Declaration = {
    className: "AiGateway",
    name: "gateway",
    props: { gatewayId, ...props },
    importFrom: [],
    objects: 1,
    variable: "gateway",
  };
  const resources = declareResources(existing, gatewayId, names);
  const notes = [
    ...judgeGateway(existing.gateway, props),
    ...resources.flatMap(({ className, name, problems = [] }) =>
      problems.map((problem) => `${REFUSED}: ${className} ${JSON.stringify(name)}: ${problem}`),
    ),
    ...existing.unread,
  ];
  const statements = [
    renderDeclaration(gateway, "gateway"),
    ...resources.map((resource) => renderDeclaration(resource, names.constructId(resource.name))),
  ];
  const body = [
    "const app = new App();",
    `const stack = new TerraformStack(app, ${JSON.stringify(gatewayId)});`,
    'new Cloudflare(stack, "cloudflare");',
    "",
    statements.join("\n\n"),
    "",
    "app.synth();",
  ].join("\n");
  const objects = [gateway, ...resources].reduce((sum, { objects: own }) => sum + own, 0);
  const header = renderHeader({ gatewayId, notes, secrets: secrets.declared, objects });
  return {
    text: `${header}\n\n${renderImports(body)}\n\n${body}\n`,
    notes,
    secrets: secrets.declared,
  };
}

const classes = [
  "AiGateway",
  "Cloudflare",
  "CustomDomain",
  "CustomProvider",
  "Dataset",
  "DynamicRoute",
  "Evaluation",
  "GatewayPolicy",
  "ProviderKey",
  "type RouteElement",
  "routeGraph",
  "SecretVariable",
];

function renderImports(statements: string): string {
  const body = statements.replaceAll(/^\/\/.*$/gm, "");
  const used = classes.filter((name) =>
    new RegExp(`\\b(new |as readonly |as unknown as )?${name.replace("type ", "")}\\b[(.[]`).test(
      body,
    ),
  );
  const line = `import { ${used.join(", ")} } from "cdktf-cloudflare-ai-gateway";`;
  const own =
    line.length <= 100
      ? line
      : `import {\n${used.map((name) => `  ${name},\n`).join("")}} from "cdktf-cloudflare-ai-gateway";`;
  return `import { App, TerraformStack } from "cdktf";\n${own}`;
}

interface HeaderFacts {
  readonly gatewayId: string;
  readonly notes: readonly string[];
  readonly secrets: ReadonlyMap<string, string>;
  readonly objects: number;
}

function renderHeader({ gatewayId, notes, secrets, objects }: HeaderFacts): string {
  const values = [...secrets].map(
    ([variable, purpose]) => `     export TF_VAR_${variable}=…   # ${purpose}`,
  );
  const lines = [
    `The AI gateway ${JSON.stringify(gatewayId)} as it is now, by: ${commandName(gatewayId)}`,
    "",
    "What to do next:",
    '  1. Make this file the app of cdktf.json, such as "app": "npx tsx gateway.ts", or move its lines into a stack of yours.',
    "  2. Set what the deploy needs:",
    "     export CLOUDFLARE_ACCOUNT_ID=… TF_VAR_cloudflare_api_token=…",
    ...values,
    ...(secrets.size === 0
      ? []
      : [
          "     The values that are in use: they are sent, once, and Cloudflare has them afterwards.",
        ]),
    `  3. npx cdktf diff: "${objects} to import", "0 to destroy", and no body that differs. What else it shows are notes in the`,
    "     state: docs/import.md says which.",
    "  4. npx cdktf deploy. The calls of importFrom may stay: they do nothing once the state has the objects.",
    ...(notes.length === 0
      ? []
      : [
          "",
          "What this code cannot say, or has to change:",
          ...notes.map((note) => `  - ${note}`),
          ...(notes.some((note) => note.startsWith(REFUSED))
            ? [
                "A construct that synth refuses may be removed: what is not declared stays as it is.",
              ]
            : []),
        ]),
  ];
  // What Cloudflare answered must not end the comment.
  return lines
    .flatMap((line) => line.split(/[\r\n\u2028\u2029]+/))
    .map((line) => `// ${line}`.trimEnd())
    .join("\n");
}
