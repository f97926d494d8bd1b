import { describe, expect, test } from "@jest/globals";
import { Container, type ContainerProps, Worker } from "../../../lib/index.js";
import { newBundle, newFolder, newStack, only, problemsOf, synth } from "../new-stack.js";

const bundle = newBundle(
  "export class Pdf {}\nexport class Report {}\nexport default { fetch() {} };\n",
);
const image = "registry.cloudflare.com/account/pdf:1.2.0";
const valid: ContainerProps = { bundle, className: "Pdf", image };

function declare(props: Record<string, unknown> = {}, baseUrl?: string) {
  const stack = newStack(baseUrl === undefined ? {} : { baseUrl });
  const container = new Container(stack, "pdf", { ...valid, ...props } as ContainerProps);
  return { stack, container };
}

/** The resource a construct id became. */
function resource(stack: Parameters<typeof synth>[0], type: string, id: string) {
  const all = synth(stack).resource?.[type] ?? {};
  return only(
    Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith(`pdf_${id}_`))),
  ) as { body: Record<string, unknown>; [name: string]: unknown };
}

describe("a container", () => {
  test("uploads a Worker of its own whose version declares the class and its container", () => {
    // WHEN
    const { stack } = declare({ ports: [8080], environment: { MODE: "fast" }, sleepAfter: "5m" });
    // THEN
    const version = resource(stack, "restful_operation", "Version");
    expect(version).toMatchObject({
      method: "POST",
      query: { deploy: ["true"] },
      body: {
        main_module: "container.js",
        bindings: [
          {
            type: "json",
            name: "CONTAINER_SETTINGS",
            json: {
              defaultPort: 8080,
              requiredPorts: [8080],
              sleepAfter: "5m",
              envVars: { MODE: "fast" },
            },
          },
        ],
        exports: { Pdf: { type: "durable-object", storage: "sqlite" } },
        containers: [{ class_name: "Pdf" }],
      },
    });
    expect(JSON.stringify(version.ephemeral_body)).toMatch(/filebase64/);
    expect(resource(stack, "restful_resource", "Worker").body).toEqual({ name: "chat-pdf" });
  });

  test("declares sizes in place of the instance type, which the API would answer otherwise", () => {
    // WHEN
    const { stack } = declare({ instanceType: "standard-1", maxInstances: 3 });
    // THEN
    expect(resource(stack, "restful_resource", "Application").body).toMatchObject({
      name: "chat-pdf",
      max_instances: 3,
      configuration: { image, vcpu: 0.5, memory_mib: 4096, disk: { size_mb: 8000 } },
    });
  });

  test("is the smallest there is when nothing is said", () => {
    const { stack } = declare();
    expect(resource(stack, "restful_resource", "Application").body).toMatchObject({
      max_instances: 20,
      configuration: { vcpu: 0.0625, memory_mib: 256, disk: { size_mb: 2000 } },
    });
  });

  test("leaves a tombstone for each name its class had", () => {
    const { stack } = declare({ className: "Report", renamedFrom: ["Pdf"] });
    expect(resource(stack, "restful_operation", "Version").body.exports).toEqual({
      Pdf: { type: "durable-object", state: "renamed", renamed_to: "Report" },
      Report: { type: "durable-object", storage: "sqlite" },
    });
  });

  test("binds to other Workers as a class of its own Worker", () => {
    // GIVEN
    const { stack, container } = declare();
    // WHEN
    new Worker(stack, "front", { bundle: newBundle(), bindings: { PDF: container } });
    // THEN
    expect(only(synth(stack).resource?.cloudflare_workers_script).bindings).toEqual([
      {
        type: "durable_object_namespace",
        name: "PDF",
        class_name: "Pdf",
        script_name: expect.stringContaining('namespace.script == "chat-pdf"'),
      },
    ]);
  });

  test("tells only the emulator in which folder the image is", () => {
    // GIVEN
    const directory = newFolder({ Dockerfile: "FROM node:22" });
    // WHEN
    const here = declare({ directory }, "http://127.0.0.1:8787/client/v4");
    const there = declare({ directory });
    // THEN
    expect(resource(here.stack, "restful_resource", "EmulatedImage").body).toMatchObject({
      image,
      directory,
    });
    expect(JSON.stringify(synth(there.stack))).not.toContain(directory);
  });

  test("passes template signs of its environment as they are written", () => {
    const { stack } = declare({ environment: { PATTERN: "$" + "{HOME}" } });
    expect(JSON.stringify(resource(stack, "restful_operation", "Version").body)).toContain(
      "$$" + "{HOME}",
    );
  });
});

