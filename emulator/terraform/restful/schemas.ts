import {
  bool,
  dynamic,
  nested,
  number,
  numberList,
  type Presence,
  type Schema,
  string,
  stringList,
  stringListMap,
  stringMap,
  stringSet,
} from "../core/schema.js";

/** Blocks of magodo/restful 0.25.2. */

const writeMethods = ["PUT", "POST", "PATCH"] as const;

const status = nested("single", "required", {
  success: string("required"),
  pending: stringList("optional"),
});

const poll = nested("single", "optional", {
  status_locator: string("required"),
  status,
  url_locator: string("optional"),
  header: stringMap("optional"),
  default_delay_sec: number("optional"),
});

const precheck = (path: Presence) =>
  nested("list", "optional", {
    mutex: string("optional"),
    api: nested("single", "optional", {
      status_locator: string("required"),
      status,
      path: string(path),
      query: stringListMap("optional"),
      header: stringMap("optional"),
      default_delay_sec: number("optional"),
    }),
  });

const output = {
  output_attrs: stringSet("optional"),
  use_sensitive_output: bool("optional"),
  output: dynamic("computed"),
  sensitive_output: dynamic("computed", { sensitive: true }),
} as const;

const replacingOutput = {
  ...output,
  use_sensitive_output: bool("optional", { forcesReplacement: true }),
} as const;

export const resourceSchema: Schema = {
  version: 2,
  attributes: {
    id: string("computed", { stable: true }),
    path: string("required", { forcesReplacement: true }),
    create_selector: string("optional"),
    read_selector: string("optional"),
    read_response_template: string("optional"),
    read_path: string("optional"),
    update_path: string("optional"),
    delete_path: string("optional"),
    body: dynamic("required"),
    ephemeral_body: dynamic("optional", { writeOnly: true }),
    delete_body: dynamic("optional"),
    delete_body_raw: string("optional"),
    update_body_patches: nested("list", "optional", {
      path: string("required"),
      raw_json: string("optional"),
      removed: bool("optional"),
    }),
    poll_create: poll,
    poll_update: poll,
    poll_delete: poll,
    precheck_create: precheck("required"),
    precheck_update: precheck("optional"),
    precheck_delete: precheck("optional"),
    post_create_read: nested("single", "optional", {
      path: string("required"),
      query: stringListMap("optional"),
      header: stringMap("optional"),
      selector: string("optional"),
    }),
    create_method: string("optional", { oneOf: writeMethods }),
    update_method: string("optional", { oneOf: writeMethods }),
    delete_method: string("optional", { oneOf: ["DELETE", ...writeMethods] }),
    write_only_attrs: stringList("optional"),
    merge_patch_disabled: bool("optional"),
    query: stringListMap("optional"),
    create_query: stringListMap("optional"),
    read_query: stringListMap("optional"),
    update_query: stringListMap("optional"),
    delete_query: stringListMap("optional"),
    header: stringMap("optional"),
    create_header: stringMap("optional"),
    read_header: stringMap("optional"),
    update_header: stringMap("optional"),
    delete_header: stringMap("optional"),
    check_existance: bool("optional"),
    force_new_attrs: stringSet("optional"),
    ...replacingOutput,
  },
};

export const operationSchema: Schema = {
  version: 2,
  attributes: {
    id: string("computed", { stable: true }),
    path: string("required", { forcesReplacement: true }),
    id_builder: string("optional"),
    method: string("required", { oneOf: ["GET", "DELETE", ...writeMethods] }),
    body: dynamic("optional"),
    ephemeral_body: dynamic("optional", { writeOnly: true }),
    query: stringListMap("optional"),
    operation_query: stringListMap("optional"),
    delete_query: stringListMap("optional"),
    header: stringMap("optional"),
    operation_header: stringMap("optional"),
    delete_header: stringMap("optional"),
    precheck: precheck("required"),
    precheck_delete: precheck("optional"),
    poll,
    poll_delete: poll,
    delete_method: string("optional", { oneOf: ["DELETE", ...writeMethods] }),
    delete_path: string("optional"),
    delete_body: dynamic("optional"),
    ...replacingOutput,
  },
};

export const dataSourceSchema: Schema = {
  version: 0,
  attributes: {
    id: string("required"),
    method: string("optional", { oneOf: ["GET", "POST", "HEAD"] }),
    query: stringListMap("optional"),
    header: stringMap("optional"),
    body: dynamic("optional"),
    selector: string("optional"),
    allow_not_exist: bool("optional"),
    precheck: precheck("required"),
    ...output,
  },
};

const oauth2 = { scopes: stringList("optional"), in: string("optional") } as const;
const secret = (presence: Presence) => string(presence, { sensitive: true });

export const providerSchema: Schema = {
  version: 0,
  attributes: {
    base_url: string("required"),
    client: nested("single", "optional", {
      cookie_enabled: bool("optional"),
      tls_insecure_skip_verify: bool("optional"),
      certificates: nested("list", "optional", {
        certificate: string("optional"),
        certificate_file: string("optional"),
        key: string("optional"),
        key_file: string("optional"),
      }),
      root_ca_certificates: stringList("optional"),
      root_ca_certificate_files: stringList("optional"),
      retry: nested("single", "optional", {
        status_codes: numberList("required"),
        count: number("optional"),
        wait_in_sec: number("optional"),
        max_wait_in_sec: number("optional"),
      }),
    }),
    security: nested("single", "optional", {
      http: nested("single", "optional", {
        basic: nested("single", "optional", {
          username: string("required"),
          password: secret("required"),
        }),
        token: nested("single", "optional", {
          token: secret("required"),
          scheme: string("optional"),
        }),
      }),
      apikey: nested("set", "optional", {
        name: string("required"),
        in: string("required", { oneOf: ["header", "query", "cookie"] }),
        value: string("required"),
      }),
      oauth2: nested("single", "optional", {
        password: nested("single", "optional", {
          token_url: string("required"),
          username: string("required"),
          password: secret("required"),
          client_id: string("optional"),
          client_secret: secret("optional"),
          ...oauth2,
        }),
        client_credentials: nested("single", "optional", {
          token_url: string("required"),
          client_id: string("required"),
          client_secret: secret("required"),
          endpoint_params: stringListMap("optional"),
          ...oauth2,
        }),
        refresh_token: nested("single", "optional", {
          token_url: string("required"),
          refresh_token: secret("required"),
          client_id: string("optional"),
          client_secret: secret("optional"),
          token_type: string("optional"),
          ...oauth2,
        }),
      }),
    }),
    create_method: string("optional", { oneOf: ["PUT", "POST"] }),
    update_method: string("optional", { oneOf: ["PUT", "PATCH"] }),
    delete_method: string("optional", { oneOf: ["DELETE", "POST"] }),
    merge_patch_disabled: bool("optional"),
    query: stringListMap("optional"),
    header: stringMap("optional"),
  },
};
