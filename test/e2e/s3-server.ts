import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { canary } from "../secrets/canary.js";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";

/** The parts of Koa's context and of S3rver that are used here; the package has no types. */
interface Context {
  readonly method: string;
  readonly path: string;
  get(header: string): string;
  status: number;
  type: string;
  body: string;
}
type Middleware = (context: Context, next: () => Promise<void>) => Promise<void>;
interface S3rver {
  readonly middleware: Middleware[];
  readonly store: { existsObject(bucket: string, key: string): Promise<boolean> };
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}
type S3rverClass = new (options: object) => S3rver;
interface Account {
  createKeyPair(id: string, secret: string): void;
}

const require = createRequire(__filename);
const S3rver = require("@20minutes/s3rver") as S3rverClass;
const account: Account = require("@20minutes/s3rver/lib/models/account").DUMMY_ACCOUNT;

/** A local S3 server with one bucket. */
export interface S3Server {
  readonly endpoint: string;
  readonly bucket: string;
  /** What a client signs its requests with; another secret is refused. */
  readonly credentials: {
    readonly AWS_ACCESS_KEY_ID: string;
    readonly AWS_SECRET_ACCESS_KEY: string;
  };
  /** Keys of all objects, sorted. */
  keys(): string[];
  read(key: string): string;
  close(): Promise<void>;
}

/**
 * S3rver, with what it lacks: `If-None-Match: *` on a PUT, which S3 and R2 answer with 412 where the key exists.
 * Requests to one key come after each other, so that the check and the write are one step.
 */
export async function startS3Server(bucket: string): Promise<S3Server> {
  const directory = temporaryFolder("s3-server-");
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory,
    vhostBuckets: false,
    configureBuckets: [{ name: bucket }],
  });
  const credentials = {
    AWS_ACCESS_KEY_ID: "TESTS",
    AWS_SECRET_ACCESS_KEY: canary("a secret of S3"),
  };
  account.createKeyPair(credentials.AWS_ACCESS_KEY_ID, credentials.AWS_SECRET_ACCESS_KEY);
  const last = new Map<string, Promise<void>>();
  server.middleware.unshift(async (context, next) => {
    const { path } = context;
    const handle = async () => {
      const [, , ...key] = decodeURIComponent(path).split("/");
      if (
        context.method === "PUT" &&
        context.get("if-none-match") === "*" &&
        (await server.store.existsObject(bucket, key.join("/")))
      ) {
        context.status = 412;
        context.type = "application/xml";
        context.body =
          "<Error><Code>PreconditionFailed</Code><Message>The key exists.</Message></Error>";
        return;
      }
      await next();
    };
    const done = (last.get(path) ?? Promise.resolve()).then(handle);
    last.set(
      path,
      done.catch(() => undefined),
    );
    await done;
  });
  const { port } = await server.run();
  const suffix = "._S3rver_object";
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    credentials,
    keys: () =>
      (readdirSync(join(directory, bucket), { recursive: true }) as string[])
        .filter((file) => file.endsWith(suffix))
        .map((file) => file.slice(0, -suffix.length))
        .sort(),
    read: (key) => readFileSync(join(directory, bucket, `${key}${suffix}`), "utf8"),
    close: async () => {
      await server.close();
      await removeFolder(directory);
    },
  };
}
