import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { containerImageName } from "../../../emulator/containers/container-engine.js";
import { EmulatorError } from "../../../emulator/emulator-error.js";
import { type Api, startApi } from "./start-api.js";

const code = `import { DurableObject } from "cloudflare:workers";
export class Pdf extends DurableObject {}
export class Report extends DurableObject {}
export default { fetch: () => new Response("ok") };`;
const worker = "/workers/workers";
const applications = "/containers/applications";
const version = {
  main_module: "main.js",
  modules: [
    {
      name: "main.js",
      content_type: "application/javascript+module",
      content_base64: Buffer.from(code).toString("base64"),
    },
  ],
  compatibility_date: "2026-01-01",
  exports: { Pdf: { type: "durable-object", storage: "sqlite" } },
  containers: [{ class_name: "Pdf" }],
};

let api: Api;
let broken = false;
beforeEach(async () => {
  broken = false;
  const fail = async () => {
    if (broken) throw new EmulatorError("docker build failed: no space left.");
  };
  api = await startApi({ engine: { check: fail, rollOut: fail } });
});
afterEach(() => api.close());

const deploy = (body: object = version) =>
  api.call("POST", `${worker}/pdf/versions?deploy=true`, body);

async function namespaceId(className = "Pdf"): Promise<string> {
  const { json } = await api.call("GET", "/workers/durable_objects/namespaces?per_page=1000");
  return json.result.find((row: { class: string }) => row.class === className).id;
}

async function createApplication(change: object = {}) {
  return await api.call("POST", applications, {
    name: "pdf",
    scheduling_policy: "default",
    instances: 0,
    max_instances: 3,
    durable_objects: { namespace_id: await namespaceId() },
    configuration: { image: "registry.example/pdf:1", instance_type: "basic" },
    ...change,
  });
}

describe("a Worker with versions of its own", () => {
  test("is made, read back as it was sent, changed and deleted", async () => {
    // GIVEN
    const made = await api.call("POST", worker, { name: "pdf", observability: { enabled: true } });
    // WHEN
    const changed = await api.call("PUT", `${worker}/pdf`, { name: "pdf", logpush: true });
    // THEN
    expect(made.json.result).toMatchObject({ name: "pdf", observability: { enabled: true } });
    expect(changed.json.result).toMatchObject({ id: made.json.result.id, logpush: true });
    expect((await api.call("GET", `${worker}/${made.json.result.id}`)).json.result.name).toBe(
      "pdf",
    );
    await api.call("DELETE", `${worker}/pdf`);
    expect((await api.call("GET", `${worker}/pdf`)).status).toBe(404);
  });

  test("runs a version from JSON with its classes, their containers and its settings", async () => {
    // GIVEN
    await api.call("POST", worker, { name: "pdf", logpush: true });
    // WHEN
    const { status } = await deploy();
    // THEN
    expect(status).toBe(200);
    const id = await namespaceId();
    expect(api.host.running.get("pdf")).toMatchObject({
      mainModule: "main.js",
      durableObjects: [
        { className: "Pdf", sqlite: true, container: { image: containerImageName(id) } },
      ],
    });
    const { json } = await api.call("GET", "/workers/scripts/pdf/settings");
    expect(json.result.logpush).toBe(true);
  });

  test("takes the same version again, and keeps the namespace of a renamed class", async () => {
    // GIVEN
    await api.call("POST", worker, { name: "pdf" });
    await deploy();
    const before = await namespaceId();
    // WHEN
    const again = await deploy();
    const renamed = await deploy({
      ...version,
      exports: {
        Pdf: { type: "durable-object", state: "renamed", renamed_to: "Report" },
        Report: { type: "durable-object", storage: "sqlite" },
      },
      containers: [{ class_name: "Report" }],
    });
    // THEN
    expect([again.status, renamed.status]).toEqual([200, 200]);
    expect(await namespaceId("Report")).toBe(before);
  });

  test("refuses a version that is not deployed, a name that is taken and what a version has not", async () => {
    // GIVEN
    await api.call("POST", worker, { name: "pdf" });
    // WHEN
    const kept = await api.call("POST", `${worker}/pdf/versions`, version);
    const second = await api.call("POST", worker, { name: "pdf" });
    const keep = await deploy({ ...version, keep_bindings: ["secret_text"] });
    const nobody = await api.call("POST", `${worker}/other/versions?deploy=true`, version);
    // THEN
    expect([kept.status, second.status, keep.status, nobody.status]).toEqual([501, 409, 400, 404]);
  });
});

