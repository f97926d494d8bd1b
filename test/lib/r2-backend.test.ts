import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { LocalBackend, TerraformOutput, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { R2Backend, type R2BackendProps, UsageError } from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { type Synthesized, synth } from "./new-stack.js";

/** A credential in the code. */
const LITERAL = canary("a credential of R2", { after: "AKIA" });

const newStack = () => new TerraformStack(Testing.app(), "chat");

const backendOf = (stack: TerraformStack) =>
  (synth(stack).terraform as { backend: { s3: Record<string, unknown> } }).backend.s3;

describe("R2Backend", () => {
  const environment = { ...process.env };

  beforeEach(() => {
    delete process.env.CLOUDFLARE_ACCOUNT_ID;
    delete process.env.CLOUDFLARE_BASE_URL;
  });

  afterEach(() => {
    process.env = { ...environment };
  });

  test("is an s3 backend with a lock, without what R2 has not, and without credentials", () => {
    // GIVEN
    process.env.AWS_ACCESS_KEY_ID = "key-id";
    process.env.AWS_SECRET_ACCESS_KEY = canary("a secret of R2");
    const stack = newStack();

    // WHEN
    new R2Backend(stack, { accountId: "account", bucket: "terraform-state" });

    // THEN
    expect(backendOf(stack)).toMatchInlineSnapshot(`
      {
        "bucket": "terraform-state",
        "endpoints": {
          "s3": "https://account.r2.cloudflarestorage.com",
        },
        "key": "chat.tfstate",
        "region": "auto",
        "skip_credentials_validation": true,
        "skip_metadata_api_check": true,
        "skip_region_validation": true,
        "skip_requesting_account_id": true,
        "skip_s3_checksum": true,
        "use_lockfile": true,
        "use_path_style": true,
      }
    `);
  });

  test("takes another key, and the endpoint of a jurisdiction", () => {
    const stack = newStack();
    new R2Backend(stack, {
      accountId: "account",
      bucket: "terraform-state",
      key: "chat/production.tfstate",
      jurisdiction: "eu",
    });

    expect(backendOf(stack)).toMatchObject({
      key: "chat/production.tfstate",
      endpoints: { s3: "https://account.eu.r2.cloudflarestorage.com" },
    });
  });

  test("takes the account from the environment, or a whole endpoint without one", () => {
    // GIVEN
    process.env.CLOUDFLARE_ACCOUNT_ID = "from-environment";
    const [one, two] = [newStack(), newStack()];

    // WHEN
    new R2Backend(one, { bucket: "terraform-state" });
    delete process.env.CLOUDFLARE_ACCOUNT_ID;
    new R2Backend(two, {
      bucket: "terraform-state",
      endpoint: "http://127.0.0.1:9000/",
    });

    // THEN
    expect(backendOf(one)).toMatchObject({
      endpoints: { s3: "https://from-environment.r2.cloudflarestorage.com" },
    });
    expect(backendOf(two)).toMatchObject({
      endpoints: { s3: "http://127.0.0.1:9000" },
    });
  });

  test.each<[string, Partial<Record<string, unknown>>, RegExp]>([
    [
      "no bucket",
      { bucket: undefined },
      /bucket: got nothing; allowed is the name of an existing bucket/,
    ],
    ["an illegal bucket", { bucket: "My_State" }, /bucket: got "My_State"/],
    ["a key with a slash at an end", { key: "/state" }, /key: got "\/state"; allowed is a path/],
    ["an empty key", { key: "" }, /key: got ""/],
    [
      "another jurisdiction",
      { jurisdiction: "us" },
      /jurisdiction: got "us"; allowed is "eu" or "fedramp"/,
    ],
    ["an illegal account", { accountId: "a/b" }, /accountId: got "a\/b"/],
    ["an endpoint with a path", { endpoint: "https://a.b/c" }, /endpoint: got "https:\/\/a\.b\/c"/],
    [
      "a prop that is none",
      { buckets: "x" },
      /buckets: there is no such prop; the props are bucket, key/,
    ],
  ])("refuses %s", (_, props, message) => {
    const given = {
      accountId: "account",
      bucket: "terraform-state",
      ...props,
    } as R2BackendProps;

    expect(() => new R2Backend(newStack(), given)).toThrow(UsageError);
    expect(() => new R2Backend(newStack(), given)).toThrow(message);
  });

  test.each([
    [{ accessKey: LITERAL }],
    [{ secretAccessKey: LITERAL }],
    [{ password: LITERAL }],
    [{ endpoint: `https://AKIA:${LITERAL}@a.b` }],
  ])("refuses credentials in the code, and does not print them (%#)", (props) => {
    let message = "";
    try {
      new R2Backend(newStack(), {
        accountId: "account",
        bucket: "terraform-state",
        ...props,
      });
    } catch (error) {
      message = (error as UsageError).message;
    }

    expect(message).toMatch(/^\[chat\] R2Backend: /);
    expect(message).not.toContain(LITERAL);
  });

  test("refuses what only Terraform knows: the backend is read first", () => {
    const stack = newStack();
    const bucket = new TerraformVariable(stack, "bucket", { type: "string" }).stringValue;

    expect(() => new R2Backend(stack, { accountId: "account", bucket })).toThrow(
      /bucket is only known to Terraform/,
    );
  });

  test("says what to do without an account, and in a run against the emulator", () => {
    expect(() => new R2Backend(newStack(), { bucket: "terraform-state" })).toThrow(
      /no Cloudflare account id/,
    );

    process.env.CLOUDFLARE_ACCOUNT_ID = "emulated";
    process.env.CLOUDFLARE_BASE_URL = "http://127.0.0.1:8787/client/v4";
    expect(() => new R2Backend(newStack(), { bucket: "terraform-state" })).toThrow(
      /a run against the emulator has no S3 endpoint\. Pass accountId/,
    );
    expect(
      () =>
        new R2Backend(newStack(), {
          bucket: "terraform-state",
          accountId: "account",
        }),
    ).not.toThrow();
  });

  test("refuses a second backend of a stack, and two stacks with one key", () => {
    // GIVEN
    const props = {
      accountId: "account",
      bucket: "terraform-state",
      key: "one.tfstate",
    };
    const stack = newStack();
    const local = new TerraformStack(stack.node.root as TerraformStack, "local");
    new LocalBackend(local, { path: "x" });
    const other = new TerraformStack(stack.node.root as TerraformStack, "other");
    new R2Backend(stack, props);

    // THEN
    expect(() => new R2Backend(stack, { ...props, key: "two.tfstate" })).toThrow(
      /has a backend already/,
    );
    expect(() => new R2Backend(local, props)).toThrow(/has a backend already/);
    expect(() => new R2Backend(other, props)).toThrow(
      /the state of chat is kept under "one.tfstate"/,
    );
    expect(() => new R2Backend(other, { ...props, bucket: "other-state" })).not.toThrow();
  });

  test("lets other stacks read its outputs, in the same workspace", () => {
    // GIVEN
    const stack = newStack();
    const output = new TerraformVariable(stack, "name", {
      type: "string",
      default: "x",
    });
    new R2Backend(stack, { accountId: "account", bucket: "terraform-state" });
    const other = new TerraformStack(stack.node.root as TerraformStack, "other");

    // WHEN
    new TerraformOutput(other, "name", { value: output.stringValue });
    other.prepareStack();

    // THEN
    const { data } = synth(other) as Synthesized;
    expect(Object.values(data?.terraform_remote_state ?? {})).toMatchObject([
      {
        backend: "s3",
        workspace: `\${terraform.workspace}`,
        config: {
          bucket: "terraform-state",
          key: "chat.tfstate",
          endpoints: { s3: "https://account.r2.cloudflarestorage.com" },
        },
      },
    ]);
  });
});
