/** How this program is called, as its caller would type it: from this repository, or from a package. */
export const programName = (
  env: Readonly<Record<string, string | undefined>> = process.env,
): string =>
  env.npm_package_name === "cdktf-cloudflare-ai-gateway" && env.npm_lifecycle_event !== "npx"
    ? "npm run emulator --"
    : "npx ai-gateway-emulator";
