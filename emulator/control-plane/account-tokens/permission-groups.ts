import { createHash } from "node:crypto";

/** What a group lets a token do. */
export interface PermissionGroup {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly category: string;
  /** Whether a token may make such a request to the REST API. */
  readonly allows: (method: string, pathBelowAccount: string) => boolean;
}

const isGateway = (path: string): boolean => /^\/ai-gateway(\/|$)/.test(path);

function group(name: string, allows: PermissionGroup["allows"]): PermissionGroup {
  return {
    // The emulator's choice: Cloudflare's ids are looked up by name.
    id: createHash("sha256").update(name).digest("hex").slice(0, 32),
    name,
    scopes: ["com.cloudflare.api.account"],
    category: "ai_and_machine_learning",
    allows,
  };
}

/** Of Cloudflare's several hundred groups those that concern a gateway. */
export const permissionGroups: readonly PermissionGroup[] = [
  group("AI Gateway Read", (method, path) => method === "GET" && isGateway(path)),
  group("AI Gateway Write", (_method, path) => isGateway(path)),
  // Of use to the data plane only.
  group("AI Gateway Run", () => false),
];

/** The group that lets a token ask authenticated gateways. */
export const RUN_GROUP_ID = permissionGroups.find(({ name }) => name === "AI Gateway Run")?.id;

export const findPermissionGroup = (id: string): PermissionGroup | undefined =>
  permissionGroups.find((one) => one.id === id);
