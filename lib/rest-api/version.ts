/** The versions of `magodo/restful` that have the schema of the L1s here; tested with 0.25.2. */
export const REST_PROVIDER_VERSION = "~> 0.25.1";
