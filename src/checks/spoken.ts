import type { StreamEvent } from '../client/index.js';

/**
 * What the events of a stream say, joined: a text for each place in which they hold one. Which of them is the answer only
 * the stored message tells.
 */
export function spoken(events: readonly StreamEvent[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const add = (key: string, text: string) => texts.set(key, `${texts.get(key) ?? ''}${text}`);
  for (const { name, data } of events) {
    const json = parsed(data);
    if (json === undefined) add(name, data);
    else for (const [path, text] of textsIn(json)) add(`${name} ${String(Object(json).type ?? '')} ${path}`, text);
  }
  return texts;
}

/** Every text in a document, with the way to it. */
export function textsIn(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null || path.split('/').length > 8) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, `${path}/${key}`));
}

function parsed(data: string): unknown {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
