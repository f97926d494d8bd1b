export interface RestImport {
  /** Path of the object, with the query it is read by. */
  readonly id: string;

  /** Path of the collection. */
  readonly path: string;

  /** What is compared with the answer: keys, each with `null`. */
  readonly body: object;

  /** Part of the answer that is the object (gjson). */
  readonly readSelector: string;
}

/** The id Terraform imports an object of a REST API by. */
export const renderImportId = ({ id, path, body, readSelector }: RestImport): string =>
  JSON.stringify({ id, path, body, read_selector: readSelector });
