import { describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import {
  AiGateway,
  Dataset,
  type DatasetProps,
  Evaluation,
  type EvaluationProps,
} from "../../../lib/index.js";
import { newStack, only, problemsOf, synth } from "../new-stack.js";

const gatewayOf = (stack: TerraformStack) => AiGateway.fromGatewayId(stack, "gateway", "mine");
const warningsOf = (stack: TerraformStack): string[] =>
  stack.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata.filter(({ type }) => /warn/.test(type)).map(({ data }) => String(data)),
    );

describe("Dataset", () => {
  test("writes out every setting, and warns that Cloudflare offers it no more", () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    new Dataset(stack, "all", { gateway: gatewayOf(stack) });

    // THEN
    const { depends_on, ...dataset } = only(synth(stack).resource?.restful_resource);
    expect(dataset).toMatchInlineSnapshot(`
      {
        "body": {
          "enable": true,
          "filters": [],
          "name": "chat-all",
        },
        "create_selector": "result",
        "output_attrs": [
          "name",
        ],
        "path": "/accounts/account/ai-gateway/gateways/mine/datasets",
        "read_path": "$(path)/$(body.id)",
        "read_selector": "result.{name,enable,filters}",
      }
    `);
    expect(warningsOf(stack)).toEqual([expect.stringContaining("Datasets are deprecated")]);
  });

  const filter = { key: "success", operator: "eq", value: [true] };
  const wrong: readonly [Partial<Record<keyof DatasetProps, unknown>>, string][] = [
    [{ name: "" }, 'name: got ""'],
    [{ name: "\udc69 cut" }, "allowed is a text of whole characters"],
    [{ enable: "yes" }, "enable: got"],
    [{ filters: filter }, "filters: got"],
    [{ filters: [1] }, "filters[0]: got 1"],
    [{ filters: [filter, { ...filter, key: "event_id" }] }, 'filters[1].key: got "event_id"'],
    [{ filters: [{ operator: "eq", value: [1] }] }, "filters[0].key: got nothing"],
    [{ filters: [{ ...filter, operator: "neq" }] }, 'filters[0].operator: got "neq"'],
    [{ filters: [{ ...filter, value: true }] }, "filters[0].value: got true"],
    [{ filters: [{ ...filter, value: [] }] }, "filters[0].value: got an empty array"],
    [{ filters: [{ ...filter, value: [null] }] }, "filters[0].value[0]: got null"],
    [{ filters: [{ ...filter, value: [0.1] }] }, "filters[0].value[0]: got 0.1, which is never"],
    [{ deletionProtection: 1 }, "deletionProtection: got 1"],
  ];
  test.each(wrong)("fails for %p", (props, problem) => {
    const stack = newStack();

    new Dataset(stack, "all", { gateway: gatewayOf(stack), ...props } as DatasetProps);

    expect(problemsOf(stack)).toEqual([expect.stringContaining(problem)]);
  });

  test("fails for a name that another one of the gateway has", () => {
    const stack = newStack();
    const gateway = gatewayOf(stack);
    new Dataset(stack, "first", { gateway, name: "all" });

    new Dataset(stack, "second", { gateway, name: "all" });
    new Dataset(stack, "third", {
      gateway: AiGateway.fromGatewayId(stack, "other", "other"),
      name: "all",
    });

    expect(problemsOf(stack)).toEqual([
      expect.stringContaining('[chat/second] name: "all" is the name of chat/first already'),
    ]);
  });
});

describe("Evaluation", () => {
  test("measures what it must where nothing else is declared", () => {
    // GIVEN
    const stack = newStack();
    const gateway = gatewayOf(stack);
    const dataset = Dataset.fromDatasetId(stack, "all", "d1");

    // WHEN
    new Evaluation(stack, "baseline", { gateway, datasets: [dataset] });

    // THEN
    const { resource, data } = synth(stack);
    expect(Object.values(data?.restful_resource ?? {})).toContainEqual(
      expect.objectContaining({
        id: "/accounts/account/ai-gateway/evaluation-types",
        selector: "result.#(mandatory==true)#.id",
      }),
    );
    expect(only(resource?.restful_resource)).toMatchObject({
      path: "/accounts/account/ai-gateway/gateways/mine/evaluations",
      body: {
        name: "chat-baseline",
        dataset_ids: ["d1"],
        evaluation_type_ids: expect.stringMatching(/^\$\{data\.restful_resource\..*\.output\}$/),
      },
    });
    expect(warningsOf(stack)).toEqual([expect.stringContaining("Evaluations are deprecated")]);
  });

  test("looks at datasets of its own gateway", () => {
    // GIVEN
    const stack = newStack();
    const gateway = gatewayOf(stack);
    const other = AiGateway.fromGatewayId(stack, "other", "other");
    // WHEN
    const own = new Dataset(stack, "own", { gateway });
    const foreign = new Dataset(stack, "foreign", { gateway: other });
    new Evaluation(stack, "baseline", { gateway, datasets: [own, foreign] });
    // THEN
    expect(problemsOf(stack)).toEqual([
      expect.stringContaining(
        '[chat/baseline] datasets: got chat/foreign of the gateway "other"; allowed are datasets of "mine"',
      ),
    ]);
  });

  test("that exists is known by its id", () => {
    const stack = newStack();
    expect(Evaluation.fromEvaluationId(stack, "a", "abc").evaluationId).toBe("abc");
    Evaluation.fromEvaluationId(stack, "b", "a/b");
    expect(problemsOf(stack)).toEqual([
      expect.stringContaining('[chat/b] evaluationId: got "a/b"'),
    ]);
  });

  test("looks nothing up where the types are declared", () => {
    const stack = newStack();
    const dataset = Dataset.fromDatasetId(stack, "all", "d1");

    new Evaluation(stack, "baseline", {
      gateway: gatewayOf(stack),
      datasets: [dataset],
      evaluationTypeIds: ["speed", "cost"],
    });

    expect(JSON.stringify(synth(stack).data)).not.toContain("evaluation-types");
  });

  const wrong: readonly [Partial<Record<keyof EvaluationProps, unknown>>, string][] = [
    [{ name: " " }, 'name: got " "'],
    [{ datasets: [] }, "datasets: got an empty array"],
    [{ datasets: ["d1"] }, "datasets: got an array"],
    [{ datasets: undefined }, "datasets: got nothing"],
    [{ datasets: [null] }, "datasets: got an array"],
    [{ evaluationTypeIds: [] }, "evaluationTypeIds: got an empty array"],
    [{ evaluationTypeIds: "speed" }, 'evaluationTypeIds: got "speed"'],
    [{ deletionProtection: 1 }, "deletionProtection: got 1"],
  ];
  test.each(wrong)("fails for %p", (props, problem) => {
    const stack = newStack();
    const datasets = [Dataset.fromDatasetId(stack, "all", "d1")];

    new Evaluation(stack, "baseline", {
      gateway: gatewayOf(stack),
      datasets,
      ...props,
    } as EvaluationProps);

    expect(problemsOf(stack)).toEqual([expect.stringContaining(problem)]);
  });
});
