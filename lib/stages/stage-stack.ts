import { resolve } from "node:path";
import {
  Annotations,
  Aspects,
  LocalBackend,
  TerraformBackend,
  TerraformResource,
  TerraformStack,
} from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { keepDeletionGuard } from "../deletion-protection.js";
import { ambiguousStageStack, invalidStageProp, unknownStageProp } from "../errors.js";
import { isRecord, show } from "../prop-rules.js";
import { accountNamesOfResource } from "./account-name.js";
import { remedy } from "./name-clashes.js";
import type { Stage } from "./stage.js";
import { setStage } from "./stage-of.js";

export interface StageStackProps {
  /** Where the stack is deployed to. */
  readonly stage: Stage;
}

/**
 * A stack of one stage: `chat` is "chat-production" in production and "chat-pr-12" in the preview of a pull request.
 * State and default names follow the stack's id, so that stages live side by side in one account.
 *
 * @throws {@link UsageError} where another stack's name and stage read the same
 *
 * @example
 * ```ts
 * void synthApp((app) => {
 *   const stack = new StageStack(app, "chat", { stage: Stage.fromEnvironment() });
 *   new Cloudflare(stack, "cloudflare");
 *   new AiGateway(stack, "gateway");
 * });
 * ```
 */
export class StageStack extends TerraformStack {
  readonly stage: Stage;

  /** The stack's name without the stage. */
  readonly baseName: string;

  constructor(scope: Construct, id: string, props: StageStackProps) {
    const stage = checkedStage(id, props);
    refuseAmbiguity(scope, id, stage);
    super(scope, `${id}-${stage.name}`);
    this.stage = stage;
    this.baseName = id;
    setStage(this, stage);
    if (stage.production) {
      keepDeletionGuard(this);
    } else {
      Aspects.of(this).add({ visit: (construct) => this.#warnOfSharedName(construct) });
    }
  }

  /**
   * Without a backend of its own a stack's state is beside the project, that of a run against the emulator too. In
   * cdktf.out, where cdktf has the latter, the synth of another stage would remove it.
   */
  override ensureBackendExists(): TerraformBackend {
    if (!this.node.findAll().some((one) => TerraformBackend.isBackend(one))) {
      const path = resolve(`terraform.${this.node.id}.tfstate`);
      new LocalBackend(this, { path, workspaceDir: `${path}.d` });
    }
    return super.ensureBackendExists();
  }

  /** A name that is written out and the same in all stages: the second stage's deploy would be refused. */
  #warnOfSharedName(construct: IConstruct): void {
    if (!TerraformResource.isTerraformResource(construct)) return;
    for (const { owner, prop, name } of accountNamesOfResource(construct)) {
      const own = this.stage.name;
      // A default name that was too long lost its end.
      if (!name.includes(own) && !name.startsWith(this.node.id.slice(0, 24).toLowerCase())) {
        Annotations.of(owner).addWarning(
          `${prop}: got ${show(name)} in the stage ${show(own)}; other stages have the same name in the same account, and only one of them can be deployed. ${remedy(this, prop, name)}`,
        );
      }
    }
  }
}

/** The stage, which plain JavaScript may forget, or name instead of making it. */
function checkedStage(id: string, props: StageStackProps): Stage {
  if (!isRecord(props)) {
    throw invalidStageProp(
      id,
      "props",
      props,
      "an object such as { stage: Stage.fromEnvironment() }",
    );
  }
  for (const prop in props) {
    if (prop !== "stage") throw unknownStageProp(id, prop, ["stage"]);
  }
  const { stage } = props;
  if (!isStage(stage)) {
    throw invalidStageProp(id, "stage", stage, 'a Stage, such as new Stage("staging")');
  }
  return stage;
}

// By its form: the app may have another copy of the library.
const isStage = (stage: unknown): stage is Stage =>
  typeof stage === "object" && stage !== null && "name" in stage && "production" in stage;

/** `chat` in the stage `admin-x` and `chat-admin` in the stage `x` are one id, and so one state. */
function refuseAmbiguity(scope: Construct, id: string, stage: Stage): void {
  for (const other of scope.node.root.node.findAll()) {
    if (!(other instanceof StageStack)) continue;
    const [short = "", long = ""] = [id, other.baseName].sort((a, b) => a.length - b.length);
    const extra = long.startsWith(`${short}-`) ? long.slice(short.length + 1) : undefined;
    const stages = [stage, other.stage].map(({ name }) => name);
    if (extra !== undefined && stages.some((name) => name.startsWith(`${extra}-`))) {
      throw ambiguousStageStack(id, stage.name, other.baseName);
    }
  }
}
