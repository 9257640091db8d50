/**
 * Remembers which messages have been delivered, by their ids: true the first time, false ever after. Bounded: beyond
 * `limit` ids it remembers only the highest where they are ascending numbers, and the youngest `limit` of them where
 * they are not.
 */
export function seen(limit = 10_000): (id: string) => boolean {
  const ids = new Set<string>();
  let highest = Number.NEGATIVE_INFINITY;
  let ordered = true;
  return (id) => {
    if (ids.has(id)) return false;
    const number = /^\d{1,15}$/.test(id) ? Number(id) : Number.NaN;
    const full = ids.size >= limit;
    if (full && ordered && number <= highest) return false;
    if (!(number > highest)) ordered = false;
    highest = Math.max(highest, number);
    if (full) for (const oldest of ids) if (ids.delete(oldest)) break;
    ids.add(id);
    return true;
  };
}
