import type { IConstruct } from "constructs";
import type { IAiGateway } from "../ai-gateway/ai-gateway-interface.js";

export const policyPeriods = ["hourly", "daily", "weekly", "monthly"] as const;

/** Time a budget lasts; windows begin with the hour, day, week and month of UTC. */
export type PolicyPeriod = (typeof policyPeriods)[number];

/** Models and providers, as a text or an array. `*` in a model stands for anything but a slash. */
export interface PolicyResource {
  /** Such as `openai/gpt-*`. @default all */
  readonly model?: string | readonly string[];

  /** Such as `anthropic`; without wildcards. @default all */
  readonly provider?: string | readonly string[];
}

/** What happens to a request that the policy matches. */
export type PolicyAction =
  | {
      /** Allows it. */
      readonly type: "no-limit";
    }
  | {
      /** Refuses it with a 403. */
      readonly type: "block";
      /** Turns it round: refuses what `resource` does not name. */
      readonly except?: true;
    }
  | {
      /** Allows it until the budget of the actor is used up, then refuses it with a 429. */
      readonly type: "limit";
      /** US dollars, more than 0. */
      readonly amount: number;
      readonly period: PolicyPeriod;
    };

export interface GatewayPolicyProps {
  /** The gateway that is guarded. */
  readonly gateway: IAiGateway;

  /**
   * A label, unique for the gateway: two policies of one name are refused, as what a lost answer leaves behind.
   * @default from the construct's path: `chat/everyone` becomes `chat-everyone`
   */
  readonly name?: string;

  /**
   * Who shares a budget: a text in which fields of the caller's identity stand in braces, such as
   * `user:{cf.user.id}` or `team:{metadata.team}`. A caller without the field is not concerned.
   * @default "company:all", which is everyone
   */
  readonly actor?: string;

  /** What is covered. @default "*", which is all models and providers */
  readonly resource?: "*" | PolicyResource;

  /**
   * When it applies: an expression in CEL over the caller's identity, such as `"contractors" in cf.user.groups`.
   * Synth does not read it.
   * @default "true"
   * @see https://developers.cloudflare.com/ai-gateway/features/policies/#conditions
   */
  readonly condition?: string;

  /** What happens. */
  readonly action: PolicyAction;

  /**
   * Refuses every plan that would delete the policy.
   * @default true in a production stage, otherwise false
   */
  readonly deletionProtection?: boolean;
}

/** A policy, whether this stack declares it or it exists already. */
export interface IGatewayPolicy extends IConstruct {
  /** The id Cloudflare gave it. */
  readonly policyId: string;
}
