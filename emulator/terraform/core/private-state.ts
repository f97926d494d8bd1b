/**
 * What a provider keeps beside an object's state, unseen by the user: named JSON documents.
 *
 * The form is the one of the real providers' framework, names to base64, so that a state file can
 * change hands. Entries that are not ours are kept.
 */
export class PrivateState {
  #entries: Record<string, string>;

  constructor(bytes: Uint8Array | undefined) {
    this.#entries = bytes?.length ? JSON.parse(Buffer.from(bytes).toString("utf8")) : {};
  }

  get(name: string): string | undefined {
    const entry = this.#entries[name];
    return entry === undefined ? undefined : Buffer.from(entry, "base64").toString("utf8");
  }

  /** @param document - JSON; undefined removes the entry. */
  set(name: string, document: string | undefined): void {
    const { [name]: _removed, ...others } = this.#entries;
    this.#entries =
      document === undefined
        ? others
        : { ...others, [name]: Buffer.from(document, "utf8").toString("base64") };
  }

  encode(): Uint8Array {
    const empty = Object.keys(this.#entries).length === 0;
    return empty ? new Uint8Array() : Buffer.from(JSON.stringify(this.#entries));
  }
}
