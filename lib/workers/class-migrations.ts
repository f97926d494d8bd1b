import type { WorkersScript } from "@cdktf/provider-cloudflare/lib/workers-script";
import { dependable, Lazy, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { Cloudflare } from "../cloudflare.js";
import { RestDataSource } from "../rest-api/rest-data-source.js";
import { TerraformData } from "../terraform-data.js";
import type { ClassHistory } from "./class-history.js";

export interface ClassMigrationsProps {
  readonly script: WorkersScript;
  readonly scriptName: string;
  readonly history: ClassHistory;
}

/**
 * Sends each upload the steps of the classes' history that the account has not seen yet.
 *
 * Cloudflare keeps the tag of the last step. It is read in every plan, but *latched*: taken over only when
 * something about the script changes, because the steps that were sent stay part of the resource and must
 * not change before the next upload. docs/decisions/durable-object-migrations.md tells the whole story.
 */
export class ClassMigrations extends Construct {
  constructor(scope: Construct, id: string, { script, scriptName, history }: ClassMigrationsProps) {
    super(scope, id);
    const live = new RestDataSource(this, "Service", {
      path: `/accounts/${Cloudflare.of(this).accountId}/workers/services/${scriptName}`,
      allowNotExist: true,
      selector: "result",
      outputAttrs: ["default_environment.script.migration_tag"],
    });
    const liveTag = new TerraformLocal(
      this,
      "LiveTag",
      `\${try(${live.fqn}.output.default_environment.script.migration_tag, null)}`,
    );
    const tags = new TerraformLocal(this, "Tags", Lazy.anyValue({ produce: () => history.tags }));
    const steps = new TerraformLocal(
      this,
      "Steps",
      Lazy.anyValue({ produce: () => history.render() }),
    );
    const texts = new TerraformLocal(
      this,
      "Texts",
      Lazy.anyValue({ produce: () => history.describe() }),
    );
    const inputs = new TerraformLocal(
      this,
      "Inputs",
      Lazy.anyValue({ produce: () => [uploadInputs(script), history.tags, history.render()] }),
    );
    const fingerprint = new TerraformData(this, "Fingerprint", {
      input: `\${sha256(jsonencode(${inputs.fqn}))}`,
    });
    const latch = new TerraformData(this, "Tag", {
      // A plan that replaces the latch shows this; the script's own attribute is "(known after apply)" there.
      // One text, because the lines of a list that are gone would look like something done now.
      // A tag that is none of ours is left to the precondition.
      input: {
        tag_of_the_account: liveTag.asString,
        steps_to_send: `\${try(coalesce(join("; ", ${after(texts, tags, liveTag.fqn)}), "none"), "unknown")}`,
      },
      lifecycle: { ignoreChanges: ["input"], replaceTriggeredBy: [dependable(fingerprint)] },
    });

    // Older states hold the tag alone. An account without the Worker, whatever was latched, has seen no step:
    // somebody deleted it, and it is made again with all of them.
    const current = `(${liveTag.fqn} == null ? null : try(${latch.fqn}.output.tag_of_the_account, ${latch.fqn}.output))`;
    const todo = new TerraformLocal(this, "Todo", `\${${after(steps, tags, current)}}`);
    const rendered = fields.map((field) => `${field} = try(step.${field}, null)`).join(", ");
    script.addOverride(
      "migrations",
      `\${length(${todo.fqn}) == 0 ? null : { old_tag = ${current}, new_tag = ${tags.fqn}[length(${tags.fqn}) - 1], steps = [for step in ${todo.fqn} : { ${rendered} }] }}`,
    );
    script.addOverride("lifecycle.precondition", [
      {
        condition: `\${${liveTag.fqn} == null || contains(${tags.fqn}, coalesce(${liveTag.fqn}, "-"))}`,
        error_message: `The Worker ${scriptName} has the migration tag "\${coalesce(${liveTag.fqn}, "-")}", which is none of this stack's: \${join(", ", ${tags.fqn})}. Write the steps it was deployed with in front of migrations, in their order and with their tags.`,
      },
    ]);
  }
}

/** An expression: what is in a list beyond the step that has the tag; all of it where there is no tag. */
const after = (list: TerraformLocal, tags: TerraformLocal, tag: string): string =>
  `slice(${list.fqn}, ${tag} == null ? 0 : index(${tags.fqn}, ${tag}) + 1, length(${list.fqn}))`;

const fields = ["new_sqlite_classes", "renamed_classes", "deleted_classes", "transferred_classes"];

/** Everything whose change uploads the script; what Terraform itself reads is not sent. */
function uploadInputs(script: WorkersScript): Record<string, unknown> {
  const { resource } = script.toTerraform() as {
    resource: Record<string, Record<string, Record<string, unknown>>>;
  };
  const [attributes = {}] = Object.values(resource.cloudflare_workers_script ?? {});
  const { "//": _, migrations, lifecycle, depends_on, provider, ...inputs } = attributes;
  return inputs;
}
