/** Set in the environment, it has failures shown with JavaScript's stack, and not by their sentence alone. */
export const STACK_TRACE_VARIABLE = "AI_GATEWAY_STACK_TRACE";

/** Whether somebody wants to see stacks. */
export const wantsStackTrace = (env: Readonly<Record<string, string | undefined>>): boolean =>
  !["", "0", undefined].includes(env[STACK_TRACE_VARIABLE]);
