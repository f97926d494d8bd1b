import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { commandEnvironment, type ProviderMode } from "../../../emulator/environment.js";
import {
  startTerraformProviders,
  type TerraformProviders,
} from "../../../emulator/terraform/serve.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";
import { type Api, startApi, upload } from "../control-plane/start-api.js";
import { required } from "./bench.js";
import { digest } from "./rest-api.js";
import { describeWithTerraform, type Run } from "./terraform.js";

const mode: ProviderMode = process.env.TEST_PROVIDERS === "installed" ? "installed" : "embedded";

interface Step {
  readonly new_sqlite_classes?: readonly string[];
  readonly renamed_classes?: readonly { readonly from: string; readonly to: string }[];
  readonly deleted_classes?: readonly string[];
}

/** A Worker as one deploy of it is declared. */
interface Declared {
  readonly exported: readonly string[];
  readonly steps: readonly Step[];
  readonly bound: readonly string[];
  readonly greeting?: string;
  /** Further arguments of the script. */
  readonly more?: string;
}

const code = ({ exported, greeting = "hi" }: Declared): string =>
  [
    ...exported.map((name) => `export class ${name} {}`),
    `export default { fetch: () => new Response("${greeting}") };`,
  ].join("\n");

/**
 * The tag the script has is read while planning and held in the state; it is read anew only when
 * something about the script changes. So the block of steps that follow from it stays what the state
 * has, and each step is sent once.
 */
const configuration = (declared: Declared, accountId: string): string => `${required}
  locals {
    account = "${accountId}"
    code    = "${digest(code(declared))}"
    steps   = ${JSON.stringify(declared.steps)}
    tags    = [for index, step in local.steps : "v\${index + 1}"]
    bindings = ${JSON.stringify(
      declared.bound.map((name) => ({
        type: "durable_object_namespace",
        name: name.toUpperCase(),
        class_name: name,
      })),
    )}
    live = try(data.restful_resource.service.output.result.default_environment.script.migration_tag, null)
    from = terraform_data.tag.output
    todo = slice(local.steps, local.from == null ? 0 : index(local.tags, local.from) + 1, length(local.steps))
  }
  variable "base_url" { type = string }
  variable "token" {
    type      = string
    ephemeral = true
  }
  provider "restful" {
    base_url = var.base_url
    security = { http = { token = { token = var.token } } }
  }
  provider "cloudflare" {
    base_url  = var.base_url
    api_token = var.token
  }
  data "restful_resource" "service" {
    id              = "/accounts/\${local.account}/workers/services/chat"
    allow_not_exist = true
  }
  resource "terraform_data" "fingerprint" {
    input = sha256(jsonencode([local.code, local.bindings, local.steps]))
  }
  resource "terraform_data" "tag" {
    input = local.live
    lifecycle {
      ignore_changes       = [input]
      replace_triggered_by = [terraform_data.fingerprint]
    }
  }
  resource "cloudflare_workers_script" "worker" {
    account_id         = local.account
    script_name        = "chat"
    content_file       = "\${path.module}/worker.js"
    content_sha256     = local.code
    main_module        = "worker.js"
    compatibility_date = "2026-01-01"
    bindings           = local.bindings
    ${declared.more ?? ""}
    migrations = length(local.todo) == 0 ? null : {
      old_tag = local.from
      new_tag = local.tags[length(local.tags) - 1]
      steps = [for step in local.todo : {
        new_sqlite_classes = try(step.new_sqlite_classes, null)
        renamed_classes    = try(step.renamed_classes, null)
        deleted_classes    = try(step.deleted_classes, null)
      }]
    }
  }`;

