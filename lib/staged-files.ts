import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { type ISynthesisSession, TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { Construct } from "constructs";

/** A file on its way into the stack's folder: bytes at hand, or the file that holds them. */
export type StagedFile =
  | { readonly name: string; readonly sha256: string; readonly content: string | Uint8Array }
  | { readonly name: string; readonly sha256: string; readonly source: string };

/**
 * Files that go into the stack's folder at synth, under a path made from their names and contents.
 *
 * cdktf's own asset hashes contents only: a renamed file would keep the path, and the provider needs
 * another path to see a change.
 */
export class StagedFiles extends Construct {
  #files: readonly StagedFile[] = [];
  readonly #stack: TerraformStack;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#stack = TerraformStack.of(this);
    addCustomSynthesis(this, { onSynthesize: (session) => this.#write(session) });
  }

  /** Replaces what is staged. Names are relative paths with `/`. */
  setFiles(files: readonly StagedFile[]): void {
    this.#files = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The folder, relative to the stack's folder, which is Terraform's working directory. */
  get directory(): string {
    const hash = createHash("sha256");
    for (const { name, sha256 } of this.#files) {
      hash.update(`${name}\0${sha256}\n`);
    }
    return posix.join(this.#root, hash.digest("hex").slice(0, 32));
  }

  get #root(): string {
    return posix.join("assets", this.#stack.getLogicalId(this.node));
  }

  #write({ manifest }: ISynthesisSession): void {
    const stackFolder = join(manifest.outdir, manifest.forStack(this.#stack).workingDirectory);
    // What an earlier synth left behind would be there for ever: each content has its own path.
    rmSync(join(stackFolder, this.#root), { recursive: true, force: true });
    mkdirSync(join(stackFolder, this.directory), { recursive: true });
    for (const file of this.#files) {
      const target = join(stackFolder, this.directory, file.name);
      mkdirSync(dirname(target), { recursive: true });
      if ("source" in file) {
        copyFileSync(file.source, target);
      } else {
        writeFileSync(target, file.content);
      }
    }
  }
}

export const sha256Of = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");
