/** What the plan of the deploy after an import counts. */
export interface PlanOfImport {
  /** Objects that are imported. */
  readonly imports: number;
  /** Gateways that are sent their secrets, each by a PUT. */
  readonly sends: number;
  /** Imported objects whose state is completed, or that are changed. */
  readonly updates: number;
  /** Gateways among them with a setting that no prop can say. */
  readonly repairs: number;
}

/** As Terraform says it. */
export const planLine = ({ imports, sends, updates }: PlanOfImport): string =>
  `${imports} to import, ${sends} to add, ${updates} to change, 0 to destroy.`;

/** Why there is something to add or to change, a line each, and what is sent. */
export function planReasons({ sends, updates, repairs }: PlanOfImport): readonly string[] {
  return [
    ...(sends === 0
      ? []
      : [
          "To add: a PUT for each gateway with secrets, which sends these with all other settings as they are.",
        ]),
    ...(repairs === 0
      ? []
      : [
          "To change: a PUT for each gateway with a setting that no prop can say, by which that setting is changed.",
        ]),
    ...(updates === repairs
      ? []
      : [
          "To change: notes on how later requests are sent, such as update_method, for which an import has no words. Nothing is sent.",
        ]),
    ...(sends + repairs === 0 ? ["The deploy only reads: Cloudflare is sent no change."] : []),
  ];
}