describe("a container's props", () => {
  const directory = newFolder({ Dockerfile: "FROM node:22" });

  test.each<Record<string, unknown>>([
    { image: "node:22" },
    { image: "localhost:5000/team/pdf:v1" },
    { image: `registry.example/pdf@sha256:${"a".repeat(64)}` },
    { vcpu: 1, memoryMib: 3072, diskMb: 6000 },
    { vcpu: 4, memoryMib: 12_288, diskMb: 20_000 },
    { instanceType: "standard-4" },
    { ports: [1, 65_535], defaultPort: 1 },
    { sleepAfter: "90s" },
    { directory },
    { scriptName: "pdf", compatibilityDate: "2026-04-26", compatibilityFlags: ["nodejs_compat"] },
  ])("may be %j", (props) => {
    expect(problemsOf(declare(props).stack)).toEqual([]);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ bundle: "nowhere.js" }, 'bundle: got "nowhere.js"; there is no such file.'],
    [{ bundle: 5 }, "bundle: got 5"],
    [{ className: "not a name" }, 'className: got "not a name"'],
    [{ className: "Missing" }, 'does not export "Missing"; it exports Pdf, Report, default.'],
    [{ renamedFrom: ["Pdf"] }, 'renamedFrom: got "Pdf", which is the class\'s name now.'],
    [{ scriptName: "Upper" }, 'scriptName: got "Upper"'],
    [{ image: "pdf" }, 'image: got "pdf"; allowed is an image reference with a tag or a digest'],
    [{ image: "https://registry.example/pdf:1" }, "image: got"],
    [{ image: "registry.example:5000/pdf" }, "image: got"],
    [{ image: undefined }, "image: got nothing"],
    [{ directory: "/nowhere" }, 'directory: got "/nowhere"; there is no Dockerfile in it.'],
    [{ instanceType: "huge" }, 'instanceType: got "huge"; allowed is "lite" or "basic" or'],
    [
      { instanceType: "lite", vcpu: 1, memoryMib: 3072, diskMb: 1 },
      'instanceType: got "lite" with vcpu',
    ],
    [{ vcpu: 0.5, memoryMib: 3072, diskMb: 1 }, "vcpu: got 0.5; allowed is a number from 1 to 4"],
    [{ vcpu: 1 }, "vcpu: got 1 without memoryMib and diskMb"],
    [{ memoryMib: 4096 }, "memoryMib: got 4096 without vcpu"],
    [{ diskMb: 4096 }, "diskMb: got 4096 without vcpu"],
    [{ vcpu: 2, memoryMib: 4096, diskMb: 1 }, "memoryMib: got 4096"],
    [{ vcpu: 1, memoryMib: 3072, diskMb: 6001 }, "diskMb: got 6001"],
    [{ maxInstances: 0 }, "maxInstances: got 0"],
    [{ ports: [] }, "ports: got an empty array"],
    [{ ports: [0] }, "ports: got 0"],
    [{ defaultPort: 65_536 }, "defaultPort: got 65536"],
    [{ environment: { "1A": "x" } }, 'environment: got "1A"'],
    [{ environment: { A: 5 } }, "environment.A: got a value of type number"],
    [{ sleepAfter: "10 minutes" }, 'sleepAfter: got "10 minutes"; allowed is a time such as "30s"'],
    [{ sleepAfter: 600 }, "sleepAfter: got 600"],
    [{ compatibilityDate: "2026-02-30" }, 'compatibilityDate: got "2026-02-30"'],
    [{ compatibilityFlags: "nodejs_compat" }, 'compatibilityFlags: got "nodejs_compat"'],
    [{ size: 1 }, "size: there is no such prop"],
  ])("fails when they are %j", (props, message) => {
    const problems = problemsOf(declare(props).stack);
    expect(problems).toEqual([expect.stringContaining(message)]);
    expect(problems[0]).toContain("[chat/pdf]");
  });
});
