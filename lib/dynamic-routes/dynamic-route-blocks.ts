import type { Postcondition } from "cdktf";
import { escapeTexts } from "../escape-texts.js";
import { renderImportId } from "../rest-api/import-id.js";
import type { RestDataSourceConfig } from "../rest-api/rest-data-source.js";
import type { RestOperationConfig } from "../rest-api/rest-operation.js";
import type { RestResourceConfig } from "../rest-api/rest-resource.js";
import { escapeTemplate } from "../terraform-text.js";
import type { RouteElement } from "./route-element.js";

const routeSelector = "result.{name}";
const deploymentSelector = "result.deployment.{version_id}";

/** The route: its graph is sent when it is created, afterwards only its name is its own. */
export const renderRoute = (path: string, name: string, elements: unknown): RestResourceConfig => ({
  path,
  body: { name, elements },
  createSelector: "result",
  readPath: "$(path)/$(body.id)",
  readSelector: routeSelector,
  // Cloudflare renames by it and does nothing else. The merge patch holds the name alone, as the graph never changes.
  updateMethod: "PATCH",
  outputAttrs: ["name"],
  // A graph that changes is a new version's. With this one, a route that has to be replaced still gets today's.
  lifecycle: { ignoreChanges: ["body.elements"] },
});

/** One upload for each graph that is declared. Nothing takes a version away again. */
export const renderVersion = (routePath: string, elements: unknown): RestOperationConfig => ({
  path: `${routePath}/versions`,
  method: "POST",
  body: { elements },
  outputAttrs: ["result.version_id"],
});

/**
 * Which version serves: read from the route, so that one that somebody else deployed shows as a change.
 *
 * A deployment cannot be deleted. Where Terraform has to send something, it deploys what is deployed already.
 */
export const renderDeployment = (routePath: string, versionId: string): RestResourceConfig => ({
  path: `${routePath}/deployments`,
  body: { version_id: versionId },
  readPath: routePath,
  readSelector: deploymentSelector,
  updateMethod: "POST",
  updatePath: "$(path)",
  deleteMethod: "POST",
  deletePath: "$(path)",
  deleteBody: { version_id: versionId },
  outputAttrs: ["version_id"],
  lifecycle: { postcondition: [deployedIsOurs] },
});

const deployedIsOurs: Postcondition = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own expression
  condition: "${self.output.version_id == self.body.version_id}",
  errorMessage:
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own expression
    "Cloudflare took the deployment, but the route is served by version ${self.output.version_id} and not by ${self.body.version_id}. Deploy again; if it stays, look at the route's versions in the dashboard.",
};

/** The version that is pinned, with the check that it holds the declared graph. */
export function renderPinned(
  constructPath: string,
  routePath: string,
  version: string,
  graph: string,
): RestDataSourceConfig {
  return {
    path: `${routePath}/versions/${version}`,
    selector: "result",
    outputAttrs: ["elements", "data"],
    lifecycle: {
      postcondition: [
        {
          condition: `\${${byId(pinnedElements)} == ${byId(graph)}}`,
          errorMessage: `[${escapeTemplate(constructPath)}] graph: got another one than version ${version} holds. Remove the prop version to upload the declared graph as a new version, or declare the graph of that version.`,
        },
      ],
    },
  };
}

// Answers were seen with the graph in `data`, as a value or as text, and with or without `elements`.
const pinnedElements =
  "try([for e in self.output.elements : e], jsondecode(self.output.data), self.output.data)";

/** A graph as one text, whatever the order of its elements. */
const byId = (elements: string): string => `jsonencode({for e in ${elements} : e.id => e})`;

/** The id Terraform imports a route by. Its graph is not compared, so it is not read. */
export const renderRouteImportId = (path: string, routeId: string): string =>
  renderImportId({
    id: `${path}/${routeId}`,
    path,
    body: { name: null, elements: null },
    readSelector: routeSelector,
  });

/** The id Terraform imports by which version serves. */
export const renderDeploymentImportId = (path: string, routeId: string): string =>
  renderImportId({
    id: `${path}/${routeId}`,
    path: `${path}/${routeId}/deployments`,
    body: { version_id: null },
    readSelector: deploymentSelector,
  });

/** The elements with every text as it is meant: Terraform reads each as a template. */
export const renderElements = (graph: readonly RouteElement[]): unknown => escapeTexts(graph);
