import { z } from "zod";
import { ApiError, notEmulated } from "../api-error.js";
import { parse } from "../parse.js";

const workflow = z.strictObject({
  script_name: z.string().min(1),
  class_name: z.string().min(1),
  limits: z.strictObject({ steps: z.int().min(1).max(25_000) }).nullish(),
  schedules: z.array(z.unknown()).nullish(),
});

/**
 * Body of a PUT.
 * @throws {ApiError} 400/10002, 501 for schedules
 * @see https://developers.cloudflare.com/api/resources/workflows/methods/update/
 */
export function parseWorkflow(
  body: unknown,
): Pick<z.output<typeof workflow>, "script_name" | "class_name" | "limits"> {
  const { schedules, ...given } = parse(workflow, body, "workflowInvalid", { showValues: true });
  if (schedules && schedules.length > 0) throw notEmulated("schedules of a Workflow");
  return given;
}

const workflowName = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;

/** @throws {ApiError} 400/10002 */
export function parseWorkflowName(text: string): string {
  if (workflowName.test(text)) return text;
  throw ApiError.of(
    400,
    "workflowInvalid",
    `"${text}" is no name for a Workflow: 1 to 64 letters, digits, "_" and "-", not "-" first.`,
  );
}
