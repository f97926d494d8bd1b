import { checkWord, type PropRules } from "../prop-rules.js";
import type { WorkerAssets } from "./worker-assets.js";
import { checkRunWorkerFirst } from "./worker-checks.js";

/** What the settings of a Worker's assets are checked for. */
export const assetsRules: PropRules<WorkerAssets> = {
  directory: [],
  binding: [],
  htmlHandling: [
    {
      name: "worker-html-handling",
      check: ({ htmlHandling }) =>
        checkWord("htmlHandling", htmlHandling, [
          "auto-trailing-slash",
          "force-trailing-slash",
          "drop-trailing-slash",
          "none",
        ]),
    },
  ],
  notFoundHandling: [
    {
      name: "worker-not-found-handling",
      check: ({ notFoundHandling }) =>
        checkWord("notFoundHandling", notFoundHandling, [
          "none",
          "404-page",
          "single-page-application",
        ]),
    },
  ],
  runWorkerFirst: [
    {
      name: "worker-run-worker-first",
      check: ({ runWorkerFirst }) => checkRunWorkerFirst(runWorkerFirst),
    },
  ],
};
