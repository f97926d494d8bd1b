import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { Clock } from "../../clock.js";
import { headersContext } from "../../state/custom-provider-lookup.js";
import type { Products } from "../../state/products.js";
import type { State } from "../../state/state.js";
import type { StoredCustomProvider } from "../../state/stored-gateway-resources.js";
import { withoutUndefined } from "../../without-undefined.js";
import { missing, TakenError } from "../api-error.js";
import { page, success } from "../envelope.js";
import { parseQuery } from "../list-query.js";
import { timestamp } from "../product-options.js";
import { readJson } from "../read-body.js";
import {
  customProviderQuery,
  type NewCustomProvider,
  parseCustomProviderPatch,
  parseNewCustomProvider,
} from "./schema.js";

export interface CustomProviderOptions {
  readonly products: Pick<Products, "customProviders">;
  readonly secretBox: State["secretBox"];
  readonly clock: Clock;
  /** Told when a provider has changed or gone. */
  readonly onChange: () => void;
}

/**
 * Custom providers, below `/accounts/:account/ai-gateway/custom-providers`. Of the two forms that sources give for
 * times and the absence of `account_id` in the API's reference, the reference's is taken.
 * @see https://developers.cloudflare.com/ai-gateway/configuration/custom-providers/
 */
export function customProviderRoutes({
  products,
  secretBox,
  clock,
  onChange,
}: CustomProviderOptions): Hono {
  const providers = products.customProviders;
  const routes = new Hono();

  const find = (id: string): StoredCustomProvider => providers.get(id) ?? notFound(id);
  const seal = (id: string, headers: string | null) =>
    headers === null ? null : secretBox.seal(headers, headersContext(id));
  const render = ({ sealed_headers, ...provider }: StoredCustomProvider) => ({
    ...provider,
    headers:
      sealed_headers === null
        ? null
        : secretBox.unseal(sealed_headers, headersContext(provider.id)),
    logo: LOGO,
  });

  routes.post("/", async (c) => {
    const given = parseNewCustomProvider(await readJson(c.req.raw, "validation"));
    const id = randomUUID();
    const now = timestamp(clock);
    const made = { ...fresh(id, given, now), sealed_headers: seal(id, given.headers ?? null) };
    return success(
      render(
        await providers.put((rows) => {
          refuseTaken(rows, made);
          return made;
        }),
      ),
    );
  });

  routes.get("/", (c) => {
    const query = parseQuery(customProviderQuery, c.req.query());
    const { enable, beta, search } = query;
    const found = providers
      .list()
      .filter(
        (row) =>
          (enable === undefined || row.enable === enable) &&
          (beta === undefined || row.beta === beta) &&
          [row.id, row.name, row.slug].some((text) => text.includes(search)),
      )
      .sort(inOrder(query.order_by));
    const { items, info } = page(found, { page: query.page, perPage: query.per_page });
    const total_pages = Math.ceil(info.total_count / info.per_page);
    return success(items.map(render), 200, { ...info, total_pages });
  });

  routes.get("/:provider", (c) => success(render(find(c.req.param("provider")))));

  routes.patch("/:provider", async (c) => {
    const id = c.req.param("provider");
    find(id);
    const { headers, ...given } = parseCustomProviderPatch(await readJson(c.req.raw, "validation"));
    const now = timestamp(clock);
    const changed = await providers.change(id, notFound, (before, rows) => {
      const after: StoredCustomProvider = {
        ...before,
        ...withoutUndefined(given),
        ...(headers === undefined ? {} : { sealed_headers: seal(id, headers) }),
        modified_at: now,
      };
      refuseTaken(rows, after);
      return after;
    });
    onChange();
    return success(render(changed));
  });

  routes.delete("/:provider", async (c) => {
    const removed = await providers.remove(c.req.param("provider"), notFound);
    onChange();
    return success(render(removed));
  });

  return routes;
}

/** Cloudflare draws a logo for each; this one is a plain square. */
const LOGO = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>',
).toString("base64");

function fresh(
  id: string,
  given: NewCustomProvider,
  now: string,
): Omit<StoredCustomProvider, "sealed_headers"> {
  return {
    id,
    name: given.name,
    slug: given.slug,
    base_url: given.base_url,
    description: given.description ?? null,
    link: given.link ?? null,
    curl_example: given.curl_example ?? null,
    js_example: given.js_example ?? null,
    enable: given.enable ?? false,
    beta: given.beta ?? false,
    position: given.position ?? null,
    created_at: now,
    modified_at: now,
  };
}

function refuseTaken(
  rows: readonly StoredCustomProvider[],
  { id, slug }: { id: string; slug: string },
) {
  if (!rows.some((row) => row.slug === slug && row.id !== id)) return;
  throw TakenError.ofAdopted(
    409,
    "customProviderTaken",
    "A custom provider with this slug already exists",
    `The slug is "${slug}".`,
  );
}

function inOrder(orderBy: string) {
  const [key = "name", direction = "ASC"] = orderBy.split(" ");
  const sign = direction.toUpperCase() === "ASC" ? 1 : -1;
  return (a: StoredCustomProvider, b: StoredCustomProvider): number => {
    const [left, right] = [a, b].map((row) => String(row[key as keyof StoredCustomProvider]));
    return left === right ? 0 : sign * ((left ?? "") < (right ?? "") ? -1 : 1);
  };
}

const notFound = missing(
  "customProviderNotFound",
  "Custom Provider not found",
  (id) => `The emulator has no custom provider with the id "${id}".`,
);
