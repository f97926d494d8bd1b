import { execFileSync } from "node:child_process";

/**
 * Says aloud, and returns true, where the real `magodo/restful` fails because Terraform 1.11 does not
 * carry identity data. With the embedded providers nothing is missing.
 */
export function lacksIdentity(purpose: string): boolean {
  if (!["installed", "restful"].includes(process.env.TEST_PROVIDERS ?? "")) return false;
  const { terraform_version } = JSON.parse(
    execFileSync("terraform", ["version", "-json"], { encoding: "utf8", stdio: "pipe" }),
  ) as { terraform_version: string };
  if (Number(terraform_version.split(".")[1]) >= 12) return false;
  console.warn(`Skipped: the real magodo/restful needs Terraform 1.12 ${purpose}.`);
  return true;
}
