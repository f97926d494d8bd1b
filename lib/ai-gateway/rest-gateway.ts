import { dependable, type Postcondition } from "cdktf";
import type { Construct } from "constructs";
import { RemovedFromState } from "../removed-from-state.js";
import { RestDataSource } from "../rest-api/rest-data-source.js";
import { RestOperation } from "../rest-api/rest-operation.js";
import { RestResource } from "../rest-api/rest-resource.js";
import { escapeTemplate } from "../terraform-text.js";
import type { GatewayBody } from "./ai-gateway-body.js";
import type { AiGatewayProps } from "./ai-gateway-props.js";
import { renderGatewayPut, renderUpdatePatches, settingsWithSecrets } from "./gateway-put.js";
import { renderImportedSelector, renderReading, renderSelectorOf } from "./gateway-reading.js";
import { readBackPaths, renderReadBack } from "./read-back.js";
import { declaredSettings, putOnlySettingsOf } from "./setting-values.js";

/** Construct id of the PUT that follows; a public contract, as all are. */
export const GATEWAY_PUT_ID = "Settings";

/** Construct id of what is read after it. */
const GATEWAY_KEPT_ID = "Kept";

const forceNewAttrs = ["id"] as const;

export interface RestGatewayOptions {
  /** Path of the account's gateways. */
  readonly path: string;
  readonly body: GatewayBody;
  readonly props: AiGatewayProps;
}

/**
 * A gateway over the REST API: one object; and, where a setting needs it, a PUT of everything right after each
 * of its own requests.
 *
 * That PUT brings what older versions of the API take on PUT only, and the secrets: the object's own update
 * sends secrets only when they have changed, and would wipe them with every other change.
 */
export function addRestGateway(gateway: Construct, options: RestGatewayOptions): RestResource {
  const { path, body, props } = options;
  const declared = comparedSettings(options);
  const afterwards = putOnlySettingsOf(body);
  const atOnce = declared.filter((key) => !(afterwards as readonly string[]).includes(key));
  const patches = renderUpdatePatches(props);
  const resource = new RestResource(gateway, "Resource", {
    path,
    body,
    createSelector: "result",
    readPath: "$(path)/$(body.id)",
    ...renderReading(body),
    forceNewAttrs,
    outputAttrs: ["id", ...readBackPaths(atOnce, body)],
    ...(patches.length > 0 && { updateBodyPatches: patches }),
    ...(atOnce.length > 0 && {
      lifecycle: {
        postcondition: renderReadBack({
          gateway,
          keys: atOnce,
          body,
          sent: "self.body",
          answered: "self.output",
        }),
      },
    }),
  });
  if (afterwards.length > 0) {
    addPut(gateway, resource, options, afterwards);
  }
  return resource;
}

/**
 * Says of a gateway that exists nothing that its import would take for a change, and leaves the PUT that follows to
 * gateways that need one: one that exists is never created by a POST, and without secrets its own PUT says everything.
 *
 * A gateway with secrets is changed by its import anyway: what it is sent without them has to be in the state.
 */
export function takeOverRestGateway(
  gateway: Construct,
  resource: RestResource,
  options: RestGatewayOptions,
): void {
  const { body, props } = options;
  if (settingsWithSecrets(props).length > 0) {
    return;
  }
  if (gateway.node.tryRemoveChild(GATEWAY_PUT_ID)) {
    gateway.node.tryRemoveChild(GATEWAY_KEPT_ID);
    // Where a deploy made it already, there is nothing to destroy.
    new RemovedFromState(gateway, GATEWAY_PUT_ID, RestOperation.tfResourceType);
  }
  resource.replaceAttributes({
    read_selector: renderImportedSelector(body),
    write_only_attrs: undefined,
  });
  resource.ignoreChanges(["force_new_attrs"]);
  resource.importUnchanged();
  resource.lifecycle = {
    ...resource.lifecycle,
    postcondition: [
      isTheSame(gateway.node.path),
      ...renderReadBack({
        gateway,
        keys: comparedSettings(options),
        body,
        sent: "self.body",
        answered: "self.output",
      }),
    ],
  };
}

/** Stands for `force_new_attrs`, which no import brings: another id would be sent to the gateway of the one before. */
const isTheSame = (path: string): Postcondition => ({
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own expression
  condition: '${endswith(self.id, "/${self.body.id}")}',
  errorMessage: `${escapeTemplate(path)}: gatewayId: got \${self.body.id}, but the gateway that was imported is \${basename(self.id)}. Another id is another gateway: set gatewayId back, or remove the call of importFrom, and the deploy deletes the one and creates the other.`,
});

/** Declared settings that have a value: of null, the answer has no parts to look at. */
const comparedSettings = ({ body, props }: RestGatewayOptions) =>
  declaredSettings(props).filter((key) => body[key] !== null);

function addPut(
  gateway: Construct,
  resource: RestResource,
  { body, props }: RestGatewayOptions,
  keys: ReturnType<typeof putOnlySettingsOf>,
): void {
  const put = new RestOperation(gateway, GATEWAY_PUT_ID, {
    path: resource.id,
    method: "PUT",
    ...renderGatewayPut(body, props),
    // The API echoes secrets: nothing else of its answer may be kept.
    outputAttrs: ["result.id"],
    // Whatever sends the object anew sends it without its secrets.
    lifecycle: { replaceTriggeredBy: [dependable(resource)] },
  });
  // Read, not taken from the answer: Terraform keeps that one for good, so what is right by now would never be seen. And of
  // settings that are null in it, an operation can keep nothing: a selector can.
  new RestDataSource(gateway, GATEWAY_KEPT_ID, {
    path: resource.id,
    selector: renderSelectorOf(keys),
    dependsOn: [put],
    lifecycle: {
      postcondition: renderReadBack({
        gateway,
        keys,
        body,
        sent: `${resource.fqn}.body`,
        answered: "self.output",
      }),
    },
  });
}
