import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { EmulatorError } from "../emulator-error.js";
import { writeFileAtomically } from "./write-file-atomically.js";

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keeps secrets unreadable in the state file (AES-256-GCM).
 *
 * The key lies beside the state: this guards copies of the state (a backup, a bug report, a grep)
 * and not against someone who can read the whole directory.
 */
export class SecretBox {
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    this.#key = key;
  }

  /**
   * @param create whether a missing key file may be made; never when sealed values exist already.
   * @throws {EmulatorError} when the file is missing or is no key.
   */
  static async open(keyFile: string, { create }: { create: boolean }): Promise<SecretBox> {
    let key: Buffer;
    try {
      key = await readFile(keyFile);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      if (!create) {
        throw new EmulatorError(
          `The key file ${keyFile} is missing, so the secrets in the state beside it cannot be read. ` +
            "Put the file back, or remove the whole directory to start empty.",
        );
      }
      key = randomBytes(KEY_BYTES);
      await writeFileAtomically(keyFile, key);
    }
    if (key.length !== KEY_BYTES) {
      throw new EmulatorError(
        `The key file ${keyFile} has ${key.length} bytes, not ${KEY_BYTES}: it is damaged. ` +
          "Put the right file back, or remove the whole directory to start empty.",
      );
    }
    return new SecretBox(key);
  }

  /** @param context where the value belongs; it opens nowhere else. */
  seal(text: string, context: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64");
  }

  /** @throws {EmulatorError} when the value was sealed with another key or for another place. */
  unseal(sealed: string, context: string): string {
    const bytes = Buffer.from(sealed, "base64");
    try {
      const iv = bytes.subarray(0, IV_BYTES);
      const decipher = createDecipheriv("aes-256-gcm", this.#key, iv, {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      decipher.setAAD(Buffer.from(context));
      const text = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString("utf8");
    } catch {
      // OpenSSL's own words say nothing more than "no".
      throw new EmulatorError(
        `The secret of ${context} cannot be read with the key file beside the state: the two do not ` +
          "belong together. Put the right key file back, or remove the directory to start empty.",
      );
    }
  }
}
