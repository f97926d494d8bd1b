import { expect, jest, test } from "@jest/globals";
import type { WorkerProps } from "../../../lib/index.js";

// The process has esbuild; what is told to have none is loaded anew.
jest.doMock("../../../lib/workers/bundle-exports.js", () => ({
  hasBundleReader: () => false,
  bundleExports: () => undefined,
}));
const { Worker } = require("../../../lib/index.js") as typeof import("../../../lib/index.js");
const { newBundle, newStack, problemsOf } =
  require("../new-stack.js") as typeof import("../new-stack.js");

const warningsOf = (props: Partial<WorkerProps>) => {
  const stack = newStack();
  const worker = new Worker(stack, "worker", {
    bundle: newBundle("export default {};"),
    ...props,
  });
  const texts = worker.node.metadata
    .filter(({ type }) => type === "@cdktf/warn")
    .map(({ data }) => data);
  return { texts, problems: problemsOf(stack) };
};

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
