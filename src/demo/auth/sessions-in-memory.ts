/** Better Auth's secondary storage in a Map: what one process keeps, its replica does not have. */
export function sessionsInMemory() {
  const kept = new Map<string, string>();
  return {
    get: (key: string) => kept.get(key) ?? null,
    set: (key: string, value: string) => void kept.set(key, value),
    delete: (key: string) => void kept.delete(key),
    getAndDelete(key: string) {
      const value = kept.get(key) ?? null;
      kept.delete(key);
      return value;
    },
    increment(key: string) {
      const next = Number(kept.get(key) ?? 0) + 1;
      kept.set(key, String(next));
      return next;
    },
  };
}
