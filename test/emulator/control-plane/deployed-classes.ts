import { type Answer, type Api, upload } from "./start-api.js";

/** The beginning of a history. */
export const create = { migrations: { new_tag: "v1", new_sqlite_classes: ["Room"] } };

export const bind = (class_name: string, more: object = {}) => ({
  bindings: [{ type: "durable_object_namespace", name: "ROOM", class_name, ...more }],
});

/** The Durable Object classes of an account's scripts: how tests deploy them, and what is then there. */
export class DeployedClasses {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Uploads a script that exports classes. */
  put(
    exported: readonly string[],
    metadata: object = {},
    { script = "chat" }: { readonly script?: string } = {},
  ): Promise<Answer> {
    const classes = exported.map((name) => `export class ${name} {}`).join("\n");
    const code = `${classes}\nexport default { fetch: () => new Response("ok") };`;
    return this.#api.call(
      "PUT",
      `/workers/scripts/${script}`,
      upload({ main_module: "main.js", ...metadata }, { "main.js": code }),
    );
  }

  async namespaces(): Promise<Record<string, unknown>[]> {
    return (await this.#api.call("GET", "/workers/durable_objects/namespaces")).json.result;
  }

  /** The tag of the last step a script has run. */
  async tag(script = "chat"): Promise<string | undefined> {
    const { json } = await this.#api.call("GET", `/workers/services/${script}`);
    return json.result.default_environment.script.migration_tag;
  }

  running(script = "chat") {
    return this.#api.host.running.get(script);
  }
}
