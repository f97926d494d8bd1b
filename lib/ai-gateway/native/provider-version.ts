import { NATIVE_GATEWAY_PROVIDER_VERSION } from "../../cloudflare.js";

/** The first minor version of provider 5 that has `cloudflare_ai_gateway`. */
const FIRST_MINOR = 19;

/** A constraint that certainly leaves no version with the resource. What is not plain is for Terraform to judge. */
export function checkProviderVersion(constraint: string): string | undefined {
  const match = /^\s*(=|~>)?\s*v?(\d+)\.(\d+)(\.\d+)?\s*$/.exec(constraint);
  if (match === null) {
    return undefined;
  }
  const [, operator, major, minor, patch] = match;
  const older = Number(major) < 5 || (Number(major) === 5 && Number(minor) < FIRST_MINOR);
  const openAbove = operator === "~>" && patch === undefined && Number(major) >= 5;
  return older && !openAbove
    ? `gatewayProvider: got "cloudflare" with providerVersions.cloudflare ${JSON.stringify(constraint)}; cloudflare_ai_gateway came with 5.19. Set ${JSON.stringify(NATIVE_GATEWAY_PROVIDER_VERSION)}, or remove providerVersions.cloudflare.`
    : undefined;
}
