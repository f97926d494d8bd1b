import { Fn } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { evaluationTypesPath, gatewayPath } from "../../protocol/urls.js";
import type { IAiGateway } from "../ai-gateway/ai-gateway-interface.js";
import { claimName } from "../ai-gateway/claim-name.js";
import { areDifferent, gatewayIdOf, gatewayRule } from "../ai-gateway/is-gateway.js";
import { Cloudflare } from "../cloudflare.js";
import { defaultName } from "../default-name.js";
import { deletionProtectionRule, protectFromDeletion } from "../deletion-protection.js";
import { escapeTexts } from "../escape-texts.js";
import { applyRules, type PropRules, show, wrongValue } from "../prop-rules.js";
import { listingOfGateway } from "../recovery/gateway-listing.js";
import { recoverLostCreate } from "../recovery/lost-create.js";
import { reportProblems } from "../report-problems.js";
import { ImmutableRestResource } from "../rest-api/immutable-rest-resource.js";
import { renderImportId } from "../rest-api/import-id.js";
import { RestDataSource } from "../rest-api/rest-data-source.js";
import type { RestResource } from "../rest-api/rest-resource.js";
import { soundProps } from "../sound-props.js";
import { isToken } from "../terraform-text.js";
import { checkId, checkText } from "../text-checks.js";
import { Dataset, type IDataset, NAME_MAX_LENGTH, warnOfDeprecation } from "./dataset.js";

/** @deprecated Cloudflare offers evaluations to no new account. */
export interface EvaluationProps {
  /** The gateway whose log is evaluated. */
  readonly gateway: IAiGateway;

  /**
   * Unique for the gateway.
   * @default from the construct's path: `chat/baseline` becomes `chat-baseline`
   */
  readonly name?: string;

  /** What is evaluated: datasets of the same gateway, one or more. */
  readonly datasets: readonly IDataset[];

  /**
   * Ids of what is measured, the mandatory ones among them.
   * @default the mandatory ones, speed and cost, looked up at each deploy
   */
  readonly evaluationTypeIds?: readonly string[];

  /**
   * Refuses every plan that would delete the evaluation with its results.
   * @default true in a production stage, otherwise false
   */
  readonly deletionProtection?: boolean;
}

/** An evaluation, whether this stack declares it or it exists already. */
export interface IEvaluation extends IConstruct {
  /** The id Cloudflare gave it. */
  readonly evaluationId: string;
}

/** What an evaluation's props are checked for. */
export const evaluationRules: PropRules<EvaluationProps> = {
  gateway: gatewayRule("evaluation-gateway"),
  name: [{ name: "evaluation-name", check: ({ name }) => checkText("name", name) }],
  datasets: [
    { name: "evaluation-datasets", check: ({ datasets }) => checkDatasets(datasets) },
    {
      name: "evaluation-dataset-of-another-gateway",
      check: ({ datasets, gateway }) =>
        (Array.isArray(datasets) ? datasets : [])
          .filter((dataset) => dataset instanceof Dataset && areDifferent(dataset.gateway, gateway))
          .map(
            (dataset: Dataset) =>
              `datasets: got ${dataset.node.path} of the gateway ${show(dataset.gateway.declaredId)}; allowed are datasets of ${show(gateway.declaredId)}. Pass one of this gateway, or set gateway to the dataset's.`,
          ),
    },
  ],
  evaluationTypeIds: [
    {
      name: "evaluation-type-ids",
      check: ({ evaluationTypeIds }) => checkTypeIds(evaluationTypeIds),
    },
  ],
  deletionProtection: deletionProtectionRule("evaluation-deletion-protection"),
};

const readSelector = "result.{name}";

/**
 * An evaluation: measures the requests of datasets once. Cloudflare cannot change one, so every change replaces it,
 * which measures anew and deletes the results before.
 *
 * @deprecated Cloudflare offers evaluations to no new account; an account that has some keeps them.
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/ai-gateway/evaluations/
 *
 * @example
 * ```ts
 * const all = new Dataset(stack, "all", { gateway });
 * new Evaluation(stack, "baseline", { gateway, datasets: [all] });
 * ```
 */
