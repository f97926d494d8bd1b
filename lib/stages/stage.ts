import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import type { IConstruct } from "constructs";
import {
  invalidStageName,
  invalidStageProp,
  missingStage,
  noStageOfPullRequest,
  tooLongForStage,
  unknownStageProp,
} from "../errors.js";
import { isRecord } from "../prop-rules.js";
import { stageOf } from "./stage-of.js";

/** Longest name of a stage, in characters: what is named after it has to fit into 63. */
const STAGE_NAME_MAX_LENGTH = 24;

export interface StageProps {
  /**
   * Whether people depend on it. What is declared in its stacks is protected from deletion then.
   * @default whether the name is "production"
   */
  readonly production?: boolean;
}

export interface StageFromEnvironmentOptions {
  /**
   * The variable that names the stage.
   * @default "STAGE"
   */
  readonly variable?: string;

  /**
   * Names of stages that people depend on.
   * @default ["production"]
   */
  readonly productionNames?: readonly string[];

  /**
   * Where the variables are.
   * @default process.env
   */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const productionByDefault: readonly string[] = ["production"];

/**
 * One of the places an app is deployed to: production, staging, a preview of a pull request, somebody's own.
 * Stacks, their states and the names of what is in them differ from stage to stage.
 *
 * @throws {@link UsageError} for a name that is none
 *
 * @example
 * ```ts
 * void synthApp((app) => {
 *   const stage = Stage.fromEnvironment();
 *   const stack = new StageStack(app, "chat", { stage });
 *   new Cloudflare(stack, "cloudflare");
 *   new AiGateway(stack, "gateway"); // "chat-production-gateway", "chat-pr-12-gateway"
 * });
 * ```
 */
export class Stage {
  /**
   * The stage that the environment names: `STAGE`; in a GitHub workflow of a pull request otherwise its number,
   * `pr-12`; on somebody's own machine otherwise `dev-{user}`. Any other run of a CI must name one: nothing is
   * deployed to production by accident.
   * @throws {@link UsageError} in CI without a stage, and for a name that is none
   */
  static fromEnvironment(options: StageFromEnvironmentOptions = {}): Stage {
    const {
      variable = "STAGE",
      productionNames = productionByDefault,
      environment = process.env,
    } = checkedOptions(options);
    const name = environment[variable] || nameFromGitHub(environment, variable);
    const chosen = name ?? nameOfDeveloper(environment, variable);
    return new Stage(chosen, { production: productionNames.includes(chosen) });
  }

  /** The preview of a pull request: `pr-12`. */
  static forPullRequest(number: number): Stage {
    if (!Number.isSafeInteger(number) || number < 1) {
      throw noStageOfPullRequest(number);
    }
    return new Stage(`pr-${number}`);
  }

  /** The stage of the nearest stack, or undefined where the stack has none. */
  static of(construct: IConstruct): Stage | undefined {
    return stageOf(construct);
  }

  /**
   * Part of the stack's id, and so of every name that is not written out: 1 to 24 characters, lower-case words of
   * letters and digits joined by single hyphens, a letter first.
   */
  readonly name: string;

  /** Whether people depend on it. */
  readonly production: boolean;

  constructor(name: string, props: StageProps = {}) {
    if (!isStageName(name)) {
      throw invalidStageName(name, STAGE_NAME_MAX_LENGTH);
    }
    if (!isRecord(props)) {
      throw invalidStageProp("Stage", "props", props, "an object such as { production: true }");
    }
    for (const prop in props) {
      if (prop !== "production") throw unknownStageProp("Stage", prop, ["production"]);
    }
    const { production = productionByDefault.includes(name) } = props;
    // A text such as "false" would protect, or protect nothing, against what it says.
    if (typeof production !== "boolean") {
      throw invalidStageProp("Stage", "production", production, "true or false");
    }
    this.name = name;
    this.production = production;
  }

  /**
   * A name of this stage's own, for what is named explicitly: `stage.nameFor("chat")` is "chat-staging".
   * @param maxLength Longest name allowed, in characters @default 63
   * @throws {@link UsageError} where it would be longer
   */
  nameFor(name: string, maxLength = 63): string {
    if (typeof name !== "string" || name === "") {
      throw invalidStageProp("Stage.nameFor", "name", name, "a text that is not empty");
    }
    const own = `${name}-${this.name}`;
    if (own.length > maxLength) {
      throw tooLongForStage(name, own, maxLength);
    }
    return own;
  }
}

const knownOptions = ["variable", "productionNames", "environment"];

/** The options, which plain JavaScript gives of any form. */
function checkedOptions(options: StageFromEnvironmentOptions): StageFromEnvironmentOptions {
  const place = "Stage.fromEnvironment";
  if (!isRecord(options)) {
    throw invalidStageProp(place, "options", options, 'an object such as { variable: "STAGE" }');
  }
  const unknown = Object.keys(options).find((prop) => !knownOptions.includes(prop));
  if (unknown !== undefined) throw unknownStageProp(place, unknown, knownOptions);
  const { variable, productionNames, environment } = options;
  if (variable !== undefined && (typeof variable !== "string" || variable === "")) {
    throw invalidStageProp(place, "variable", variable, 'the name of a variable, such as "STAGE"');
  }
  const isList = Array.isArray(productionNames) && productionNames.every(isStageName);
  if (productionNames !== undefined && !isList) {
    const allowed = 'an array of names of stages, such as ["production"]';
    throw invalidStageProp(place, "productionNames", productionNames, allowed);
  }
  if (environment !== undefined && (typeof environment !== "object" || environment === null)) {
    throw invalidStageProp(place, "environment", environment, "an object such as process.env");
  }
  return options;
}

const isStageName = (name: unknown): name is string =>
  typeof name === "string" &&
  name.length <= STAGE_NAME_MAX_LENGTH &&
  /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name);

type Environment = Readonly<Record<string, string | undefined>>;

function nameFromGitHub(environment: Environment, variable: string): string | undefined {
  if (environment.GITHUB_EVENT_NAME?.startsWith("pull_request") !== true) {
    return undefined;
  }
  const number =
    /^refs\/pull\/(\d+)\//.exec(environment.GITHUB_REF ?? "")?.[1] ??
    // A pull request that was merged has the branch it was merged into as its ref.
    numberOfEvent(environment.GITHUB_EVENT_PATH);
  if (number === undefined) {
    throw missingStage(variable);
  }
  return `pr-${number}`;
}

function numberOfEvent(path: string | undefined): string | undefined {
  try {
    const { number } = JSON.parse(readFileSync(path ?? "", "utf8")) as { number?: unknown };
    return Number.isSafeInteger(number) ? String(number) : undefined;
  } catch {
    return undefined;
  }
}

function nameOfDeveloper(environment: Environment, variable: string): string {
  if (environment.CI && environment.CI !== "false") {
    throw missingStage(variable);
  }
  const user = environment.USER || environment.USERNAME || userInfo().username;
  const words = user.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const name = ["dev", ...words].join("-");
  if (words.join("-") === user && isStageName(name)) {
    return name;
  }
  // Two people whose names differ only in what a stage's name cannot have do not share a stage.
  const hash = createHash("sha256").update(user).digest("hex").slice(0, 6);
  return [...name.slice(0, STAGE_NAME_MAX_LENGTH - 7).split("-"), hash].filter(Boolean).join("-");
}
