import { z } from "zod";

const className = z.string().min(1);

const directives = {
  new_classes: z.array(className).default([]),
  new_sqlite_classes: z.array(className).default([]),
  renamed_classes: z.array(z.strictObject({ from: className, to: className })).default([]),
  transferred_classes: z
    .array(z.strictObject({ from: className, from_script: className, to: className }))
    .default([]),
  deleted_classes: z.array(className).default([]),
};

const step = z.strictObject(directives);

/** One step of a history of classes. Its parts apply in this order: rename, transfer, delete, new. */
export type MigrationStep = z.output<typeof step>;

const tags = { old_tag: z.string().optional(), new_tag: z.string().optional() };

/** `migrations` of an upload's metadata: one block, or a list of steps. */
export const migrations = z
  .union([
    z.strictObject({ ...tags, steps: z.array(step) }),
    z.strictObject({ ...tags, ...directives }),
  ])
  .transform((given): Migrations => {
    const { old_tag: oldTag, new_tag: newTag, ...rest } = given;
    return { oldTag, newTag, steps: "steps" in rest ? rest.steps : [rest] };
  });

export interface Migrations {
  readonly oldTag: string | undefined;
  readonly newTag: string | undefined;
  readonly steps: readonly MigrationStep[];
}

const type = z.literal("durable-object");
const storage = z.enum(["sqlite", "legacy-kv"]);

/** One entry of `exports`: a class that is there, or what became of one that was. */
const declaredExport = z.union(
  [
    z.strictObject({
      type,
      storage,
      state: z.enum(["created", "expecting-transfer"]).optional(),
      transfer_from: className.optional(),
    }),
    z.strictObject({ type, state: z.literal("deleted") }),
    z.strictObject({ type, state: z.literal("renamed"), renamed_to: className }),
    z.strictObject({ type, state: z.literal("transferred"), transferred_to: className }),
  ],
  'must be {type: "durable-object", storage: "sqlite"} or a tombstone with state deleted, renamed (renamed_to) or transferred (transferred_to)',
);

export type DeclaredExport = z.output<typeof declaredExport>;

/** `exports` of an upload's metadata. */
export const declaredExports = z.record(className, declaredExport);

export type DeclaredExports = z.output<typeof declaredExports>;

/** `containers` of an upload's metadata. */
export const containerClasses = z.array(z.looseObject({ class_name: className }));
