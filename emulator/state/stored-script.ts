import { z } from "zod";
import { storedBinding } from "./stored-binding.js";

/** A Durable Object class a script owns. */
const storedClass = z.strictObject({
  class_name: z.string(),
  /**
   * 32 hexadecimal digits, the same for the life of the class: a rename or a transfer keeps it. Names
   * the objects' storage on disk.
   */
  namespace_id: z.string(),
  sqlite: z.boolean(),
  /** Whether the class is backed by a container. */
  container: z.boolean().default(false),
});

const storedSchedule = z.strictObject({
  cron: z.string(),
  created_on: z.string(),
  modified_on: z.string(),
});

/** A Worker in the state file. What a file from before does not say has a default. */
export const storedScript = z.strictObject({
  name: z.string(),
  tag: z.string(),
  etag: z.string(),
  created_on: z.string(),
  modified_on: z.string(),
  startup_time_ms: z.number(),
  /** Empty when the Worker has assets only. */
  main_module: z.string(),
  modules: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(["ESModule", "CommonJS", "Text", "Data", "CompiledWasm"]),
      blob: z.string(),
    }),
  ),
  compatibility_date: z.string().optional(),
  compatibility_flags: z.array(z.string()),
  bindings: z.array(storedBinding),
  /** The step of its classes' history the script has reached. */
  migration_tag: z.string().optional(),
  classes: z.array(storedClass).default([]),
  /** Whether its classes are declared as a whole (`exports`); then there are no migrations any more. */
  declares_exports: z.boolean().default(false),
  /** What the main module exports; not set when its text does not say. */
  exported: z.array(z.string()).optional(),
  /** When its `scheduled` handler runs, in the order they were given. */
  schedules: z.array(storedSchedule).default([]),
  assets: z
    .strictObject({
      config: z.record(z.string(), z.unknown()),
      files: z.array(
        z.strictObject({
          path: z.string(),
          /** The name the uploader gave the content. */
          hash: z.string(),
          blob: z.string(),
          content_type: z.string(),
        }),
      ),
    })
    .optional(),
  subdomain: z.strictObject({ enabled: z.boolean(), previews_enabled: z.boolean() }),
  /** Settings without effect here, kept to be read back as they were sent. */
  echoed: z.record(z.string(), z.unknown()),
});

export type StoredScript = z.infer<typeof storedScript>;
export type StoredClass = z.infer<typeof storedClass>;
export type StoredSchedule = z.infer<typeof storedSchedule>;
