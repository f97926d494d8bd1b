import { cloudflareProvider } from "./cloudflare/provider.js";
import { serveProvider } from "./core/provider-server.js";
import { restfulProvider } from "./restful/provider.js";

export interface TerraformProvidersOptions {
  /**
   * Stands in for the environment of a provider started by Terraform: `CLOUDFLARE_API_TOKEN`,
   * `CLOUDFLARE_BASE_URL` and the other variables of the Cloudflare provider.
   * @default process.env
   */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /**
   * Where relative paths of a configuration may begin, tried in order when the directory of the
   * Terraform process itself cannot be found out or does not have the file. The stacks in the
   * `cdktf.out` of each are tried too.
   * @default the current directory
   */
  readonly workingDirectories?: readonly string[];
}

export interface TerraformProviders {
  /** The value of TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  /** Ends the connections and removes the sockets. */
  close(): Promise<void>;
}

/**
 * Serves `magodo/restful` and `cloudflare/cloudflare` to every Terraform and OpenTofu process that
 * has `reattach` in its environment, so that none asks a registry.
 *
 * @example
 * ```ts
 * const providers = await startTerraformProviders({});
 * const env = { ...process.env, TF_REATTACH_PROVIDERS: providers.reattach };
 * spawnSync("terraform", ["apply", "-auto-approve"], { env, stdio: "inherit" });
 * await providers.close();
 * ```
 */
export async function startTerraformProviders(
  options: TerraformProvidersOptions = {},
): Promise<TerraformProviders> {
  const directories = options.workingDirectories ?? [process.cwd()];
  const environment = options.environment ?? process.env;
  const restful = await serveProvider(restfulProvider, directories);
  const cloudflare = await serveProvider(cloudflareProvider(environment), directories);
  const entry = ({ address }: { address: object }) => ({
    Protocol: "grpc",
    ProtocolVersion: 6,
    Pid: process.pid,
    // False would make Terraform own this process, and end it.
    Test: true,
    Addr: address,
  });
  return {
    reattach: JSON.stringify({
      "magodo/restful": entry(restful),
      "cloudflare/cloudflare": entry(cloudflare),
    }),
    async close() {
      await Promise.all([restful.close(), cloudflare.close()]);
    },
  };
}
