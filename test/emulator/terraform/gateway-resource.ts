import { type Bench, providers } from "./bench.js";

/** Settings of a gateway "one". */
export const plain = 'id = "one", cache_ttl = 60, collect_logs = true';

/** A restful_resource that is a gateway. */
export const resource = (name: string, settings: string, more = "") => `
    resource "restful_resource" "${name}" {
      path            = "/accounts/a/gateways"
      create_selector = "result"
      read_path       = "$(path)/$(body.id)"
      read_selector   = "result.{id,cache_ttl,collect_logs,rules,nothing}"
      force_new_attrs = ["id"]
      output_attrs    = ["id"]
      body            = { ${settings} }
      ${more}
    }`;

/** A configuration with nothing but one gateway. */
export const gateway = (here: Bench, settings: string, more = "") =>
  providers(here) + resource("gateway", settings, more);