describeWithTerraform(`Durable Object classes, with the ${mode} providers`, () => {
  jest.setTimeout(180_000);
  let api: Api;
  let providers: TerraformProviders;
  let folder: string;

  beforeEach(async () => {
    api = await startApi();
    providers = await startTerraformProviders({ environment: {} });
    folder = temporaryFolder("classes-");
  });
  afterEach(async () => {
    await removeFolder(folder);
    await providers.close();
    await api.close();
  });

  function terraform(...args: string[]): Promise<Run> {
    const facts = {
      apiUrl: `${api.origin}/client/v4`,
      aiGatewayUrl: "http://127.0.0.1:1/v1",
      accountId: api.state.accountId,
      apiToken: api.state.apiToken,
      reattach: providers.reattach,
    };
    const { TF_WORKSPACE: _, ...env } = commandEnvironment(process.env, facts, mode);
    if (mode === "embedded") delete env.TF_CLI_CONFIG_FILE;
    const child = spawn("terraform", args, {
      cwd: folder,
      env: {
        ...env,
        TF_IN_AUTOMATION: "1",
        TF_INPUT: "0",
        TF_VAR_base_url: facts.apiUrl,
        TF_VAR_token: facts.apiToken,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
  }

  async function must(...args: string[]): Promise<void> {
    const { code: exit, output } = await terraform(...args);
    if (exit !== 0) throw new Error(`terraform ${args.join(" ")}:\n${output}`);
  }

  /** Deploys, and holds the next plan to be empty. */
  async function deploy(declared: Declared): Promise<void> {
    writeFileSync(join(folder, "worker.js"), code(declared));
    writeFileSync(join(folder, "main.tf"), configuration(declared, api.state.accountId));
    await must("init", "-no-color");
    await must("apply", "-auto-approve", "-no-color");
    const planned = await terraform("plan", "-detailed-exitcode", "-no-color");
    if (planned.code !== 0) throw new Error(`The second plan is not empty:\n${planned.output}`);
  }

  const classes = async () =>
    (await api.call("GET", "/workers/durable_objects/namespaces")).json.result as {
      id: string;
      class: string;
    }[];
  const tag = () => api.state.workers.get("chat")?.migration_tag;

  const room: Step = { new_sqlite_classes: ["Room"] };
  const lobby: Step = { new_sqlite_classes: ["Lobby"] };
  const hall: Step = { renamed_classes: [{ from: "Room", to: "Hall" }] };
  const noLobby: Step = { deleted_classes: ["Lobby"] };

  test("are made, kept over a change of the code, added, renamed, deleted and made anew elsewhere", async () => {
    // WHEN a first deploy makes a class
    await deploy({ exported: ["Room"], steps: [room], bound: ["Room"] });
    const [made] = await classes();
    expect([tag(), made?.class]).toEqual(["v1", "Room"]);

    // WHEN the code changes
    await deploy({ exported: ["Room"], steps: [room], bound: ["Room"], greeting: "hello" });
    // THEN class and namespace stay
    expect(await classes()).toEqual([made]);

    // WHEN a class is added
    await deploy({ exported: ["Room", "Lobby"], steps: [room, lobby], bound: ["Room", "Lobby"] });
    expect((await classes()).map(({ class: name }) => name)).toEqual(["Room", "Lobby"]);

    // WHEN a class is renamed
    const renamed = [room, lobby, hall];
    await deploy({ exported: ["Hall", "Lobby"], steps: renamed, bound: ["Hall", "Lobby"] });
    // THEN its objects are where they were
    expect((await classes()).find(({ class: name }) => name === "Hall")?.id).toBe(made?.id);

    // WHEN a class is deleted
    const last = { exported: ["Hall"], steps: [...renamed, noLobby], bound: ["Hall"] };
    await deploy(last);
    expect([tag(), (await classes()).map(({ id }) => id)]).toEqual(["v4", [made?.id]]);
    expect(api.host.dropped).toHaveLength(1);

    // WHEN all of it is destroyed, and made in a fresh environment
    await must("destroy", "-auto-approve", "-no-color");
    expect(await classes()).toEqual([]);
    await deploy(last);
    // THEN the whole history runs at once
    expect([tag(), (await classes()).map(({ class: name }) => name)]).toEqual(["v4", ["Hall"]]);
    expect(readFileSync(join(folder, "terraform.tfstate"), "utf8")).not.toContain(
      api.state.apiToken,
    );
  });

  test("plan empty beside tail consumers, limits, placement and logpush, set and taken back", async () => {
    // GIVEN
    await api.call(
      "PUT",
      "/workers/scripts/tail",
      upload({ main_module: "main.js" }, { "main.js": "export default { tail() {} };" }),
    );
    const declared = { exported: ["Room"], steps: [room], bound: ["Room"] };
    const settings = async () =>
      (await api.call("GET", "/workers/scripts/chat/settings")).json.result;
    // WHEN
    await deploy({
      ...declared,
      more: `
        limits         = { cpu_ms = 50 }
        logpush        = true
        placement      = { mode = "smart" }
        tail_consumers = [{ service = "tail" }]`,
    });
    // THEN
    expect(await settings()).toMatchObject({
      limits: { cpu_ms: 50 },
      logpush: true,
      placement: { mode: "smart" },
      tail_consumers: [{ service: "tail" }],
    });
    // WHEN
    await deploy({ ...declared, greeting: "hello" });
    // THEN
    expect(await settings()).toMatchObject({ logpush: false, placement: {} });
    expect(await settings()).not.toHaveProperty("limits");
  });

  test("are not changed by an upload that is refused, and the next deploy goes through", async () => {
    // GIVEN
    await deploy({ exported: ["Room"], steps: [room], bound: ["Room"] });
    // WHEN the new class is not exported
    const declared = { exported: ["Room"], steps: [room, lobby], bound: ["Room"] };
    writeFileSync(join(folder, "main.tf"), configuration(declared, api.state.accountId));
    const refused = await terraform("apply", "-auto-approve", "-no-color");
    // THEN
    expect(refused.code).toBe(1);
    expect(refused.output.replace(/\s*[│╷╵]?\s+/g, " ")).toContain(
      "new-class migration to class 'Lobby' that is not exported",
    );
    expect(tag()).toBe("v1");
    // WHEN it is
    await deploy({ ...declared, exported: ["Room", "Lobby"] });
    // THEN
    expect(tag()).toBe("v2");
  });
});
