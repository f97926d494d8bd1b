import { expect, jest, test } from "@jest/globals";
import type { Construct } from "constructs";
import type { WorkerProps } from "../../../lib/index.js";

// The process has esbuild; what is told to have none is loaded anew.
jest.doMock("../../../lib/workers/has-bundle-reader.js", () => ({ hasBundleReader: () => false }));
const { Container, Worker } =
  require("../../../lib/index.js") as typeof import("../../../lib/index.js");
const { newBundle, newStack, problemsOf } =
  require("../new-stack.js") as typeof import("../new-stack.js");

const warningsOf = (props: Partial<WorkerProps>) => {
  const stack = newStack();
  const worker = new Worker(stack, "worker", {
    bundle: newBundle("export default {};"),
    ...props,
  });
  return { texts: textsOf(worker), problems: problemsOf(stack) };
};

const textsOf = ({ node }: Construct): readonly unknown[] =>
  node.metadata.filter(({ type }) => type === "@cdktf/warn").map(({ data }) => data);

test("Without esbuild a Worker with classes says once that its exports are not checked, and is deployed", () => {
  const { texts, problems } = warningsOf({
    durableObjects: { ROOM: { className: "Room" }, DESK: { className: "Desk" } },
    migrations: [{ newSqliteClasses: ["Room", "Desk"] }],
  });

  expect(texts).toEqual([
    "Whether the bundle exports the Worker's classes is not checked, because esbuild is not installed; Cloudflare refuses the upload if it does not. Run: npm install --save-dev esbuild",
  ]);
  expect(problems).toEqual([]);
});

test("Without esbuild a Worker without classes says nothing", () => {
  expect(warningsOf({}).texts).toEqual([]);
});

test("Without esbuild a Container says that its class is not checked, and is deployed", () => {
  const stack = newStack();
  const container = new Container(stack, "pdf", {
    bundle: newBundle("export default {};"),
    className: "Pdf",
    image: "registry.example/pdf:1",
  });

  expect(textsOf(container)).toEqual([
    "Whether the bundle exports the class Pdf is not checked, because esbuild is not installed; Cloudflare refuses the upload if it does not. Run: npm install --save-dev esbuild",
  ]);
  expect(problemsOf(stack)).toEqual([]);
});

test("Without esbuild a class that is bound under a new name still hears of the rename first", () => {
  const { problems } = warningsOf({
    durableObjects: { ROOM: { className: "Hall" } },
    migrations: [{ newSqliteClasses: ["Room"] }],
  });

  expect(problems).toEqual([
    expect.stringContaining(
      'If Hall is Room under another name, add the step { renamedClasses: [{ from: "Room", to: "Hall" }] }',
    ),
  ]);
});
