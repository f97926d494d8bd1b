/**
 * Headers workerd adds to each call of a script's `AI` binding. They tell the binding's listener who
 * calls; a Worker can neither read nor change them.
 */
export const bindingHeader = {
  account: "cf-local-account",
  script: "cf-local-script",
  /** Made anew at each start: only our workerd has it. */
  token: "cf-local-token",
} as const;
