/** What Python's `int()` makes of a JSON value, or the error that it raises. */
export type PythonInt = number | 'ValueError' | 'TypeError' | 'OverflowError';

/** `int(value)`: floats are cut, strings of digits are read, true is 1. */
export function pythonInt(value: unknown): PythonInt {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? Math.trunc(value) : 'OverflowError';
    case 'boolean':
      return value ? 1 : 0;
    case 'string':
      return /^\s*[+-]?\d+(_\d+)*\s*$/.test(value) ? Number(value.replaceAll('_', '')) : 'ValueError';
    default:
      return 'TypeError';
  }
}

/** An error of another kind than the library's own goes past `except`: the API answers 500, not 401. */
export function uncaught(error: string): string {
  return `${error}, which is none of its own errors: most APIs answer 500`;
}

/** `if value:` */
export function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** `aud` as a list of strings; null where it is neither a string nor such a list. */
export function audiences(aud: unknown): readonly string[] | null {
  if (typeof aud === 'string') return [aud];
  return Array.isArray(aud) && aud.every((one) => typeof one === 'string') ? aud : null;
}
