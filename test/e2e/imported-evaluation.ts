import { AiGateway, Dataset, Evaluation } from "../../lib/index.js";
import { Workbench } from "./workbench.js";

const PATH = "/ai-gateway/gateways/there";

const there = {
  id: "there",
  cache_ttl: 60,
  cache_invalidate_on_update: false,
  collect_logs: true,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
};

interface Declaration {
  /** Construct id of the evaluation. @default "baseline" */
  readonly id?: string;
  /** Construct id of the dataset. @default "slow" */
  readonly datasetConstruct?: string;
  /** Whose `importFrom` is called. @default both */
  readonly importing?: readonly ("dataset" | "evaluation")[];
  /** Another dataset in place of the declared one. */
  readonly otherDataset?: string;
  /** One more, in its place, too. */
  readonly newDataset?: string;
  readonly evaluationTypeIds?: readonly string[];
  /** What gets another address keeps its object. */
  readonly moved?: Partial<Addresses>;
}

export interface Addresses {
  readonly dataset: string;
  readonly evaluation: string;
}

/** An evaluation and its dataset that API calls made, and another dataset beside them. */
export class ImportedEvaluation {
  readonly bench: Workbench;
  readonly ids: Readonly<Record<"dataset" | "other" | "evaluation", string>>;
  /** The mandatory ones, which the evaluation has. */
  readonly types: readonly string[];

  private constructor(
    bench: Workbench,
    ids: ImportedEvaluation["ids"],
    types: ImportedEvaluation["types"],
  ) {
    this.bench = bench;
    this.ids = ids;
    this.types = types;
  }

  static async start(): Promise<ImportedEvaluation> {
    const bench = await Workbench.start();
    await bench.api("POST", "/ai-gateway/gateways", there);
    const make = async (kind: string, body: object): Promise<string> =>
      ((await bench.api("POST", `${PATH}/${kind}`, body)).body.result as { id: string }).id;
    const dataset = await make("datasets", { name: "slow", enable: true, filters: [] });
    const other = await make("datasets", { name: "other", enable: true, filters: [] });
    const { result } = (await bench.api("GET", "/ai-gateway/evaluation-types")).body;
    const types = (result as { id: string; mandatory: boolean }[])
      .filter(({ mandatory }) => mandatory)
      .map(({ id }) => id);
    const evaluation = await make("evaluations", {
      name: "baseline",
      dataset_ids: [dataset],
      evaluation_type_ids: types,
    });
    return new ImportedEvaluation(bench, { dataset, other, evaluation }, types);
  }

  declare(declaration: Declaration = {}): Addresses {
    const { id = "baseline", datasetConstruct = "slow", moved = {} } = declaration;
    const {
      importing = ["dataset", "evaluation"],
      otherDataset,
      newDataset,
      evaluationTypeIds,
    } = declaration;
    const addresses = { dataset: "", evaluation: "" };
    this.bench.synth((stack) => {
      const gateway = AiGateway.fromGatewayId(stack, "gateway", "there");
      const dataset = new Dataset(stack, datasetConstruct, { gateway, name: "slow" });
      const evaluation = new Evaluation(stack, id, {
        gateway,
        name: "baseline",
        datasets: [
          newDataset !== undefined
            ? new Dataset(stack, newDataset, { gateway, name: newDataset })
            : otherDataset !== undefined
              ? Dataset.fromDatasetId(stack, "other", otherDataset)
              : dataset,
        ],
        ...(evaluationTypeIds === undefined ? {} : { evaluationTypeIds }),
      });
      const constructs = { dataset, evaluation };
      for (const name of ["dataset", "evaluation"] as const) {
        const { resource } = constructs[name];
        if (importing.includes(name)) constructs[name].importFrom(this.ids[name]);
        const from = moved[name];
        if (from !== undefined) resource.moveFromId(from);
        addresses[name] = `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
      }
    });
    return addresses;
  }

  /** Calls that change something, from now on. */
  record(): () => readonly string[] {
    const { faults } = this.bench.emulator;
    faults.record();
    return () =>
      faults.calls
        .filter(({ method }) => method !== "GET")
        .map(({ method, path }) => `${method} ${path.replace(/.*\/gateways\/there/, "")}`);
  }

  /** What a plan that is refused says, without the frame and the line breaks of Terraform's errors. */
  async refused(...command: string[]): Promise<string> {
    const { code, stderr } = await this.bench.terraform(...command, "-no-color");
    if (code !== 1) throw new Error(`terraform ${command.join(" ")} was not refused`);
    return stderr.replaceAll(/[\s│╷╵]+/g, " ");
  }

  /** Datasets of each evaluation that exists. */
  async evaluated(): Promise<readonly (readonly string[])[]> {
    const { result } = (await this.bench.api("GET", `${PATH}/evaluations`)).body;
    return (result as { datasets: { id: string }[] }[]).map(({ datasets }) =>
      datasets.map(({ id }) => id),
    );
  }
}
