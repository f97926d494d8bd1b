import { execFile } from "node:child_process";

/** Terraform is missing or too old; the message says what to install. */
export class TerraformMissingError extends Error {
  override readonly name = "TerraformMissingError";
}

/** Write-only arguments, by which secrets stay out of the state, begin with this version. */
const MINIMUM = [1, 11] as const;

/**
 * Fails early, and in one sentence, when Terraform cannot do the job.
 *
 * `TERRAFORM_BINARY_NAME` names another binary, as for cdktf; only Terraform's own version is
 * compared, OpenTofu counts its own.
 * @throws {TerraformMissingError}
 */
export async function requireTerraform(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  const binary = env.TERRAFORM_BINARY_NAME || "terraform";
  const answer = await new Promise<string | undefined>((resolve) => {
    execFile(binary, ["version", "-json"], { env, timeout: 10_000 }, (error, stdout) => {
      resolve(error ? undefined : stdout);
    });
  });
  if (answer === undefined) {
    throw new TerraformMissingError(
      `${binary} was not found or does not run. Install Terraform 1.11 or newer ` +
        "(https://developer.hashicorp.com/terraform/install) and put it on PATH.",
    );
  }
  const version = readVersion(answer);
  if (!version || binary !== "terraform") return;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
    throw new TerraformMissingError(
      `Terraform ${version} is too old: ${MINIMUM.join(".")} or newer is needed, ` +
        "older ones write secrets into the state.",
    );
  }
}

function readVersion(json: string): string | undefined {
  try {
    return (JSON.parse(json) as { terraform_version?: string }).terraform_version;
  } catch {
    return undefined;
  }
}
