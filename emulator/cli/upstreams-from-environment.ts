import type { EmulatorOptions } from "../emulator-options.js";
import { ArgumentError } from "./arguments.js";

/**
 * Who answers for the providers, as the environment says.
 * @throws {ArgumentError} when a value cannot be used
 */
export function readUpstreams(
  env: Readonly<Record<string, string | undefined>>,
): Pick<EmulatorOptions, "upstreams" | "latencyMs"> {
  const baseUrl = env.WORKERS_AI_BASE_URL;
  const latency = env.AI_GATEWAY_EMULATOR_LATENCY;
  if (baseUrl && !URL.canParse(baseUrl)) {
    throw new ArgumentError(
      `WORKERS_AI_BASE_URL: got "${baseUrl}", allowed is a URL such as http://127.0.0.1:11434/v1.`,
    );
  }
  if (latency && !/^\d+$/.test(latency)) {
    throw new ArgumentError(
      `AI_GATEWAY_EMULATOR_LATENCY: got "${latency}", allowed is a number of milliseconds.`,
    );
  }
  return {
    ...(latency ? { latencyMs: Number(latency) } : {}),
    ...(baseUrl
      ? {
          upstreams: {
            "workers-ai": {
              baseUrl,
              ...(env.WORKERS_AI_MODEL ? { models: { "*": env.WORKERS_AI_MODEL } } : {}),
              ...(env.WORKERS_AI_API_KEY ? { apiKey: env.WORKERS_AI_API_KEY } : {}),
            },
          },
        }
      : {}),
  };
}
