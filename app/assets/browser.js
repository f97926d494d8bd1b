// @ts-check
/** What every part of the page needs of the browser. */

/**
 * An element that index.html must have.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return /** @type {T} */ (found);
}

/** An id nobody else has. Not `crypto.randomUUID`, which plain HTTP in a home network lacks. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A browser may refuse to store anything; the page then forgets, and works. */
export const remembered = keep(() => localStorage);

/** Kept by this tab over a reload. */
export const ofThisTab = keep(() => sessionStorage);

/** @param {() => Storage} open */
function keep(open) {
  return {
    /** @param {string} key */
    get(key) {
      try {
        return open().getItem(key) ?? undefined;
      } catch {
        return undefined;
      }
    },
    /** @param {string} key @param {string | undefined} value */
    set(key, value) {
      try {
        if (value === undefined) open().removeItem(key);
        else open().setItem(key, value);
      } catch {
        // Full or forbidden.
      }
    },
  };
}
