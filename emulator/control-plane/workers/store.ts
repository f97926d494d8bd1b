import { createHash } from "node:crypto";
import type { BlobStore, HeldBlob } from "../../state/blob-store.js";
import type { SecretBox } from "../../state/secret-box.js";
import {
  type StateDocument,
  type StoredBinding,
  type StoredClass,
  type StoredScript,
  withEntry,
} from "../../state/state-document.js";
import type { StateFile } from "../../state/state-file.js";
import { updateStored } from "../../state/storage-drops.js";
import type {
  DurableObjectClass,
  ScriptBinding,
  UploadedAssets,
  UploadedModule,
  UploadedScript,
} from "../../workerd/uploaded-script.js";
import { containerImageOf, queueConsumersOf } from "./account-resources.js";

/** What a Worker without a date runs with: the oldest there is. */
const OLDEST_COMPATIBILITY_DATE = "2021-11-02";

/** Stands in for the code of a Worker that has assets only, so that workerd has one to start. */
const assetsOnlyModule: UploadedModule = {
  name: "assets-only.js",
  type: "ESModule",
  content: Buffer.from("export default { fetch: (request, env) => env.ASSETS.fetch(request) };\n"),
};

/** The account's Workers: metadata in the state file, content in blobs, secrets sealed. */
export class ScriptStore {
  readonly blobs: BlobStore;
  readonly #file: StateFile<StateDocument>;
  readonly #box: SecretBox;

  constructor(file: StateFile<StateDocument>, blobs: BlobStore, box: SecretBox) {
    this.#file = file;
    this.blobs = blobs;
    this.#box = box;
  }

  /** All of the account, to look things up in. */
  get account(): StateDocument {
    return this.#file.current;
  }

  get(name: string): StoredScript | undefined {
    return this.#file.current.scripts.get(name);
  }

  /** By name. */
  list(): readonly StoredScript[] {
    return [...this.#file.current.scripts.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Resolves when all of them are on disk, or none. Their blobs must be held until then. */
  async put(...scripts: readonly StoredScript[]): Promise<void> {
    await updateStored(this.#file, (state) => [
      {
        ...state,
        scripts: scripts.reduce((map, one) => withEntry(map, one.name, one), state.scripts),
      },
      undefined,
    ]);
    // What cannot be removed now is removed at the next start; the change itself is made.
    await this.sweep().catch(() => {});
  }

  /** Forgets the script, its secrets, its content, and the Worker as an object of its own. */
  async delete(name: string): Promise<void> {
    await updateStored(this.#file, (state) => {
      const shells = state.products.worker_shells.filter((shell) => shell.name !== name);
      return [
        {
          ...state,
          scripts: withEntry(state.scripts, name, undefined),
          products: { ...state.products, worker_shells: shells },
        },
        undefined,
      ];
    });
    // What cannot be removed now is removed at the next start; the change itself is made.
    await this.sweep().catch(() => {});
  }

