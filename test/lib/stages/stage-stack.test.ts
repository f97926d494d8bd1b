import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { type App, LocalBackend, TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import {
  AiGateway,
  type AiGatewayProps,
  Cloudflare,
  Container,
  D1Database,
  type GatewayProvider,
  KvNamespace,
  Queue,
  R2Bucket,
  Stage,
  StageStack,
  Worker,
  WorkerRoute,
} from "../../../lib/index.js";
import { newBundle, newStack, only, problemsOf, synth } from "../new-stack.js";

const account = (scope: Construct, accountId = "account") =>
  new Cloudflare(scope, "cloudflare", {
    accountId,
    baseUrl: "https://api.cloudflare.com/client/v4",
    aiGatewayBaseUrl: "https://gateway.ai.cloudflare.com/v1",
  });

function stageStack(app: App, stage: Stage | string, props: AiGatewayProps = {}, id = "chat") {
  const stack = new StageStack(app, id, {
    stage: typeof stage === "string" ? new Stage(stage) : stage,
  });
  account(stack);
  new AiGateway(stack, "gateway", props);
  return stack;
}

const gatewayIdOf = (stack: TerraformStack) =>
  (only(synth(stack).resource?.restful_resource).body as { id: string }).id;

describe("a stack of a stage", () => {
  test("has the stage in its id, in the names of what is in it, and in its state's file", () => {
    const app = Testing.app();

    const stacks = ["production", "staging", "pr-12"].map((name) => stageStack(app, name));

    expect(stacks.map(({ node }) => node.id)).toEqual([
      "chat-production",
      "chat-staging",
      "chat-pr-12",
    ]);
    expect(stacks.map(gatewayIdOf)).toEqual([
      "chat-production-gateway",
      "chat-staging-gateway",
      "chat-pr-12-gateway",
    ]);
    const states = stacks.map((stack) => {
      stack.prepareStack();
      const { backend } = synth(stack).terraform as { backend: { local: { path: string } } };
      return backend.local.path.replace(/^.*\//, "");
    });
    expect(states).toEqual([
      "terraform.chat-production.tfstate",
      "terraform.chat-staging.tfstate",
      "terraform.chat-pr-12.tfstate",
    ]);
  });

  test("keeps the state of every workspace outside of cdktf.out, unless it has a backend of its own", () => {
    const app = Testing.app();
    const [plain, own] = [stageStack(app, "staging"), stageStack(app, "pr-12")];
    new LocalBackend(own, { path: "own.tfstate" });

    const [kept, named] = [plain, own].map((stack) => {
      stack.prepareStack();
      return (synth(stack).terraform as { backend: { local: object } }).backend.local;
    });

    const path = join(process.cwd(), "terraform.chat-staging.tfstate");
    expect(kept).toEqual({ path, workspace_dir: `${path}.d` });
    expect(named).toEqual({ path: "own.tfstate" });
  });

  test("is found from every construct in it; a stack without a stage has none", () => {
    const stage = new Stage("staging");
    const stack = stageStack(Testing.app(), stage);

    expect(Stage.of(new Construct(stack, "inner"))).toBe(stage);
    expect(Stage.of(newStack())).toBeUndefined();
  });

  test("fails when two stages write the same name, with both paths", () => {
    const app = Testing.app();
    const production = stageStack(app, "production", { gatewayId: "chat" });
    const staging = stageStack(app, "staging", { gatewayId: "chat" });

    expect(problemsOf(staging)).toEqual([
      '[chat-staging] gatewayId: got "chat" at chat-staging/gateway, and chat-production/gateway has it in the same account, where a name is there once. Remove gatewayId, or write stage.nameFor("chat").',
    ]);
    expect(problemsOf(production)).toHaveLength(1);
  });

  test("fails for one Worker's name and one hostname of two stages, whatever declares them", () => {
    const app = Testing.app();
    const stacks = ["production", "staging"].map((name) => {
      const stack = new StageStack(app, "chat", { stage: new Stage(name) });
      account(stack);
      return stack;
    });
    const [production, staging] = stacks as [StageStack, StageStack];
    const worker = new Worker(production, "worker", { bundle: newBundle(), scriptName: "chat" });
    new WorkerRoute(production, "route", { worker, zoneId: "zone", pattern: "example.com/*" });
    new Container(staging, "pdf", {
      bundle: newBundle("export class Pdf {}\nexport default {};\n"),
      className: "Pdf",
      scriptName: "chat",
      image: "registry.example.com/pdf:1",
    });
    const other = new Worker(staging, "worker", { bundle: newBundle() });
    new WorkerRoute(staging, "route", {
      worker: other,
      zoneId: "zone",
      pattern: "example.com/*",
    });

    expect([...problemsOf(staging)].sort()).toEqual([
      '[chat-staging] pattern: got "example.com/*" at chat-staging/route, and chat-production/route has it in the same account, where a name is there once. Write one that has the stage\'s name in it.',
      '[chat-staging] scriptName: got "chat" at chat-staging/pdf, and chat-production/worker has it in the same account, where a name is there once. Remove scriptName, or write stage.nameFor("chat").',
    ]);
  });

  test("keeps what holds data from being destroyed in production, unless it says otherwise", () => {
    const protections = (stage: Stage | undefined, props: { preventDestroy?: boolean } = {}) => {
      const app = Testing.app();
      const stack =
        stage === undefined
          ? new TerraformStack(app, "chat")
          : new StageStack(app, "chat", { stage });
      account(stack);
      new KvNamespace(stack, "titles", props);
      new R2Bucket(stack, "files", props);
      new D1Database(stack, "messages", props);
      new Queue(stack, "jobs", props);
      const { resource = {} } = synth(stack);
      return [
        "cloudflare_workers_kv_namespace",
        "cloudflare_r2_bucket",
        "cloudflare_d1_database",
        "cloudflare_queue",
      ].map(
        (type) =>
          (only(resource[type]).lifecycle as { prevent_destroy: boolean } | undefined)
            ?.prevent_destroy,
      );
    };
    const [all, none] = [Array(4).fill(true), Array(4).fill(false)];

    expect(protections(new Stage("production"))).toEqual(all);
    expect(protections(new Stage("live", { production: true }))).toEqual(all);
    expect(protections(new Stage("production"), { preventDestroy: false })).toEqual(none);
    expect(protections(new Stage("staging"))).toEqual(none);
    expect(protections(new Stage("staging"), { preventDestroy: true })).toEqual(all);
    expect(protections(undefined)).toEqual(none);
  });

  test("takes names that are the stage's own, and the same name in two accounts", () => {
    const app = Testing.app();
    for (const stage of [new Stage("production"), new Stage("staging")]) {
      stageStack(app, stage, { gatewayId: stage.nameFor("chat") });
      const other = new StageStack(app, "other", { stage });
      account(other, stage.name);
      new KvNamespace(other, "titles", { title: "titles" });
    }

    for (const stack of app.node.children) {
      expect(problemsOf(stack as TerraformStack)).toEqual([]);
    }
  });

  test("takes one name in two accounts where no stack has a stage, and fails for it in one account", () => {
    const declare = (accounts: readonly string[], gatewayProvider: GatewayProvider) => {
      const app = Testing.app();
      return accounts.map((accountId, index) => {
        const stack = newStack({ accountId }, `stack-${index}`, app);
        new AiGateway(stack, "gateway", { gatewayId: "chat", gatewayProvider });
        return stack;
      });
    };

    expect(declare(["one", "two"], "restful").flatMap(problemsOf)).toEqual([]);
    for (const provider of ["restful", "cloudflare"] as const) {
      expect(declare(["one", "two", "one"], provider).flatMap(problemsOf)).toEqual([
        '[stack-0] gatewayId: got "chat" at stack-0/gateway, and stack-2/gateway has it in the same account, where a name is there once. Write another gatewayId in one of them.',
        '[stack-2] gatewayId: got "chat" at stack-2/gateway, and stack-0/gateway has it in the same account, where a name is there once. Write another gatewayId in one of them.',
      ]);
    }
  });

  test("warns of a name that every stage would have, but not in production", () => {
    const warnings = (stage: string, props: AiGatewayProps) => {
      const stack = stageStack(Testing.app(), stage, props);
      synth(stack);
      return stack.node
        .findAll()
        .flatMap(({ node }) => node.metadata.filter(({ type }) => type === "@cdktf/warn"))
        .map(({ data }) => data as string);
    };

    expect(warnings("staging", { gatewayId: "chat" })).toEqual([
      'gatewayId: got "chat" in the stage "staging"; other stages have the same name in the same account, and only one of them can be deployed. Remove gatewayId, or write stage.nameFor("chat").',
    ]);
    expect(warnings("staging", {})).toEqual([]);
    expect(warnings("staging", { gatewayId: "chat-staging" })).toEqual([]);
    expect(warnings("production", { gatewayId: "chat" })).toEqual([]);
  });

  test("fails when the id of one stack in a stage reads as another's in another stage", () => {
    const app = Testing.app();
    stageStack(app, "admin-x", {}, "chat");

    expect(() => stageStack(app, "admin-x", {}, "chat-admin")).toThrow(
      'StageStack: got "chat-admin" in the stage "admin-x" beside "chat"; an id of the one in some stage is an id of the other in another, and they would share a state.',
    );
    expect(() => stageStack(app, "x", {}, "chat-other")).not.toThrow();
  });
});
