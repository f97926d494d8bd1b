import { WorkersCustomDomain } from "@cdktf/provider-cloudflare/lib/workers-custom-domain";
import { Construct } from "constructs";
import { Cloudflare } from "../cloudflare.js";
import { claimOne } from "../one-owner.js";
import { applyRules, type PropRules, show, wrongValue } from "../prop-rules.js";
import { reportProblems } from "../report-problems.js";
import { soundProps } from "../sound-props.js";
import { isToken } from "../terraform-text.js";
import { checkId } from "../text-checks.js";
import type { Worker } from "./worker.js";
import { scriptNameOf, workerRule } from "./worker-target.js";

export interface WorkerCustomDomainProps {
  /** The zone the hostname is in. */
  readonly zoneId: string;

  /** The whole name the Worker answers under, such as `chat.example.com`; no `*`, no path. */
  readonly hostname: string;

  /** The Worker that answers, or its script name. */
  readonly worker: Worker | string;
}

/** What a custom domain's props are checked for. */
export const workerCustomDomainRules: PropRules<WorkerCustomDomainProps> = {
  zoneId: [{ name: "worker-domain-zone-id", check: ({ zoneId }) => checkId("zoneId", zoneId)[0] }],
  hostname: [{ name: "worker-domain-hostname", check: ({ hostname }) => checkHostname(hostname) }],
  worker: workerRule("worker-domain-worker"),
};

/**
 * A custom domain: a Worker is the origin of a hostname. Cloudflare makes the DNS record and the certificate.
 *
 * Every change replaces it: for a moment the name does not answer.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/workers/configuration/routing/custom-domains/
 *
 * @example
 * ```ts
 * new WorkerCustomDomain(stack, "domain", { zoneId: "…", hostname: "chat.example.com", worker });
 * ```
 */
export class WorkerCustomDomain extends Construct {
  /** The custom domain's Terraform resource, for what the props do not cover. */
  readonly resource: WorkersCustomDomain;

  readonly hostname: string;

  constructor(scope: Construct, id: string, props: WorkerCustomDomainProps) {
    super(scope, id);
    const { zoneId = "", hostname = "", worker } = soundProps(this, workerCustomDomainRules, props);
    this.hostname = hostname;
    this.resource = new WorkersCustomDomain(this, "Resource", {
      accountId: Cloudflare.of(this).accountId,
      zoneId,
      hostname,
      service: scriptNameOf(worker),
      // Left out, provider 5.14 replaces the domain at every deploy: the API answers "production".
      environment: "production",
    });
    claimOne(
      this,
      ["hostname", zoneId, hostname],
      (first) =>
        `hostname: ${show(hostname)} is the hostname of ${first} already; a hostname has one Worker. Remove one of the domains.`,
    );
    const named = { zoneId: props.zoneId, hostname: props.hostname, worker: props.worker };
    reportProblems(this, applyRules(workerCustomDomainRules, { ...props, ...named }));
  }

  /** `https://{hostname}` */
  get url(): string {
    return `https://${this.hostname}`;
  }

  /**
   * Takes over a custom domain that exists already, at the next deploy, instead of creating it. Needs
   * Terraform on PATH at synth, and may be removed after the deploy.
   */
  importFrom(domainId: string): void {
    this.resource.importFrom(`${Cloudflare.of(this).accountId}/${domainId}`);
  }
}

/** A whole host name that is written out; a token is fine. */
export function checkHostname(hostname: unknown): string | undefined {
  if (isToken(hostname)) {
    return undefined;
  }
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  return typeof hostname === "string" &&
    hostname.length <= 253 &&
    new RegExp(`^${label}(?:\\.${label})+$`).test(hostname)
    ? undefined
    : wrongValue(
        "hostname",
        hostname,
        'a whole lower-case host name without "*", scheme, port and path, such as "chat.example.com"',
      );
}