  /** Removes content no script has and nobody holds. */
  sweep(): Promise<void> {
    const scripts = [...this.#file.current.scripts.values()];
    return this.blobs.sweep(
      new Set(
        scripts.flatMap(({ modules, assets }) =>
          [...modules, ...(assets?.files ?? [])].map(({ blob }) => blob),
        ),
      ),
    );
  }

  /** Puts modules on disk. The caller releases what is held. */
  async putModules(modules: readonly UploadedModule[]): Promise<{
    readonly modules: StoredScript["modules"];
    readonly etag: string;
    readonly held: readonly HeldBlob[];
  }> {
    const held = await Promise.all(modules.map(({ content }) => this.blobs.put(content)));
    const stored = modules.map(({ name, type }, index) => ({
      name,
      type,
      blob: held[index]?.hash ?? "",
    }));
    // Of the code only: a changed setting or asset must not look like changed code.
    const etag = createHash("sha256").update(JSON.stringify(stored)).digest("hex");
    return { modules: stored, etag, held };
  }

  sealBinding(scriptName: string, binding: ScriptBinding): StoredBinding {
    if (binding.type !== "secret_text") return binding;
    const { name, text } = binding;
    return {
      type: "secret_text",
      name,
      sealed: this.#box.seal(text, secretContext(scriptName, name)),
    };
  }

  /** Seals a secret of a Secrets Store. */
  sealStoreSecret(storeId: string, name: string, value: string): string {
    return this.#box.seal(value, storeSecretContext(storeId, name));
  }

  renameBinding(scriptName: string, binding: StoredBinding, name: string): StoredBinding {
    return this.sealBinding(scriptName, { ...this.#unsealBinding(scriptName, binding), name });
  }

  /**
   * A stored script with everything it needs to run.
   * @throws {EmulatorError} when its content or a secret cannot be read.
   */
  async load(script: StoredScript): Promise<UploadedScript> {
    const modules = await Promise.all(
      script.modules.map(async ({ name, type, blob }) => ({
        name,
        type,
        content: await this.blobs.read(blob),
      })),
    );
    const bindings = script.bindings.map((binding) =>
      this.#resolve(this.#unsealBinding(script.name, binding)),
    );
    const assetsOnly = modules.length === 0;
    return {
      accountId: this.#file.current.accountId,
      name: script.name,
      mainModule: assetsOnly ? assetsOnlyModule.name : script.main_module,
      modules: assetsOnly ? [assetsOnlyModule] : modules,
      compatibilityDate: script.compatibility_date ?? OLDEST_COMPATIBILITY_DATE,
      compatibilityFlags: script.compatibility_flags,
      bindings: assetsOnly ? [{ type: "assets", name: "ASSETS" }] : bindings,
      ...(script.assets ? { assets: this.#loadAssets(script.assets) } : {}),
      durableObjects: script.classes.map((one) => this.#loadClass(one)),
      queueConsumers: queueConsumersOf(script.name, this.account),
    };
  }

  #loadClass({ class_name, namespace_id, sqlite, container }: StoredClass): DurableObjectClass {
    const image = container ? containerImageOf(namespace_id) : undefined;
    return {
      className: class_name,
      storageKey: namespace_id,
      sqlite,
      ...(image === undefined ? {} : { container: { image } }),
    };
  }

  #loadAssets({ config, files }: NonNullable<StoredScript["assets"]>): UploadedAssets {
    return {
      config,
      files: files.map(({ path, blob, content_type }) => ({
        path,
        contentType: content_type,
        file: this.blobs.file(blob),
      })),
    };
  }

  /** A binding with what the account has for it. Of use to workerd only: never to be stored. */
  #resolve(binding: ScriptBinding): ScriptBinding {
    const { secret_stores: stores, queues } = this.account.products;
    if (binding.type === "secrets_store_secret") {
      const { store_id, secret_name } = binding;
      const store = stores.find(({ id }) => id === store_id);
      const secret = store?.secrets.find(({ name }) => name === secret_name);
      if (!secret) return binding;
      const context = storeSecretContext(store_id, secret_name);
      return { ...binding, text: this.#box.unseal(secret.sealed, context) };
    }
    if (binding.type === "queue") {
      const queue = queues.find(({ queue_name }) => queue_name === binding.queue_name);
      return { delivery_delay: queue?.settings.delivery_delay ?? 0, ...binding };
    }
    return binding;
  }

  #unsealBinding(scriptName: string, binding: StoredBinding): ScriptBinding {
    if (binding.type !== "secret_text") return binding;
    const { name, sealed } = binding;
    return {
      type: "secret_text",
      name,
      text: this.#box.unseal(sealed, secretContext(scriptName, name)),
    };
  }
}

function storeSecretContext(storeId: string, name: string): string {
  return `the Secrets Store "${storeId}", secret "${name}"`;
}

function secretContext(scriptName: string, name: string): string {
  return `the Worker "${scriptName}", secret "${name}"`;
}
