const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds of `90`, `90s`, `2m`, `1h30m`, `7d`; null for anything else. Fractions and signs are none of it. */
export function parseDuration(text: string): number | null {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (!/^(\d{1,12}[smhd])+$/.test(text)) return null;
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([smhd])/g))
    seconds += Number(count) * units[unit as keyof typeof units];
  return seconds;
}

/** A time span in its two largest units: `3m2s`, `1h`, `12d4h`. Seconds are rounded; negative counts as positive. */
export function durationWords(seconds: number): string {
  let rest = Math.round(Math.abs(seconds));
  if (rest >= 1e11) return 'thousands of years';
  const said: string[] = [];
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) said.push(`${count}${unit}`);
    else if (said.length > 0) break;
    if (said.length === 2) break;
  }
  return said.join('') || '0s';
}

/** A NumericDate (RFC 7519 2) as ISO 8601 in UTC, or in words where no calendar reaches it. */
export function dateWords(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? 'a time that no calendar reaches' : date.toISOString().replace('.000Z', 'Z');
}
