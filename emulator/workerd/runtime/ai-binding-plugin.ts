import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Service, Worker_Binding } from "miniflare";
import { bindingHeader } from "../../binding-header.js";
import type { ScriptKey } from "../script-key.js";
import type { RuntimeSettings } from "./messages.js";
import type { MiniflareUnsafeBinding } from "./miniflare-worker.js";

const PLUGIN_NAME = "ai-gateway-emulator";

/** Global under which the plugin waits for the file that hands it to miniflare. */
const HANDOVER = "__aiGatewayEmulatorPlugin";

interface AiBinding {
  readonly name: string;
  readonly options: {
    readonly service: string;
    readonly address: string;
    readonly headers: string;
  };
}

/**
 * miniflare has no local `AI` binding. This one wraps workerd's own client module, the one that
 * runs on Cloudflare, around an external service: the emulator's listener.
 */
const plugin = {
  options: { parse: (bindings: unknown) => bindings },
  getBindings(bindings: readonly AiBinding[] | undefined): Worker_Binding[] {
    return (bindings ?? []).map(({ name, options }) => ({
      name,
      wrapped: {
        moduleName: "cloudflare-internal:ai-api",
        innerBindings: [{ name: "fetcher", service: { name: options.service } }],
      },
    }));
  },
  getNodeBindings: () => ({}),
  getServices({ options: bindings }: { options: readonly AiBinding[] | undefined }): Service[] {
    return (bindings ?? []).map(({ options }) => ({
      name: options.service,
      external: {
        address: options.address,
        http: {
          injectRequestHeaders: Object.entries(
            JSON.parse(options.headers) as Record<string, string>,
          ).map(([name, value]) => ({ name, value })),
        },
      },
    }));
  },
};

/**
 * Makes the plugin loadable.
 *
 * miniflare takes a plugin only as a file to import. Sources run through a loader and the published
 * emulator is one bundle, so neither has such a file; a stub that hands over the plugin of this
 * very process serves both.
 *
 * @returns the file to name in `unsafeBindings`
 */
export async function writeAiBindingPlugin(directory: string): Promise<string> {
  (globalThis as Record<string, unknown>)[HANDOVER] = { [PLUGIN_NAME]: plugin };
  const file = join(directory, "ai-binding-plugin.cjs");
  await writeFile(file, `exports.plugins = globalThis.${HANDOVER};\n`);
  return file;
}

/** An `AI` binding of one script, as an entry of miniflare's `unsafeBindings`. */
export function renderAiBinding(
  key: ScriptKey,
  script: { readonly accountId: string; readonly name: string },
  bindingName: string,
  settings: RuntimeSettings,
  pluginFile: string,
): MiniflareUnsafeBinding {
  return {
    name: bindingName,
    type: "ai",
    plugin: { package: pluginFile, name: PLUGIN_NAME },
    options: {
      // miniflare drops the second of two services of one name without a word.
      service: `ai-gateway-emulator:${key}:${bindingName}`,
      address: settings.bindingAddress,
      headers: JSON.stringify({
        [bindingHeader.account]: script.accountId,
        [bindingHeader.script]: script.name,
        [bindingHeader.token]: settings.bindingToken,
      }),
    },
  };
}
