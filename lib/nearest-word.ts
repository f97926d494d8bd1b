/** How many letters have to be added, taken away or replaced to make one word of the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [rowIndex, letter] of [...from].entries()) {
    const next = [rowIndex + 1];
    for (const [index, other] of [...to].entries()) {
      next.push(
        Math.min(
          (row[index] ?? 0) + (letter === other ? 0 : 1),
          (row[index + 1] ?? 0) + 1,
          (next[index] ?? 0) + 1,
        ),
      );
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Letters by which a word may differ from one that was meant; in a long one, a syllable may be forgotten. */
const slipsIn = (shorter: number): number =>
  // Two letters of a short word are another word: "Bus" is no slip for "Hub".
  Math.min(Math.floor(shorter / 2), Math.max(2, Math.floor(shorter / 4)));

/** The word that was probably meant: the nearest one, where a slip of the pen or two explain it. */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  const [nearest] = words
    // What is much longer is near to none, and may be a file that somebody read into a key.
    .filter((other) => {
      const shorter = Math.min(word.length, other.length);
      return Math.abs(word.length - other.length) <= slipsIn(shorter);
    })
    .map((other) => ({ other, distance: editDistance(word.toLowerCase(), other.toLowerCase()) }))
    .filter(({ other, distance }) => distance <= slipsIn(Math.min(word.length, other.length)))
    .sort((a, b) => a.distance - b.distance);
  return nearest?.other;
}

/** What a message about an unknown word ends with: the one that was probably meant, or nothing. */
export function didYouMean(
  word: string,
  words: readonly string[],
  show: (word: string) => string = (meant) => meant,
): string {
  const meant = nearestWord(word, words);
  return meant === undefined ? "" : ` Did you mean ${show(meant)}?`;
}
