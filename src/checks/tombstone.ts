const times = /^(deleted|removed|trashed|archived)_?at$/i;
const flags = /^(is_?)?(deleted|removed|trashed)$/i;
const states = /^(deleted|removed|trashed)$/i;

/** Whether an object, or the one that an envelope holds, says of itself that it was removed: a soft delete. */
export function isTombstone(document: unknown, depth = 1): boolean {
  if (typeof document !== 'object' || document === null) return false;
  return Object.entries(document).some(([name, value]) => {
    if (times.test(name)) return value !== null && value !== '' && value !== false;
    if (flags.test(name)) return value === true;
    if (/^(status|state)$/i.test(name)) return typeof value === 'string' && states.test(value);
    return depth > 0 && !Array.isArray(value) && isTombstone(value, depth - 1);
  });
}
