/** How many letters have to be added, taken away or replaced to make one word of the other. */
export function editDistance(from: string, to: string): number {
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

/** The word that was probably meant: the nearest one, where a slip of the pen or two explain it. */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  const [nearest] = words
    .map((other) => ({ other, distance: editDistance(word.toLowerCase(), other.toLowerCase()) }))
    // Two letters of a short word are another word: "Bus" is no slip for "Hub".
    .filter(
      ({ other, distance }) => distance <= 2 && distance * 2 <= Math.min(word.length, other.length),
    )
    .sort((a, b) => a.distance - b.distance);
  return nearest?.other;
}
