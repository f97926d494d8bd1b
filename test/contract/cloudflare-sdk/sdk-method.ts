import { expect } from "@jest/globals";
import Cloudflare from "cloudflare";
import type { SdkAccount } from "./sdk-account.js";

/** Ids of nothing, for calls that are refused before it matters. */
export const nothing = {
  gateway: "no-such-gateway",
  id: "00000000-0000-7000-8000-000000000000",
} as const;

/** A place below a gateway of {@link nothing}. */
export const below = (account_id: string) => ({ account_id, gateway_id: nothing.gateway });

/** One method of the SDK: a call that leads nowhere, and a case for each answer and each error. */
export interface SdkMethod {
  /** Calls it with ids of {@link nothing}. */
  readonly call: (client: Cloudflare, account_id: string) => Promise<unknown>;
  /** Whether the gateway is looked for first: then that call is 404/7002. */
  readonly belowGateway?: true;
  readonly cases: Readonly<Record<string, (account: SdkAccount) => Promise<void>>>;
}

/** By the words a user writes after `client.`, such as "aiGateway.logs.list". */
export type SdkMethods = Readonly<Record<string, SdkMethod>>;

/** Expects a call to be refused, as the SDK tells it. @returns the message of the first error. */
export async function refused(
  call: PromiseLike<unknown>,
  status: number,
  code: number,
): Promise<string> {
  const error = await Promise.resolve(call).then(
    (answer) => new Error(`It was answered: ${JSON.stringify(answer)}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Cloudflare.APIError)) throw error;
  expect([error.status, error.errors[0]?.code]).toEqual([status, code]);
  return String(error.errors[0]?.message);
}

/** What an auto-paged list yields in all. */
export async function collect<Item>(pages: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

/** Every method below a resource of the SDK, however deep. */
export function methodsBelow(resource: object, name: string): string[] {
  const keys = new Set<string>();
  // The generated class is two steps up: its own class extends the one with the methods.
  for (
    let owner: object | null = resource;
    owner && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    for (const key of Object.getOwnPropertyNames(owner)) keys.add(key);
  }
  keys.delete("constructor");
  return [...keys]
    .filter((key) => !key.startsWith("_"))
    .flatMap((key) => {
      const value = (resource as Record<string, unknown>)[key];
      if (typeof value === "function") return [`${name}.${key}`];
      return value instanceof Object ? methodsBelow(value, `${name}.${key}`) : [];
    });
}
