/**
 * The candidate that somebody most likely meant, or null when none is near: case aside, at most one edit for every
 * three letters (never more than three). A swap of two neighbours is one edit. Of equals, the first.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const asked = word.toLowerCase();
  let best: string | null = null;
  let fewest = Math.min(3, Math.max(1, Math.floor(asked.length / 3))) + 1;
  for (const candidate of candidates) {
    const edits = distance(asked, candidate.toLowerCase(), fewest);
    // one letter for another is no resemblance when there is only one letter
    if (edits < fewest && edits < candidate.length) [best, fewest] = [candidate, edits];
  }
  return best;
}

/** Optimal string alignment distance; `enough` where the lengths alone show that it is at least that. */
function distance(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min(at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) edits = Math.min(edits, at(before, j - 2) + 1);
      next.push(edits);
    }
    [before, row] = [row, next];
  }
  return at(row, b.length);
}

function at(row: readonly number[], j: number): number {
  return row[j] ?? Number.POSITIVE_INFINITY;
}
