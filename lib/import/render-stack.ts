import { shellWord } from "../../protocol/shell-word.js";
import { Expression } from "./code.js";
import { type Declaration, FreeNames, renderDeclaration } from "./declaration.js";
import { declareResources } from "./declare-resources.js";
import { readGatewayProps } from "./gateway-props.js";
import { commandName } from "./import-arguments.js";
import { changedSettings, judgeGateway, REFUSED } from "./judge-gateway.js";
import { type PlanOfImport, planLine, planReasons } from "./plan-of-import.js";
import type { ExistingGateway } from "./read-gateway.js";
import { SecretExpression, Secrets } from "./secrets.js";

export interface RenderedStack {
  /** The whole file. */
  readonly text: string;
  /** What its reader has to know, each a sentence; the file's first lines have them, too. */
  readonly notes: readonly string[];
  /** Variables whose values a deploy asks for, and what they are the values of. */
  readonly secrets: ReadonlyMap<string, string>;
  /** What the deploy's plan counts. */
  readonly plan: PlanOfImport;
}

/**
 * An app that declares existing gateways and everything that belongs to them, and imports it.
 * @param out The file it is written to; undefined where its caller names it
 */
export function renderStack(gateways: readonly ExistingGateway[], out?: string): RenderedStack {
  const gatewayIds = gateways.map(({ gateway }) => String(gateway.id));
  const secrets = new Secrets();
  const names = new FreeNames("app", "stack", "cloudflare");
  const notes: string[] = [];
  const declarations: Declaration[] = [];
  let sends = 0;
  let repairs = 0;
  const providers = new Set<unknown>();
  gateways.forEach((whole, index) => {
    const gatewayId = gatewayIds[index] ?? "";
    const props = readGatewayProps(whole.gateway, secrets);
    const hasSecrets = mentions(Object.values(props), SecretExpression);
    const isChanged = changedSettings(whole.gateway, props).length > 0;
    const variable = gateways.length === 1 ? "gateway" : names.variable(gatewayId, "gateway");
    // An account has one of each, whichever gateways use it.
    const customProviders = whole.customProviders.filter(({ id }) => !providers.has(id));
    for (const { id } of customProviders) providers.add(id);
    const existing = { ...whole, customProviders };
    const resources = declareResources(existing, { gatewayId, variable, names });
    if (hasSecrets) sends += 1;
    if (isChanged) repairs += 1;
    declarations.push(
      {
        className: "AiGateway",
        name: gateways.length === 1 ? "gateway" : gatewayId,
        props: { gatewayId, ...props },
        importFrom: [],
        objects: 1,
        updates: hasSecrets || isChanged ? 1 : 0,
        variable,
      },
      ...resources,
    );
    const own = [
      ...judgeGateway(whole.gateway, props),
      ...resources.flatMap(({ className, name, problems = [] }) =>
        problems.map((problem) => `${REFUSED}: ${className} ${JSON.stringify(name)}: ${problem}`),
      ),
      ...whole.unread,
    ];
    notes.push(...own.map((note) => (gateways.length === 1 ? note : `${gatewayId}: ${note}`)));
  });
  const statements = declarations.map((declaration) =>
    renderDeclaration(declaration, names.constructId(declaration.name), 2),
  );
  const body = [
    "void synthApp((app) => {",
    `  const stack = new TerraformStack(app, ${JSON.stringify(gateways.length === 1 ? gatewayIds[0] : "ai-gateways")});`,
    '  new Cloudflare(stack, "cloudflare");',
    "",
    statements.join("\n\n"),
    "});",
  ].join("\n");
  const sum = (count: (declaration: Declaration) => number) =>
    declarations.reduce((total, declaration) => total + count(declaration), 0);
  const plan = {
    imports: sum(({ objects }) => objects),
    sends,
    updates: sum(({ updates = 0 }) => updates),
    repairs,
  };
  const header = renderHeader({ gatewayIds, out, notes, secrets: secrets.declared, plan });
  return {
    text: `${header}\n\n${renderImports(body)}\n\n${body}\n`,
    notes,
    secrets: secrets.declared,
    plan,
  };
}

/** Whether a value of the code has one of a class in it. */
const mentions = (code: unknown, of: new (...args: never[]) => unknown): boolean =>
  code instanceof of ||
  (code instanceof Object &&
    !(code instanceof Expression) &&
    Object.values(code).some((inner) => mentions(inner, of)));

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
  "synthApp",
];

function renderImports(statements: string): string {
  const body = statements.replaceAll(/^ *\/\/.*$/gm, "");
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
  return `import { TerraformStack } from "cdktf";\n${own}`;
}

interface HeaderFacts {
  readonly gatewayIds: readonly string[];
  readonly out: string | undefined;
  readonly notes: readonly string[];
  readonly secrets: ReadonlyMap<string, string>;
  readonly plan: PlanOfImport;
}

function renderHeader({ gatewayIds, out, notes, secrets, plan }: HeaderFacts): string {
  const args = [...gatewayIds, ...(out === undefined ? [] : ["--out", out])].map(shellWord);
  const app = JSON.stringify(`npx tsx ${shellWord(out ?? "gateway.ts")}`);
  const values = [...secrets].map(
    ([variable, purpose]) => `     export TF_VAR_${variable}=…   # ${purpose}`,
  );
  const lines = [
    `The AI ${gatewayIds.length === 1 ? "gateway" : "gateways"} ${gatewayIds.map((id) => JSON.stringify(id)).join(", ")} as ${gatewayIds.length === 1 ? "it is" : "they are"} now, by: ${commandName(args.join(" "))}`,
    "",
    "What to do next:",
    `  1. Make this file the app of cdktf.json, such as "app": ${app}, or move its lines into a stack of yours.`,
    "  2. Set what the deploy needs:",
    "     export CLOUDFLARE_ACCOUNT_ID=… TF_VAR_cloudflare_api_token=…",
    "     export TF_INPUT=0   # a variable that is not set is an error; cdktf would wait for ever",
    ...values,
    ...(secrets.size === 0
      ? []
      : [
          "     The values that are in use: they are sent, once, and Cloudflare has them afterwards.",
        ]),
    `  3. npx cdktf diff: ${planLine(plan)}`,
    ...planReasons(plan).map((reason) => `     ${reason}`),
    "  4. npx cdktf deploy. The next diff shows no changes. The calls of importFrom may stay for good.",
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
