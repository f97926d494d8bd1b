import { Construct, type IConstruct } from "constructs";

/** A custom domain, whether this stack declares it or it exists already. */
export interface ICustomDomain extends IConstruct {
  readonly hostname: string;

  /** `https://{hostname}` */
  readonly url: string;

  /** Base URL for SDKs that speak OpenAI's protocol, whatever provider the model belongs to. */
  readonly compatUrl: string;

  /**
   * Base URL in front of one provider's own API.
   * @param slug The provider's name in URLs, such as "openai", "anthropic" or "workers-ai"
   */
  providerUrl(slug: string): string;
}

/** What is the same for a domain of this stack and one that exists already. */
export abstract class CustomDomainBase extends Construct implements ICustomDomain {
  abstract readonly hostname: string;

  get url(): string {
    return `https://${this.hostname}`;
  }

  get compatUrl(): string {
    return this.providerUrl("compat");
  }

  providerUrl(slug: string): string {
    return `${this.url}/${slug}`;
  }
}
