import { Annotations, Fn } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { gatewayPath } from "../../protocol/urls.js";
import type { IAiGateway } from "../ai-gateway/ai-gateway-interface.js";
import { claimName } from "../ai-gateway/claim-name.js";
import { gatewayIdOf, gatewayRule } from "../ai-gateway/is-gateway.js";
import { Cloudflare } from "../cloudflare.js";
import { defaultName } from "../default-name.js";
import { deletionProtectionRule, protectFromDeletion } from "../deletion-protection.js";
import { escapeTexts } from "../escape-texts.js";
import { applyRules, checkBoolean, type PropRules } from "../prop-rules.js";
import { listingOfGateway } from "../recovery/gateway-listing.js";
import { recoverLostCreate } from "../recovery/lost-create.js";
import { reportProblems } from "../report-problems.js";
import { renderImportId } from "../rest-api/import-id.js";
import { RestResource } from "../rest-api/rest-resource.js";
import { soundProps } from "../sound-props.js";
import { checkId, checkText } from "../text-checks.js";
import { checkFilters, type DatasetFilter } from "./dataset-filter.js";

/** @deprecated Cloudflare offers datasets to no new account. */
export interface DatasetProps {
  /** The gateway whose log is looked at. */
  readonly gateway: IAiGateway;

  /**
   * Unique for the gateway.
   * @default from the construct's path: `chat/good` becomes `chat-good`
   */
  readonly name?: string;

  /** Whether new requests come into it. @default true */
  readonly enable?: boolean;

  /**
   * What a logged request must be. All must hold.
   * @default none: every request
   */
  readonly filters?: readonly DatasetFilter[];

  /**
   * Refuses every plan that would delete the dataset.
   * @default true in a production stage, otherwise false
   */
  readonly deletionProtection?: boolean;
}

/** A dataset, whether this stack declares it or it exists already. */
export interface IDataset extends IConstruct {
  /** The id Cloudflare gave it. */
  readonly datasetId: string;
}

/** What a dataset's props are checked for. */
export const datasetRules: PropRules<DatasetProps> = {
  gateway: gatewayRule("dataset-gateway"),
  name: [{ name: "dataset-name", check: ({ name }) => checkText("name", name) }],
  enable: [{ name: "dataset-enable", check: ({ enable }) => checkBoolean("enable", enable) }],
  filters: [{ name: "dataset-filters", check: ({ filters }) => checkFilters(filters) }],
  deletionProtection: deletionProtectionRule("dataset-deletion-protection"),
};

/** Selects exactly what is managed: what else the API answers is no drift. */
const readSelector = "result.{name,enable,filters}";

export const NAME_MAX_LENGTH = 64;

/**
 * A dataset: filters over a gateway's log under a name, for an {@link Evaluation}. Every change is made in place.
 *
 * @deprecated Cloudflare offers datasets to no new account; an account that has some keeps them.
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/ai-gateway/evaluations/
 *
 * @example
 * ```ts
 * const slow = new Dataset(stack, "slow", {
 *   gateway,
 *   filters: [{ key: "duration", operator: "gt", value: [5000] }],
 * });
 * ```
 */
export class Dataset extends Construct implements IDataset {
  /** A dataset of the same account that is declared elsewhere. Nothing is created or changed. */
  static fromDatasetId(scope: Construct, id: string, datasetId: string): IDataset {
    return new ImportedDataset(scope, id, datasetId);
  }

  /** The dataset's Terraform resource, for what the props do not cover. */
  readonly resource: RestResource;

  /** The gateway whose log is looked at. */
  readonly gateway: IAiGateway;

  readonly #path: string;

  constructor(scope: Construct, id: string, props: DatasetProps) {
    super(scope, id);
    const sound = soundProps(this, datasetRules, props);
    const { gateway, enable = true, filters = [] } = sound;
    this.gateway = gateway;
    const name = sound.name ?? defaultName(this, { maxLength: NAME_MAX_LENGTH, underscores: true });
    this.#path = `${gatewayPath(Cloudflare.of(this).accountId, gatewayIdOf(gateway))}/datasets`;
    this.resource = new RestResource(this, "Resource", {
      path: this.#path,
      body: {
        name: escapeTexts(name),
        enable,
        filters: escapeTexts(filters),
      },
      createSelector: "result",
      readPath: "$(path)/$(body.id)",
      readSelector,
      outputAttrs: ["name"],
    });
    recoverLostCreate(this.resource, {
      listing: listingOfGateway(gateway, {
        kind: "datasets",
        name: ["name"],
        createdAt: "created_at",
      }),
      name,
      renamed: true,
      importId: (datasetId, path) => this.#importId(datasetId, path),
    });
    claimName(this, "dataset", gateway, name);
    warnOfDeprecation(this, "Datasets");
    protectFromDeletion(this, [this.resource], sound.deletionProtection);
    reportProblems(this, applyRules(datasetRules, { ...props, gateway: props.gateway }));
  }

  /** From the resource's id, which an update keeps: what depends on it stays known in plans. */
  get datasetId(): string {
    return Fn.basename(this.resource.id);
  }

  /**
   * Takes over a dataset that exists already, at the next deploy, instead of creating it. Needs Terraform on PATH at
   * synth, and may be removed after the deploy.
   * @param datasetId Its id, as `GET /accounts/{account}/ai-gateway/gateways/{gateway}/datasets` lists it
   */
  importFrom(datasetId: string): void {
    reportProblems(this, checkId("datasetId", datasetId));
    this.resource.importFrom(this.#importId(datasetId));
  }

  #importId(datasetId: string, path: string = this.#path): string {
    return renderImportId({
      id: `${path}/${datasetId}`,
      path,
      body: { name: null, enable: null, filters: null },
      readSelector,
    });
  }
}

class ImportedDataset extends Construct implements IDataset {
  readonly datasetId: string;

  constructor(scope: Construct, id: string, datasetId: string) {
    super(scope, id);
    this.datasetId = datasetId;
    reportProblems(this, checkId("datasetId", datasetId));
  }
}

export const warnOfDeprecation = (owner: Construct, what: string): void =>
  Annotations.of(owner).addWarning(
    `${what} are deprecated: Cloudflare offers them to no new account, whose deploy fails.`,
  );
