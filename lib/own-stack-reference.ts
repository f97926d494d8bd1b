import {
  DefaultTokenResolver,
  type IResolvable,
  type IResolveContext,
  ref,
  StringConcat,
  TerraformElement,
  TerraformStack,
  Token,
  Tokenization,
} from "cdktf";

/**
 * A reference that holds in its own stack only. In another one cdktf would make an output of it, which is in the state.
 */
export class OwnStackReference implements IResolvable {
  readonly creationStack: string[] = [];

  readonly #stack: TerraformStack;
  readonly #reference: IResolvable;
  readonly #strangers = new Set<TerraformStack>();

  constructor(stack: TerraformStack, identifier: string) {
    this.#stack = stack;
    // Without its stack: then cdktf carries it into no other.
    this.#reference = ref(identifier);
  }

  resolve(context: IResolveContext): unknown {
    const stack = TerraformStack.of(context.scope);
    if (stack !== this.#stack) this.#strangers.add(stack);
    return this.#reference.resolve(context);
  }

  toString(): string {
    return Token.asString(this);
  }

  /** What has it in another stack; known once the stacks are rendered, as they are when they are validated. */
  elementsElsewhere(): readonly TerraformElement[] {
    return [...this.#strangers].flatMap((stack) =>
      stack.node
        .findAll()
        .filter((child): child is TerraformElement => TerraformElement.isTerraformElement(child))
        .filter((element) => this.#isIn(element, stack)),
    );
  }

  #isIn(element: TerraformElement, stack: TerraformStack): boolean {
    this.#strangers.delete(stack);
    Tokenization.resolve(element.toTerraform(), {
      scope: element,
      resolver: new DefaultTokenResolver(new StringConcat()),
    });
    return this.#strangers.has(stack);
  }
}
