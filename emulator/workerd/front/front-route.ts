import type { Agent } from "node:http";

/** A version of a Worker that answers on a loopback port of workerd. */
export interface FrontTarget {
  readonly port: number;
  readonly agent: Agent;
  /** Called when a request or WebSocket goes in, and once when it has ended. */
  enter(): void;
  leave(): void;
  /**
   * Has a WebSocket told when this version makes room for the next.
   * @returns what to call when the WebSocket has ended by itself
   */
  onRestart(tell: () => void): () => void;
}

/** What becomes of a request that arrives now. */
export type FrontRoute =
  | { readonly kind: "serve"; readonly target: FrontTarget }
  /** Not right now: ask again when the promise resolves. */
  | { readonly kind: "hold"; readonly until: Promise<void> }
  | { readonly kind: "refuse"; readonly status: number; readonly text: string };
