import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket, type Server as SocketServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { loadProviderService, type ProviderRequest } from "./plugin-protocol.js";
import type { ProviderDefinition } from "./provider-definition.js";
import { ProviderService } from "./provider-service.js";
import { Stop } from "./stop.js";
import { WorkingDirectory } from "./working-directory.js";

/** Where a provider listens, in the words of TF_REATTACH_PROVIDERS. */
export interface ProviderAddress {
  readonly Network: "unix" | "tcp";
  readonly String: string;
}

export interface ProviderServer {
  readonly address: ProviderAddress;
  close(): Promise<void>;
}

const service = loadProviderService();

/**
 * Serves one provider. Each connection gets a provider of its own: Terraform opens one for each
 * configuration, and two aliases must not share a token.
 *
 * @param workingDirectories - Where relative paths of a configuration may begin, besides the
 * directory of the Terraform process itself.
 */
export async function serveProvider<Client>(
  provider: ProviderDefinition<Client>,
  workingDirectories: readonly string[],
): Promise<ProviderServer> {
  const connections = new Set<{ end(): void }>();
  const listener = createServer();
  const { address, removeFolder } = await listen(listener);

  listener.on("connection", (socket) => {
    const stop = new Stop();
    const workingDirectory = new WorkingDirectory(address.String, workingDirectories);
    const server = serveConnection(socket, new ProviderService(provider, stop, workingDirectory));
    const connection = {
      end() {
        connections.delete(connection);
        stop.now();
        server.forceShutdown();
        socket.destroy();
      },
    };
    connections.add(connection);
    socket.once("close", connection.end);
  });

  return {
    address,
    async close() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const connection of [...connections]) connection.end();
      await closed;
      await removeFolder();
    },
  };
}

function serveConnection<Client>(socket: Socket, provider: ProviderService<Client>): Server {
  // A script travels in one message, larger than gRPC's usual 4 MiB.
  const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
  const server = new Server(unlimited);
  const handlers: UntypedServiceImplementation = Object.fromEntries(
    Object.entries(provider.calls).map(([name, call]) => [
      name,
      (
        { request }: { request: ProviderRequest },
        answer: (error: Error | null, response?: object) => void,
      ) => {
        call(request).then(
          (response) => answer(null, response),
          (error: Error) => answer(error),
        );
      },
    ]),
  );
  server.addService(service, handlers);
  server.createConnectionInjector(ServerCredentials.createInsecure()).injectConnection(socket);
  return server;
}

/** A socket only its owner can open; on Windows, which has no such thing, a loopback port. */
async function listen(
  listener: SocketServer,
): Promise<{ address: ProviderAddress; removeFolder(): Promise<void> }> {
  if (process.platform === "win32") {
    await started(listener, () => listener.listen(0, "127.0.0.1"));
    const bound = listener.address();
    const port = typeof bound === "object" ? bound?.port : undefined;
    return {
      address: { Network: "tcp", String: `127.0.0.1:${port}` },
      removeFolder: async () => {},
    };
  }
  const folder = await mkdtemp(join(shortTemporaryFolder(), "tfp-"));
  await chmod(folder, 0o700);
  const path = join(folder, "s");
  await started(listener, () => listener.listen(path));
  return {
    address: { Network: "unix", String: path },
    removeFolder: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A socket's path has about a hundred characters at most; macOS's own folder takes half of them. */
function shortTemporaryFolder(): string {
  return tmpdir().length > 60 ? "/tmp" : tmpdir();
}

function started(listener: SocketServer, listen: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.once("listening", resolve);
    listen();
  });
}
