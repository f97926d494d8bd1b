import {
  DockerfileParser,
  type Instruction,
  type ModifiableInstruction,
  type PropertyInstruction,
} from "dockerfile-ast";
import { EmulatorError } from "../emulator-error.js";

/** What a Dockerfile says that matters to a local process. */
export interface ImageConfig {
  /** Absolute, inside the image. */
  readonly workingDirectory: string;
  /** In order; `to` is as written, relative to `workingDirectory` at that line. */
  readonly copies: readonly FileCopy[];
  readonly env: ReadonlyMap<string, string>;
  readonly ports: readonly number[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

export interface FileCopy {
  readonly from: readonly string[];
  /** Absolute, inside the image. */
  readonly to: string;
  /** Whether `to` is a folder that takes the files. */
  readonly intoFolder: boolean;
}

/** Change nothing about which process runs and what it is told. */
const withoutEffect = ["FROM", "LABEL", "MAINTAINER", "USER", "HEALTHCHECK", "STOPSIGNAL"];

/** What to do instead, for the instructions people use most. */
const instead: Readonly<Record<string, string>> = {
  RUN: "Build before the image does (bundle the program into the files that COPY takes), or start a Docker engine.",
  ARG: "Write the value out, or use ENV.",
  ADD: "Use COPY.",
};

/**
 * Reads a Dockerfile for a machine without Docker.
 * @throws {EmulatorError} naming line and instruction for what only an image builder can do
 */
export function readDockerfile(text: string, file: string): ImageConfig {
  const instructions = DockerfileParser.parse(text).getInstructions();
  const problem = (instruction: Instruction, message: string) =>
    new EmulatorError(`${file}:${instruction.getRange().start.line + 1}: ${message}`);
  const env = new Map<string, string>();
  const copies: FileCopy[] = [];
  const ports: number[] = [];
  let workingDirectory = "/";
  let entrypoint: readonly string[] = [];
  let command: readonly string[] = [];
  let stages = 0;

  for (const instruction of instructions) {
    const keyword = instruction.getKeyword();
    const words = () => readWords(instruction).map((word) => expand(word, env));
    if (keyword === "FROM" && ++stages > 1) {
      throw problem(
        instruction,
        "a second FROM starts another build stage; without Docker there is one. Copy the files that are ready to run.",
      );
    }
    if (keyword === "WORKDIR") {
      workingDirectory = resolveInImage(workingDirectory, words()[0] ?? "/");
    } else if (keyword === "ENV") {
      for (const property of (instruction as PropertyInstruction).getProperties()) {
        env.set(property.getName(), readValue(property.getUnescapedValue() ?? "", env));
      }
    } else if (keyword === "EXPOSE") {
      ports.push(...words().map((word) => readPort(word, (text) => problem(instruction, text))));
    } else if (keyword === "COPY") {
      copies.push(
        readCopy(instruction, words(), workingDirectory, (text) => problem(instruction, text)),
      );
    } else if (keyword === "ENTRYPOINT") {
      entrypoint = readCommand(instruction);
    } else if (keyword === "CMD") {
      command = readCommand(instruction);
    } else if (!withoutEffect.includes(keyword)) {
      throw problem(
        instruction,
        `${keyword} needs an image builder; without Docker only FROM, WORKDIR, COPY, ENV, EXPOSE, CMD and ENTRYPOINT are followed. ${instead[keyword] ?? "Remove it, or start a Docker engine."}`,
      );
    }
  }
  if (stages === 0) throw new EmulatorError(`${file}: has no FROM, so it describes no image.`);
  if (entrypoint.length + command.length === 0) {
    throw new EmulatorError(
      `${file}: has neither CMD nor ENTRYPOINT; without Docker the base image's own is not known. Write CMD ["node", "server.mjs"] or the like.`,
    );
  }
  return { workingDirectory, copies, env, ports: [...new Set(ports)], entrypoint, command };
}

/** A path inside the image; `..` cannot leave it. */
export function resolveInImage(workingDirectory: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${workingDirectory}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** JSON where it is JSON: the parser's own reading of it loses spaces. */
function readExecForm(instruction: Instruction): string[] | undefined {
  const content = (instruction.getArgumentsContent() ?? "").trim();
  if (!content.startsWith("[")) return undefined;
  try {
    const words: unknown = JSON.parse(content);
    return Array.isArray(words) && words.every((word) => typeof word === "string")
      ? words
      : undefined;
  } catch {
    // Docker takes what is no JSON for the shell form, too.
    return undefined;
  }
}

const readWords = (instruction: Instruction): string[] =>
  readExecForm(instruction) ?? instruction.getArguments().map((argument) => argument.getValue());

const readCommand = (instruction: Instruction): readonly string[] => {
  const exec = readExecForm(instruction);
  if (exec !== undefined) return exec;
  const line = (instruction.getArgumentsContent() ?? "").trim();
  return line === "" ? [] : ["/bin/sh", "-c", line];
};

/** A value of ENV as it is written: in single quotes nothing stands for something else. */
const readValue = (raw: string, env: ReadonlyMap<string, string>): string => {
  const [quote] = raw;
  const quoted = raw.length > 1 && (quote === '"' || quote === "'") && raw.endsWith(quote);
  const text = quoted ? raw.slice(1, -1) : raw;
  return quoted && quote === "'" ? text : expand(text, env);
};

/** `$NAME`, `${NAME}`, `${NAME:-default}` of the image's own ENV; `\$` stays a dollar. */
const expand = (text: string, env: ReadonlyMap<string, string>): string =>
  text.replace(
    /\\(.)|\$(\w+)|\$\{(\w+)(?::-([^}]*))?\}/g,
    (_, escaped?: string, name?: string, braced?: string, otherwise?: string) =>
      escaped ?? env.get(name ?? braced ?? "") ?? otherwise ?? "",
  );

function readPort(word: string, problem: (text: string) => Error): number {
  const [, digits = "", protocol = "tcp"] = /^(\d+)(?:\/(tcp|udp))?$/.exec(word) ?? [];
  const port = Number(digits);
  if (digits !== "" && protocol === "tcp" && port >= 1 && port <= 65_535) return port;
  throw problem(`EXPOSE ${word}: allowed is one TCP port from 1 to 65535, such as 8080.`);
}

function readCopy(
  instruction: Instruction,
  words: readonly string[],
  workingDirectory: string,
  problem: (text: string) => Error,
): FileCopy {
  const raw = instruction.getArgumentsContent() ?? "";
  const flags = (instruction as ModifiableInstruction).getFlags().map((flag) => flag.getName());
  if (flags.includes("from")) {
    throw problem("COPY --from takes files of another image; without Docker there is none.");
  }
  if (raw.includes("<<")) throw problem("COPY of a here-document: put the text into a file.");
  const to = words.at(-1);
  if (to === undefined || words.length < 2) {
    throw problem("COPY takes one or more paths and where they go, such as COPY server.mjs ./");
  }
  return {
    from: words.slice(0, -1),
    to: resolveInImage(workingDirectory, to),
    intoFolder: words.length > 2 || /(?:^|\/)\.{0,2}$/.test(to),
  };
}