describe("a container application", () => {
  beforeEach(async () => {
    await api.call("POST", worker, { name: "pdf" });
    await deploy();
  });

  test("answers with sizes in place of the instance type", async () => {
    // WHEN
    const { json } = await createApplication();
    // THEN
    expect(json.result).toMatchObject({
      name: "pdf",
      version: 1,
      max_instances: 3,
      configuration: {
        image: "registry.example/pdf:1",
        vcpu: 0.25,
        memory_mib: 1024,
        disk: { size_mb: 4000 },
      },
    });
    expect(json.result.configuration).not.toHaveProperty("instance_type");
    const { json: read } = await api.call("GET", `${applications}/${json.result.id}`);
    expect(read.result).toEqual(json.result);
    const { json: list } = await api.call("GET", `${applications}?name=pdf`);
    expect(list.result).toEqual([json.result]);
  });

  test("changes in place, and takes another image by a rollout", async () => {
    // GIVEN
    const { id } = (await createApplication()).json.result;
    // WHEN
    await api.call("PATCH", `${applications}/${id}`, { max_instances: 7 });
    const rollout = await api.call("POST", `${applications}/${id}/rollouts`, {
      description: "new image",
      strategy: "rolling",
      kind: "full_auto",
      step_percentage: 100,
      target_configuration: { image: "registry.example/pdf:2", instance_type: "lite" },
    });
    // THEN
    expect(rollout.status).toBe(200);
    const { json } = await api.call("GET", `${applications}/${id}`);
    expect(json.result).toMatchObject({
      max_instances: 7,
      version: 2,
      configuration: { image: "registry.example/pdf:2", memory_mib: 256 },
    });
  });

  test("is refused for a namespace that is none, for a class without a container, and twice", async () => {
    // GIVEN
    const unknown = await createApplication({ durable_objects: { namespace_id: "0".repeat(32) } });
    const { exports } = version;
    await deploy({
      ...version,
      exports: { ...exports, Report: { type: "durable-object", storage: "sqlite" } },
    });
    // WHEN
    const bare = await createApplication({
      durable_objects: { namespace_id: await namespaceId("Report") },
    });
    await createApplication();
    const second = await createApplication();
    // THEN
    expect([unknown.status, bare.status, second.status]).toEqual([400, 400, 409]);
    expect(bare.json.errors[0].message).toContain("is not backed by a container");
  });

  test.each([
    [{ image: "no-tag" }, "image reference"],
    [{ image: "a:1", vcpu: 5, memory_mib: 12_288, disk: { size_mb: 1 } }, "sizes are"],
    [{ image: "a:1", instance_type: "huge" }, "instance_type"],
    [{ image: "a:1", instance_type: "lite", vcpu: 1 }, "exclude each other"],
  ])("is refused with the configuration %j", async (configuration, message) => {
    const { status, text } = await createApplication({ configuration });
    expect(status).toBe(400);
    expect(text).toContain(message);
  });

  test("is as it was when its image cannot be made, and the reason is told", async () => {
    // GIVEN
    broken = true;
    const first = await createApplication();
    broken = false;
    const { id } = (await createApplication()).json.result;
    const before = await api.call("GET", `${applications}/${id}`);
    broken = true;
    // WHEN
    const rollout = await api.call("POST", `${applications}/${id}/rollouts`, {
      target_configuration: { image: "registry.example/pdf:2" },
    });
    // THEN
    expect([first.status, rollout.status]).toEqual([400, 400]);
    expect(rollout.text).toContain("docker build failed: no space left.");
    expect((await api.call("GET", `${applications}/${id}`)).json).toEqual(before.json);
  });

  test("is gone after DELETE", async () => {
    const { id } = (await createApplication()).json.result;
    await api.call("DELETE", `${applications}/${id}`);
    expect((await api.call("GET", `${applications}/${id}`)).status).toBe(404);
  });
});

describe("where an image is", () => {
  test("is told by name, changed in place and forgotten", async () => {
    // GIVEN
    const path = "/emulator/container-images";
    const row = { name: "pdf", image: "a:1", directory: "/srv/pdf", fingerprint: "1" };
    // WHEN
    await api.call("PUT", path, row);
    await api.call("PUT", path, { ...row, fingerprint: "2" });
    // THEN
    expect((await api.call("GET", `${path}/pdf`)).json.result).toEqual({
      ...row,
      fingerprint: "2",
    });
    await api.call("DELETE", `${path}/pdf`);
    expect((await api.call("GET", `${path}/pdf`)).status).toBe(404);
  });
});
