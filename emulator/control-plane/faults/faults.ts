import type { Socket } from "node:net";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Clock } from "../../clock.js";
import { apiErrorCodes } from "../api-error.js";
import { describeRule, type FaultRule, pathMatcher, strikes } from "./fault-rule.js";

/** Calls that are remembered; older ones are forgotten. */
const MOST_CALLS = 10_000;

/** A call of the REST API, as it is remembered: no query, header or body, so no secret. */
export interface RecordedCall {
  /** From 1, counted while calls are recorded. */
  readonly number: number;
  readonly method: string;
  /** Below `/client/v4`. */
  readonly path: string;
  /** The status that was answered; `"open"` until then. */
  readonly outcome: number | "cut" | "lost" | "open";
  /** Whether a rule struck it. */
  readonly struck: boolean;
}

/** A rule, and what it has done so far. */
export interface FaultCount {
  readonly rule: FaultRule;
  /** Calls that matched it. */
  readonly matched: number;
  /** Calls it struck. */
  readonly struck: number;
}

/** Told of a struck call; the call goes on when it has ended. For `"lost"`: after it was carried out. */
export type StrikeListener = (call: RecordedCall, rule: FaultRule) => unknown;

interface ActiveRule {
  readonly rule: FaultRule;
  readonly matches: (path: string) => boolean;
  matched: number;
  struck: number;
}

/**
 * Faults of the REST API by rule, and a record of its calls. Without rules and without a record a call
 * passes untouched. The calls that steer the emulator itself are neither struck nor recorded.
 */
export class Faults {
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #closed = new AbortController();
  #rules: readonly ActiveRule[] = [];
  #calls: RecordedCall[] = [];
  #number = 0;
  #recording = false;
  #listener: StrikeListener | undefined;

  constructor({
    clock,
    log = () => {},
  }: {
    readonly clock: Clock;
    readonly log?: ((line: string) => void) | undefined;
  }) {
    this.#clock = clock;
    this.#log = log;
  }

  /** The rules in the order in which they are asked: the first whose turn it is strikes. */
  get rules(): readonly FaultCount[] {
    return this.#rules.map(({ rule, matched, struck }) => ({ rule, matched, struck }));
  }

  /** The calls since {@link record} or the first rule, the oldest first. */
  get calls(): readonly RecordedCall[] {
    return this.#calls;
  }

  /** Adds rules behind those that are there, and records calls from now on. */
  add(...rules: readonly FaultRule[]): void {
    if (rules.length === 0) return;
    this.#recording = true;
    this.#rules = [
      ...this.#rules,
      ...rules.map((rule) => ({ rule, matches: pathMatcher(rule.path), matched: 0, struck: 0 })),
    ];
    for (const rule of rules) this.#log(`Fault of the API by rule: ${describeRule(rule)}.`);
  }

  /** Removes all rules. The record goes on. */
  clear(): void {
    if (this.#rules.length > 0) this.#log("No more faults of the API: the rules are removed.");
    this.#rules = [];
  }

  /** Begins an empty record, with or without rules. */
  record(): void {
    this.#recording = true;
    this.#calls = [];
    this.#number = 0;
  }

  /** Tells somebody of struck calls; at most one is told. */
  onStrike(listener: StrikeListener | undefined): void {
    this.#listener = listener;
  }

  /** Ends what waits. */
  close(): void {
    this.#closed.abort(new Error("The emulator ends."));
  }

  /** Carries a call out, or lets happen to it what a rule says. */
  around(
    request: Request,
    path: string,
    socket: Pick<Socket, "destroy">,
    carryOut: () => Response | Promise<Response>,
  ): Response | Promise<Response> {
    const idle = this.#rules.length === 0 && !this.#recording;
    return idle || isOwnPath(path)
      ? carryOut()
      : this.#carryOutRecorded(request.method, path, socket, carryOut);
  }

  async #carryOutRecorded(
    method: string,
    path: string,
    socket: Pick<Socket, "destroy">,
    carryOut: () => Response | Promise<Response>,
  ): Promise<Response> {
    const rule = this.#strike(method, path);
    const index = this.#remember({
      number: ++this.#number,
      method,
      path,
      outcome: "open",
      struck: rule !== undefined,
    });
    const told = () => rule && this.#listener?.(index.call, rule);
    if (rule?.delayMs !== undefined) await this.#clock.sleep(rule.delayMs, this.#closed.signal);
    const answer = rule?.answer;
    if (typeof answer === "number") {
      index.end(answer);
      await told();
      return faultAnswer(answer, rule);
    }
    if (answer === "cut") {
      index.end("cut");
      await told();
      socket.destroy();
      return RESPONSE_ALREADY_SENT;
    }
    const response = await carryOut();
    if (answer === "lost") {
      index.end("lost");
      await told();
      socket.destroy();
      return RESPONSE_ALREADY_SENT;
    }
    index.end(response.status);
    await told();
    return response;
  }

  /** Counts a call for every rule it matches. */
  #strike(method: string, path: string): FaultRule | undefined {
    let found: FaultRule | undefined;
    for (const active of this.#rules) {
      const { rule } = active;
      if ((rule.method ?? method) !== method || !active.matches(path)) continue;
      active.matched += 1;
      if (found !== undefined || !strikes(rule, active.matched)) continue;
      active.struck += 1;
      found = rule;
    }
    return found;
  }

  #remember(call: RecordedCall) {
    const entry = { call };
    const calls = this.#calls;
    if (calls.push(call) > MOST_CALLS) calls.shift();
    return {
      get call() {
        return entry.call;
      },
      end(outcome: RecordedCall["outcome"]) {
        const place = calls.indexOf(entry.call);
        entry.call = { ...entry.call, outcome };
        if (place >= 0) calls[place] = entry.call;
      },
    };
  }
}

/** Steering the emulator is no call of Cloudflare's API. */
const isOwnPath = (path: string): boolean => /^\/accounts\/[^/]+\/emulator\//.test(path);

/** In Cloudflare's envelope, and with words nobody takes for Cloudflare's. */
function faultAnswer(status: number, rule: FaultRule | undefined): Response {
  const message = `A fault that a rule of the emulator asked for: status ${status}.`;
  return Response.json(
    {
      success: false,
      errors: [{ code: apiErrorCodes.fault, message }],
      messages: [],
      result: null,
    },
    {
      status,
      headers: rule?.retryAfter === undefined ? {} : { "retry-after": String(rule.retryAfter) },
    },
  );
}
