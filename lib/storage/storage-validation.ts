import { checkProtection } from "../deletion-protection.js";
import {
  applyRules,
  checkBoolean,
  checkInteger,
  checkWord,
  type PropRules,
  type Rule,
  wrongValue,
} from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import type { D1DatabaseProps } from "./d1-database.js";
import type { KvNamespaceProps } from "./kv-namespace.js";
import type { QueueProps } from "./queue.js";
import type { R2BucketProps } from "./r2-bucket.js";

/** @see https://developers.cloudflare.com/r2/reference/data-location/ */
export const locationHints = ["wnam", "enam", "weur", "eeur", "apac", "oc"] as const;

/** Where data is kept by law. @see https://developers.cloudflare.com/r2/reference/data-location/ */
export const jurisdictions = ["eu", "fedramp"] as const;

/** @see https://developers.cloudflare.com/r2/buckets/storage-classes/ */
export const storageClasses = ["Standard", "InfrequentAccess"] as const;

/** @see https://developers.cloudflare.com/d1/best-practices/read-replication/ */
export const readReplicationModes = ["auto", "disabled"] as const;

/** Longest name of a bucket or a queue, in characters. */
export const DNS_NAME_MAX_LENGTH = 63;

/** Longest title of a KV namespace, in characters. */
const KV_TITLE_MAX_LENGTH = 512;

/** Longest name given to a database by default, in characters: what Wrangler recommends. */
export const D1_NAME_MAX_LENGTH = 32;

/** What a queue keeps to. @see https://developers.cloudflare.com/queues/platform/limits/ */
const queueBounds = {
  deliveryDelay: { min: 0, max: 43_200, unit: "seconds" },
  messageRetentionPeriod: { min: 60, max: 1_209_600, unit: "seconds" },
} as const;

const preventDestroy = (name: string): readonly Rule<{ readonly preventDestroy?: boolean }>[] => [
  { name, check: (props) => checkProtection("preventDestroy", props.preventDestroy) },
];

/** What a KV namespace's props are checked for. */
export const kvRules: PropRules<KvNamespaceProps> = {
  title: [{ name: "kv-title", check: ({ title }) => checkTitle("title", title) }],
  preventDestroy: preventDestroy("kv-prevent-destroy"),
};

/** What a bucket's props are checked for. */
export const r2Rules: PropRules<R2BucketProps> = {
  bucketName: [
    {
      name: "r2-bucket-name",
      check: ({ bucketName }) => checkBucketName("bucketName", bucketName),
    },
  ],
  jurisdiction: [
    {
      name: "r2-jurisdiction",
      check: (props) => checkWord("jurisdiction", props.jurisdiction, jurisdictions),
    },
  ],
  location: [
    {
      name: "r2-location",
      check: ({ location }) => checkWord("location", location, locationHints),
    },
    {
      name: "r2-location-with-jurisdiction",
      check: ({ location, jurisdiction }) =>
        location !== undefined && jurisdiction !== undefined
          ? "location: got a location together with jurisdiction, which decides alone where the data is. Remove one of them."
          : undefined,
    },
  ],
  storageClass: [
    {
      name: "r2-storage-class",
      check: (props) => checkWord("storageClass", props.storageClass, storageClasses),
    },
  ],
  preventDestroy: preventDestroy("r2-prevent-destroy"),
};

/** What a database's props are checked for. */
export const d1Rules: PropRules<D1DatabaseProps> = {
  databaseName: [
    {
      name: "d1-database-name",
      check: ({ databaseName }) => checkDatabaseName("databaseName", databaseName),
    },
  ],
  primaryLocationHint: [
    {
      name: "d1-primary-location-hint",
      check: (props) => checkWord("primaryLocationHint", props.primaryLocationHint, locationHints),
    },
    {
      name: "d1-location-with-jurisdiction",
      check: ({ primaryLocationHint, jurisdiction }) =>
        primaryLocationHint !== undefined && jurisdiction !== undefined
          ? "primaryLocationHint: got a location together with jurisdiction, which decides alone where the data is. Remove one of them."
          : undefined,
    },
  ],
  jurisdiction: [
    {
      name: "d1-jurisdiction",
      check: (props) => checkWord("jurisdiction", props.jurisdiction, jurisdictions),
    },
  ],
  readReplication: [
    {
      name: "d1-read-replication",
      check: (props) => checkWord("readReplication", props.readReplication, readReplicationModes),
    },
  ],
  preventDestroy: preventDestroy("d1-prevent-destroy"),
};

/** What a queue's props are checked for. */
export const queueRules: PropRules<QueueProps> = {
  queueName: [
    { name: "queue-name", check: ({ queueName }) => checkQueueName("queueName", queueName) },
  ],
  deliveryDelay: [
    {
      name: "queue-delivery-delay",
      check: (props) =>
        checkInteger("deliveryDelay", props.deliveryDelay, queueBounds.deliveryDelay),
    },
  ],
  deliveryPaused: [
    {
      name: "queue-delivery-paused",
      check: (props) => checkBoolean("deliveryPaused", props.deliveryPaused),
    },
  ],
  messageRetentionPeriod: [
    {
      name: "queue-message-retention-period",
      check: (props) =>
        checkInteger(
          "messageRetentionPeriod",
          props.messageRetentionPeriod,
          queueBounds.messageRetentionPeriod,
        ),
    },
  ],
  preventDestroy: preventDestroy("queue-prevent-destroy"),
};

export const validateKvProps = (props: KvNamespaceProps) => applyRules(kvRules, props);
export const validateR2Props = (props: R2BucketProps) => applyRules(r2Rules, props);
export const validateD1Props = (props: D1DatabaseProps) => applyRules(d1Rules, props);
export const validateQueueProps = (props: QueueProps) => applyRules(queueRules, props);

const checkTitle = (prop: string, title: unknown): string | undefined =>
  checkText(
    prop,
    title,
    /^.*\S.*$/s,
    KV_TITLE_MAX_LENGTH,
    `a text of 1 to ${KV_TITLE_MAX_LENGTH} characters`,
  );

export const checkBucketName = (prop: string, name: unknown): string | undefined =>
  checkText(
    prop,
    name,
    /^[a-z0-9][a-z0-9-]+[a-z0-9]$/,
    DNS_NAME_MAX_LENGTH,
    `3 to ${DNS_NAME_MAX_LENGTH} lower-case letters, digits and hyphens, no hyphen first or last, such as "chat-files"`,
  );

const checkDatabaseName = (prop: string, name: unknown): string | undefined =>
  checkText(
    prop,
    name,
    /^\w[\w-]*$/,
    Number.MAX_SAFE_INTEGER,
    'letters, digits, "_" and "-", no hyphen first, such as "chat-messages"',
  );

export const checkQueueName = (prop: string, name: unknown): string | undefined =>
  checkText(
    prop,
    name,
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    DNS_NAME_MAX_LENGTH,
    `1 to ${DNS_NAME_MAX_LENGTH} lower-case letters, digits and hyphens, no hyphen first or last, such as "chat-jobs"`,
  );

function checkText(
  prop: string,
  text: unknown,
  pattern: RegExp,
  maxLength: number,
  allowed: string,
): string | undefined {
  if (text === undefined || isToken(text)) {
    return undefined;
  }
  return typeof text === "string" && text.length <= maxLength && pattern.test(text)
    ? undefined
    : wrongValue(prop, text, allowed);
}