export class Evaluation extends Construct implements IEvaluation {
  /** An evaluation of the same account that is declared elsewhere. Nothing is created or changed. */
  static fromEvaluationId(scope: Construct, id: string, evaluationId: string): IEvaluation {
    return new ImportedEvaluation(scope, id, evaluationId);
  }

  /** The evaluation's Terraform resource, for what the props do not cover. */
  readonly resource: RestResource;

  readonly #path: string;

  constructor(scope: Construct, id: string, props: EvaluationProps) {
    super(scope, id);
    const { accountId } = Cloudflare.of(this);
    const sound = soundProps(this, evaluationRules, props);
    const { gateway, datasets = [] } = sound;
    const name = sound.name ?? defaultName(this, { maxLength: NAME_MAX_LENGTH, underscores: true });
    this.#path = `${gatewayPath(accountId, gatewayIdOf(gateway))}/evaluations`;
    this.resource = new ImmutableRestResource(this, "Resource", {
      path: this.#path,
      body: {
        name: escapeTexts(name),
        dataset_ids: datasets.map(({ datasetId }) => datasetId),
        evaluation_type_ids: sound.evaluationTypeIds ?? this.#mandatoryTypes(accountId),
      },
      createSelector: "result",
      readPath: "$(path)/$(body.id)",
      readSelector,
      outputAttrs: ["name"],
    });
    recoverLostCreate(this.resource, {
      listing: listingOfGateway(gateway, {
        kind: "evaluations",
        name: ["name"],
        createdAt: "created_at",
      }),
      name,
      importId: (evaluationId, path) => this.#importId(evaluationId, path),
    });
    claimName(this, "evaluation", gateway, name);
    warnOfDeprecation(this, "Evaluations");
    protectFromDeletion(this, [this.resource], sound.deletionProtection);
    reportProblems(
      this,
      applyRules(evaluationRules, { ...props, gateway: props.gateway, datasets: props.datasets }),
    );
  }

  /** The id Cloudflare gave it. */
  get evaluationId(): string {
    return Fn.basename(this.resource.id);
  }

  /**
   * Takes over an evaluation that exists already, at the next deploy, instead of creating it. What it was made with
   * is not in the API's answers, so what is declared is believed. Needs Terraform on PATH at synth, and may be removed
   * after the deploy.
   * @param evaluationId Its id, as `GET /accounts/{account}/ai-gateway/gateways/{gateway}/evaluations` lists it
   */
  importFrom(evaluationId: string): void {
    reportProblems(this, checkId("evaluationId", evaluationId));
    this.resource.importFrom(this.#importId(evaluationId));
  }

  #importId(evaluationId: string, path: string = this.#path): string {
    return renderImportId({
      id: `${path}/${evaluationId}`,
      path,
      body: { name: null },
      readSelector,
    });
  }

  #mandatoryTypes(accountId: string): readonly string[] {
    const types = new RestDataSource(this, "MandatoryTypes", {
      path: evaluationTypesPath(accountId),
      selector: "result.#(mandatory==true)#.id",
    });
    return types.getListAttribute("output");
  }
}

class ImportedEvaluation extends Construct implements IEvaluation {
  readonly evaluationId: string;

  constructor(scope: Construct, id: string, evaluationId: string) {
    super(scope, id);
    this.evaluationId = evaluationId;
    reportProblems(this, checkId("evaluationId", evaluationId));
  }
}

function checkDatasets(datasets: unknown): string | undefined {
  return Array.isArray(datasets) &&
    datasets.length > 0 &&
    datasets.every(
      (dataset) => typeof dataset === "object" && dataset !== null && "datasetId" in dataset,
    )
    ? undefined
    : wrongValue(
        "datasets",
        datasets,
        "an array of one or more Dataset, or Dataset.fromDatasetId(…)",
      );
}

function checkTypeIds(ids: unknown): string | undefined {
  return ids === undefined ||
    isToken(ids) ||
    (Array.isArray(ids) &&
      ids.length > 0 &&
      ids.every((id) => isToken(id) || (typeof id === "string" && id !== "")))
    ? undefined
    : wrongValue("evaluationTypeIds", ids, "an array of one or more ids of evaluation types");
}
