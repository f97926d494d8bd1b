type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How this program is called, as its caller would type it: from this repository, or from a package.
 * @param args what follows the name
 */
export function programName(args = "", env: Environment = process.env): string {
  const own =
    env.npm_package_name === "cdktf-cloudflare-ai-gateway" && env.npm_lifecycle_event !== "npx";
  if (!own) return `npx ai-gateway-emulator ${args}`.trimEnd();
  return args === "" ? "npm run emulator" : `npm run emulator -- ${args}`;
}
