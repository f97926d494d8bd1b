import type { IConstruct } from "constructs";
import { shorten, show, showNoText, unknownProp, wrongValue } from "./prop-rules.js";
import { showUrl } from "./url-credentials.js";

/**
 * A mistake in how the constructs are used, found before anything is synthesized.
 *
 * Wrong values of props are no `UsageError`: they are collected and reported together at synth.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const invalidProps = (path: string, got: unknown, known: readonly string[]): UsageError =>
  new UsageError(
    `[${path}] props: got ${showNoText(got)}; allowed is an object. The props are ${known.join(", ")}.`,
  );

export const duplicateId = (id: string, scopes: readonly IConstruct[]): UsageError => {
  const paths = scopes.map(({ node }) => [node.path, id].filter(Boolean).join("/"));
  const first = scopes[0]?.node.tryFindChild(id);
  const kind = first === undefined ? "" : `, of the class ${first.constructor.name}`;
  let free = 2;
  while (scopes.some(({ node }) => node.tryFindChild(`${id}-${free}`) !== undefined)) free++;
  return new UsageError(
    `[${paths.join(" or ") || id}] There is a construct with this id already${kind}. Give this one another, the second argument, such as ${show(`${id}-${free}`)}, or remove it.`,
  );
};

export const emptyId = (): UsageError =>
  new UsageError(
    'A construct has no id. The second argument is a text that is not empty, such as new AiGateway(stack, "gateway").',
  );

export const noStack = (path: string): UsageError =>
  new UsageError(
    `${path === "" ? "A construct" : `[${path}] This construct`} is in no stack. Write const stack = new TerraformStack(app, "chat"), and pass the stack, or a construct in it, as the first argument.`,
  );

export const missingAccountId = (path: string): UsageError =>
  new UsageError(
    `[${path}] No Cloudflare account id. Write new Cloudflare(stack, "cloudflare", { accountId: "…" }), or export CLOUDFLARE_ACCOUNT_ID=… before cdktf runs. The dashboard shows it at Account Home → ⋯ → Copy account ID.`,
  );

export const invalidAccountId = (path: string, got: unknown): UsageError =>
  new UsageError(
    `[${path}] accountId: got ${show(got)}; allowed are letters, digits, "-" and "_". The dashboard shows it at Account Home → ⋯ → Copy account ID.`,
  );

export const invalidBaseUrl = (path: string, name: string, got: unknown): UsageError =>
  new UsageError(
    `[${path}] ${name}: got ${showUrl(got)}; allowed is an http or https URL without user and query, such as "https://api.cloudflare.com/client/v4".`,
  );

export const missingCloudflare = (path: string): UsageError =>
  new UsageError(
    `[${path}] This stack has no Cloudflare construct. Write new Cloudflare(stack, "cloudflare") in it, before the constructs that need it.`,
  );

export const secondCloudflare = (path: string, first: string): UsageError =>
  new UsageError(
    `[${path}] This stack has a Cloudflare construct already: ${first}. Remove this one, or put it into a stack of its own.`,
  );

export const invalidVariableName = (path: string, got: unknown): UsageError =>
  new UsageError(
    `[${path}] The id of a SecretVariable is the name of the Terraform variable: got ${show(got)}; allowed are letters, digits and "_", not a digit first, such as "openai_api_key".`,
  );

export const duplicateVariable = (path: string, name: string, first: string): UsageError =>
  new UsageError(
    `[${path}] The Terraform variable ${name} is declared already: ${first}. Use that one, or choose another id.`,
  );

export const noWorkerUrl = (path: string): UsageError =>
  new UsageError(
    `[${path}] This Worker has no url, because workersDev is false. Leave workersDev at its default, or give your own route's address instead of url.`,
  );

export const hclOutput = (path: string): UsageError =>
  new UsageError(
    `[${path}] These constructs synthesize Terraform JSON only: HCL has no form for their nested attributes in cdktf. Remove hclOutput: true, --hcl, or SYNTH_HCL_OUTPUT.`,
  );

export const backendWithoutAccount = (path: string): UsageError =>
  new UsageError(
    `[${path}] R2Backend: no Cloudflare account id. Write new R2Backend(stack, { accountId: "…", bucket: "…" }), or export CLOUDFLARE_ACCOUNT_ID=… before cdktf runs.`,
  );

export const backendOfEmulator = (path: string): UsageError =>
  new UsageError(
    `[${path}] R2Backend: the account of a run against the emulator has no S3 endpoint. Pass accountId (the bucket's own account) or endpoint, or declare the backend only where CLOUDFLARE_BASE_URL is not set: the stack's state is kept locally then.`,
  );

export const invalidBackendProp = (
  path: string,
  prop: string,
  got: unknown,
  allowed: string,
): UsageError =>
  new UsageError(
    `[${path}] R2Backend: ${prop}: got ${prop === "endpoint" ? showUrl(got) : show(got)}; allowed is ${allowed}.`,
  );

export const unknownBackendProp = (
  path: string,
  prop: string,
  known: readonly string[],
): UsageError => new UsageError(`[${path}] R2Backend: ${unknownProp(prop, known)}`);

export const tokenInBackend = (path: string, prop: string): UsageError =>
  new UsageError(
    `[${path}] R2Backend: ${prop} is only known to Terraform, which reads its backend before anything else. Write it out.`,
  );

export const credentialsInBackend = (path: string, prop: string): UsageError =>
  new UsageError(
    `[${path}] R2Backend: there is no prop ${prop}: it would be readable in the synthesized JSON. Export AWS_ACCESS_KEY_ID=… and AWS_SECRET_ACCESS_KEY=…, the S3 credentials of an R2 API token.`,
  );

export const secondBackend = (path: string): UsageError =>
  new UsageError(
    `[${path}] This stack has a backend already; its state is in one place. Remove one.`,
  );

export const sharedBackendKey = (path: string, first: string, key: string): UsageError =>
  new UsageError(
    `[${path}] R2Backend: the state of ${first} is kept under ${show(key)} of the same bucket; the one stack would delete what the other made. Give each a key of its own.`,
  );

export const invalidStageName = (got: unknown, maxLength: number): UsageError =>
  new UsageError(
    `Stage: got ${show(got)}; allowed is 1 to ${maxLength} characters, lower-case words of letters and digits joined by single hyphens, a letter first, such as "staging" or "pr-12".`,
  );

export const invalidStageProp = (
  place: string,
  prop: string,
  got: unknown,
  allowed: string,
): UsageError => new UsageError(`[${place}] ${wrongValue(prop, got, allowed)}`);

export const unknownStageProp = (
  place: string,
  prop: string,
  known: readonly string[],
): UsageError => new UsageError(`[${place}] ${unknownProp(prop, known)}`);

export const missingStage = (variable: string): UsageError =>
  new UsageError(
    `Stage.fromEnvironment: this is a run of a CI, and ${variable} is not set. Set it in the workflow: ${variable}=production, or ${variable}=pr-12 for a preview.`,
  );

export const noStageOfPullRequest = (got: unknown): UsageError =>
  new UsageError(
    `Stage.forPullRequest: got ${show(got)}; allowed is the number of a pull request, 1 or more.`,
  );

export const tooLongForStage = (name: string, own: string, maxLength: number): UsageError =>
  new UsageError(
    `Stage.nameFor: got ${show(name)}, which makes ${show(own)}, ${own.length} characters; allowed are ${maxLength}. Shorten the name.`,
  );

export const ambiguousStageStack = (id: string, stage: string, other: string): UsageError =>
  new UsageError(
    `StageStack: got ${show(id)} in the stage ${show(stage)} beside ${show(other)}; an id of the one in some stage is an id of the other in another, and they would share a state. Rename the stage or one of the stacks.`,
  );

export const exemptionWithoutReason = (path: string, rule: string): UsageError =>
  new UsageError(
    `[${path}] AiGatewayPolicyPack.exempt: no reason is given for the exemption from ${show(rule)}. Say why; the synth lists it.`,
  );

export const invalidPolicyCheck = (
  path: string,
  rule: string,
  problem: string,
  options?: ErrorOptions,
): UsageError =>
  new UsageError(
    `[${path}] AiGatewayPolicyPack: the check of the policy ${show(rule)} ${problem}. Correct the check, or set the rule's level to "off".`,
    options,
  );

export const invalidPolicy = (
  prop: string,
  problem: string,
  allowed: readonly string[],
): UsageError =>
  new UsageError(
    `AiGatewayPolicyPack: ${shorten(prop)}: ${problem}; allowed is ${allowed.join(", ")}.`,
  );

export const unknownPolicy = (prop: string, known: readonly string[]): UsageError =>
  new UsageError(`AiGatewayPolicyPack: ${unknownProp(prop, known)}`);
