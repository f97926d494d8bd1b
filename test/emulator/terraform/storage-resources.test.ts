import { expect, test } from "@jest/globals";
import { account } from "./account.js";
import { describeWithTerraform } from "./terraform.js";

describeWithTerraform("cloudflare_workers_kv_namespace", () => {
  const here = account();
  const namespace = (title: string) => `
    resource "cloudflare_workers_kv_namespace" "one" {
      account_id = ACCOUNT
      title      = "${title}"
    }`;

  test("is renamed in place, and every next plan is empty", async () => {
    await here.apply(namespace("titles"));
    const { id } = here.state("cloudflare_workers_kv_namespace");
    const first = await here.plan();

    await here.configure(namespace("headlines"));
    const change = await here.plan();
    await here.apply(namespace("headlines"));

    expect(first).toEqual({});
    expect(change).toEqual({ "cloudflare_workers_kv_namespace.one": "update" });
    expect(here.api.state.products.kvNamespaces.list()).toEqual([{ id, title: "headlines" }]);
    expect(await here.plan()).toEqual({});
  });

  test("is imported by account and id without a change, and removed with what it holds", async () => {
    const { json } = await here.api.call("POST", "/storage/kv/namespaces", { title: "titles" });
    const { id } = json.result;
    await here.configure(namespace("titles"));

    const address = "cloudflare_workers_kv_namespace.one";
    await here.succeed("import", address, `${here.api.state.accountId}/${id}`);
    const planned = await here.plan();
    await here.succeed("destroy", "-auto-approve");

    expect(planned).toEqual({});
    expect(here.api.host.dropped).toEqual([{ product: "kv", key: id }]);
  });

  test("that was deleted behind Terraform's back is planned anew", async () => {
    await here.apply(namespace("titles"));
    const { id } = here.state("cloudflare_workers_kv_namespace");
    await here.api.call("DELETE", `/storage/kv/namespaces/${id}`);

    expect(await here.plan()).toEqual({ "cloudflare_workers_kv_namespace.one": "create" });
  });
});

describeWithTerraform("cloudflare_r2_bucket", () => {
  const here = account();
  const address = "cloudflare_r2_bucket.one";
  const bucket = (more = "") => `
    resource "cloudflare_r2_bucket" "one" {
      account_id = ACCOUNT
      name       = "files"
      ${more}
    }`;

  test("changes its storage class in place, and every next plan is empty", async () => {
    await here.apply(bucket());
    const first = await here.plan();
    const cold = bucket('storage_class = "InfrequentAccess"');

    await here.configure(cold);
    const change = await here.plan();
    await here.apply(cold);

    expect(first).toEqual({});
    expect(change).toEqual({ [address]: "update" });
    expect(here.api.state.products.r2Buckets.get("files")).toMatchObject({
      storage_class: "InfrequentAccess",
    });
    expect(await here.plan()).toEqual({});
  });

  test("takes its place in any case, and is replaced for another place only", async () => {
    await here.apply(bucket('location = "weur"'));

    const same = await here.plan();
    await here.configure(bucket('location = "WeUr"'));
    const otherCase = await here.plan();
    await here.configure(bucket('location = "apac"'));
    const elsewhere = await here.plan();

    expect([same, otherCase]).toEqual([{}, {}]);
    expect(elsewhere).toEqual({ [address]: "delete+create" });
  });

  test("of a jurisdiction is found there again, by a refresh and by an import", async () => {
    const inEu = bucket('jurisdiction = "eu"');
    await here.apply(inEu);
    const refreshed = await here.plan();
    here.folder.forgetState();

    await here.succeed("import", address, `${here.api.state.accountId}/files/eu`);

    expect(refreshed).toEqual({});
    expect(await here.plan()).toEqual({});
    await here.succeed("destroy", "-auto-approve");
    expect(here.api.state.products.r2Buckets.list()).toEqual([]);
  });
});

describeWithTerraform("cloudflare_d1_database", () => {
  const here = account();
  const address = "cloudflare_d1_database.one";
  const database = (more: string) => `
    resource "cloudflare_d1_database" "one" {
      account_id = ACCOUNT
      name       = "messages"
      ${more}
    }`;

  test("changes its read replication in place, and every next plan is empty", async () => {
    await here.apply(database('read_replication = { mode = "disabled" }'));
    const first = await here.plan();
    const auto = database('read_replication = { mode = "auto" }');

    await here.configure(auto);
    const change = await here.plan();
    await here.apply(auto);

    expect(first).toEqual({});
    expect(change).toEqual({ [address]: "update" });
    expect(await here.plan()).toEqual({});
  });

  test("without read replication is changed by every plan, and every change is refused, as on Cloudflare", async () => {
    await here.apply(database(""));

    const planned = await here.plan();
    const applied = await here.folder.apply();

    expect(planned).toEqual({ [address]: "update" });
    expect(applied.code).toBe(1);
    expect(applied.output).toContain("7400");
  });

  test("is imported by account and id without a change, and removed with what it holds", async () => {
    const { json } = await here.api.call("POST", "/d1/database", { name: "messages" });
    const { uuid } = json.result;
    await here.configure(database('read_replication = { mode = "disabled" }'));

    await here.succeed("import", address, `${here.api.state.accountId}/${uuid}`);
    const planned = await here.plan();
    await here.succeed("destroy", "-auto-approve");

    expect(planned).toEqual({});
    expect(here.api.host.dropped).toEqual([{ product: "d1", key: uuid }]);
  });
});
