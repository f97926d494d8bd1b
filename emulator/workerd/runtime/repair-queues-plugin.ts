import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PLUGINS, type Service } from "miniflare";
import { queueBrokerGuest } from "./queue-broker-guest.js";

const BROKER = "queues:queue";
const STORAGE = "queues:storage";
const BROKER_CLASS = "QueueBrokerObject";

interface QueueConsumer {
  readonly workerName: string;
}

interface ServicesOptions {
  readonly options: { readonly queueConsumers?: Readonly<Record<string, unknown>> };
  readonly queueProducers: ReadonlyMap<string, unknown>;
  readonly queueConsumers: ReadonlyMap<string, QueueConsumer>;
  readonly tmpPath: string;
  readonly defaultPersistRoot?: string;
}

/** The part of miniflare's plugin that is repaired. */
interface QueuesPlugin {
  getServices(options: ServicesOptions): Promise<Service[]>;
}

/**
 * Keeps the messages of queues over restarts, and until somebody consumes them.
 *
 * miniflare 4 has them in memory. Here they are in a database. Call once per process.
 */
export function repairQueuesPlugin(): void {
  const queues = PLUGINS.queues as unknown as QueuesPlugin;
  const original = queues.getServices.bind(queues);
  queues.getServices = async (options) => {
    const services = (await original(options)).filter(({ name }) => name !== BROKER);
    // A consumer without a producer beside it has messages of old to take.
    const consumes = Object.keys(options.options.queueConsumers ?? {}).length > 0;
    if (services.length === 0 && !consumes) return [];
    const path = join(options.defaultPersistRoot ?? options.tmpPath, "queues");
    await mkdir(path, { recursive: true });
    const storage: Service = {
      name: STORAGE,
      disk: { path: path.replaceAll("\\", "/"), writable: true },
    };
    return [...services, storage, renderBroker(options)];
  };
}

function renderBroker({ queueProducers, queueConsumers }: ServicesOptions): Service {
  const workers = new Set([...queueConsumers.values()].map(({ workerName }) => workerName));
  return {
    name: BROKER,
    worker: {
      compatibilityDate: "2026-01-01",
      compatibilityFlags: ["nodejs_compat", "experimental", "service_binding_extra_handlers"],
      modules: [{ name: "queue-broker.mjs", esModule: queueBrokerGuest }],
      durableObjectNamespaces: [
        {
          className: BROKER_CLASS,
          uniqueKey: `miniflare-${BROKER_CLASS}`,
          enableSql: true,
          preventEviction: true,
        },
      ],
      durableObjectStorage: { localDisk: STORAGE },
      bindings: [
        { name: "BROKERS", durableObjectNamespace: { className: BROKER_CLASS } },
        { name: "PRODUCERS", json: JSON.stringify(Object.fromEntries(queueProducers)) },
        { name: "CONSUMERS", json: JSON.stringify(Object.fromEntries(queueConsumers)) },
        ...[...workers].map((name) => ({
          name: `WORKER:${name}`,
          service: { name: `core:user:${name}` },
        })),
      ],
    },
  };
}
