import { TerraformStack, TerraformVariable, Token } from "cdktf";
import type { Construct } from "constructs";
import { duplicateVariable, invalidProps, invalidVariableName, UsageError } from "./errors.js";
import { OwnStackReference } from "./own-stack-reference.js";
import { isRecord, show, unknownProp } from "./prop-rules.js";
import { isToken } from "./terraform-text.js";

export interface SecretVariableProps {
  /**
   * What the value is and where it comes from; Terraform shows it when it asks for the value.
   * @default the command that sets it
   */
  readonly description?: string;
}

const variablesOfStack = Symbol.for("cdktf-cloudflare-ai-gateway/secret-variables");

/**
 * A secret that is handed to Terraform from outside, and is in neither the synthesized JSON, nor the
 * plan, nor the state: a Terraform variable that is sensitive and ephemeral. An empty one fails the plan.
 *
 * Its id is the name of the variable, wherever in the stack it is declared. Needs Terraform 1.11.
 *
 * @throws {@link UsageError} for an id that is no variable name, or one the stack has already
 *
 * @example
 * ```ts
 * // export TF_VAR_openai_api_key=…
 * worker.addSecret("OPENAI_API_KEY", new SecretVariable(stack, "openai_api_key"));
 * ```
 */
export class SecretVariable extends TerraformVariable {
  readonly #reference: OwnStackReference;

  constructor(scope: Construct, id: string, props: SecretVariableProps = {}) {
    const description = checkedDescription(scope, id, props);
    super(scope, id, {
      type: "string",
      sensitive: true,
      nullable: false,
      description: description ?? `Set it with: export TF_VAR_${id}=…`,
      // Exported without a value it would only be refused by an API, which does not know the variable's name.
      validation: [
        {
          condition: `\${trimspace(var.${id}) != ""}`,
          errorMessage: `TF_VAR_${id} is empty. Set it with: export TF_VAR_${id}=…`,
        },
      ],
    });
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(id)) {
      throw invalidVariableName(this.node.path, id);
    }
    const stack = TerraformStack.of(this);
    const declared = variablesOf(stack);
    const first = declared.get(id);
    if (first !== undefined) {
      throw duplicateVariable(this.node.path, id, first);
    }
    declared.set(id, this.node.path);
    this.overrideLogicalId(id);
    this.addOverride("ephemeral", true);
    this.#reference = new OwnStackReference(stack, `var.${id}`);
    this.node.addValidation({ validate: () => this.#usesElsewhere() });
  }

  override get stringValue(): string {
    return Token.asString(this.#reference);
  }

  override get value(): unknown {
    return this.#reference;
  }

  #usesElsewhere(): string[] {
    const own = TerraformStack.of(this).node.path;
    return this.#reference.elementsElsewhere().map((element) => {
      const other = TerraformStack.of(element).node.path;
      return `is a secret of the stack ${own}, and ${element.node.path} of the stack ${other} has it; it could get there by way of ${own}'s state only, where no secret is. Declare it in each stack, new SecretVariable(stack, ${show(this.node.id)}): one TF_VAR_${this.node.id} sets both.`;
    });
  }
}

/** Terraform takes no expression in what declares a variable, so it is looked at before anything is declared. */
function checkedDescription(scope: Construct, id: string, props: unknown): string | undefined {
  const path = [scope?.node?.path, id].filter(Boolean).join("/");
  if (!isRecord(props)) throw invalidProps(path, props, ["description"]);
  for (const prop in props) {
    if (prop !== "description")
      throw new UsageError(`[${path}] ${unknownProp(prop, ["description"])}`);
  }
  const { description } = props;
  if (description === undefined) return undefined;
  if (typeof description !== "string" || isToken(description)) {
    const got = isToken(description) ? "a token" : show(description);
    throw new UsageError(
      `[${path}] description: got ${got}; allowed is a text that is written out, such as "Key of the provider".`,
    );
  }
  return description;
}

interface StackWithVariables extends TerraformStack {
  [variablesOfStack]?: Map<string, string>;
}

function variablesOf(stack: StackWithVariables): Map<string, string> {
  stack[variablesOfStack] ??= new Map();
  return stack[variablesOfStack];
}
