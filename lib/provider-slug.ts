import { show, wrongValue } from "./prop-rules.js";
import { isToken } from "./terraform-text.js";
import { matches } from "./text-checks.js";

/** What requests put before the slug of a custom provider. */
export const CUSTOM_PREFIX = "custom-";

/** A custom provider's slug that is written out, without `custom-`, which only requests have. */
export function checkCustomSlug(prop: string, slug: unknown): string | undefined {
  if (slug === undefined || isToken(slug)) {
    return undefined;
  }
  if (typeof slug === "string" && /^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$/.test(slug)) {
    return slug.startsWith(CUSTOM_PREFIX)
      ? `${prop}: got ${show(slug)}; "custom-" is put before it in requests, so it would be there twice. Write ${show(slug.slice(CUSTOM_PREFIX.length))}.`
      : undefined;
  }
  return wrongValue(
    prop,
    slug,
    'letters and digits in words joined by single hyphens, such as "internal-models"',
  );
}

/** A provider's name in URLs: one that Cloudflare knows, or `custom-` and the slug of a custom one. */
export function checkProviderSlug(prop: string, slug: unknown): string | undefined {
  const custom = customSlugOf(slug);
  if (custom !== undefined) {
    return checkCustomSlug(prop, custom) === undefined
      ? undefined
      : wrongValue(
          prop,
          slug,
          'custom- and the slug of a custom provider, letters and digits in words joined by single hyphens, such as "custom-internal-models"',
        );
  }
  return matches(slug, /^(?=.{1,64}$)[a-z0-9]+(?:-[a-z0-9]+)*$/)
    ? undefined
    : wrongValue(
        prop,
        slug,
        'the provider\'s name in URLs, 1 to 64 lower-case letters and digits in words joined by single hyphens, such as "openai" or "google-ai-studio"',
      );
}

/** The slug of the custom provider that a name in requests is of; of another one, none. */
export const customSlugOf = (slug: unknown): string | undefined =>
  typeof slug === "string" && slug.startsWith(CUSTOM_PREFIX) && !isToken(slug)
    ? slug.slice(CUSTOM_PREFIX.length)
    : undefined;
