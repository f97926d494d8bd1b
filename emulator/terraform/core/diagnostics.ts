import type { DiagnosticMessage } from "./plugin-protocol.js";

/**
 * A failure to be shown to Terraform's user.
 *
 * Terraform prints the source line only for an attribute of the block itself: name that one, and
 * say in the detail where inside it the fault lies.
 */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly summary: string;
  readonly detail: string;
  readonly attribute: string | undefined;

  constructor(summary: string, detail: string, attribute?: string) {
    super(detail ? `${summary}: ${detail}` : summary);
    this.summary = summary;
    this.detail = detail;
    this.attribute = attribute;
  }
}

/** What one call has to tell the user. */
export class Diagnostics {
  readonly #messages: DiagnosticMessage[] = [];

  error(summary: string, detail: string, attribute?: string): void {
    this.#add(1, summary, detail, attribute);
  }

  warning(summary: string, detail: string, attribute?: string): void {
    this.#add(2, summary, detail, attribute);
  }

  /** Turns whatever was thrown into something a person can act on. */
  failure(thrown: unknown): void {
    if (thrown instanceof ProviderError) {
      this.error(thrown.summary, thrown.detail, thrown.attribute);
    } else if (thrown instanceof AggregateError) {
      for (const part of thrown.errors) this.failure(part);
    } else {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      this.error("The embedded provider failed", message);
    }
  }

  get hasErrors(): boolean {
    return this.#messages.some(({ severity }) => severity === 1);
  }

  get messages(): readonly DiagnosticMessage[] {
    return this.#messages;
  }

  #add(severity: 1 | 2, summary: string, detail: string, attribute?: string): void {
    this.#messages.push({
      severity,
      summary,
      detail,
      ...(attribute && { attribute: { steps: [{ attributeName: attribute }] } }),
    });
  }
}
