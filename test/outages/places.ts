import { type Outage, type Side, sides, type Way, ways } from './bent.js';
import type { Walk } from './walk.js';

/** One moment at which a part goes away. */
export interface Place extends Outage {
  readonly name: string;
}

const exchange = /^(WS|WIRE|TLS|[A-Z]+) \//;

/**
 * Every moment of a check that was run by itself, from when all that it needs has ended, and each way to go away then. One
 * that has no answer to lose is no place for that way.
 */
export function placesOf(healthy: Walk, check: string, of: { sides: readonly Side[]; ways: readonly Way[] }): Place[] {
  const needed = Object.entries(healthy.ends).filter(([name]) => name !== check);
  const from = Math.max(0, ...needed.map(([, { place }]) => place));
  return healthy.places.slice(from).flatMap((place, n) => {
    const at = from + n + 1;
    return of.sides.flatMap((side) =>
      of.ways
        .filter((way) => way !== 'lost' || exchange.test(place))
        // what is broken before it has done anything well is to be found so
        .filter((way) => way !== '500' || wasWell(side, healthy.places.slice(0, at - 1)))
        .map((way) => ({ name: `${side} ${way} at ${at}, ${place}`, side, way, at: ({ length }) => length === at })),
    );
  });
}

/** Whether a part has been asked with a good credential before, so that it is known how it answers when it is well. */
function wasWell(side: Side, before: readonly string[]): boolean {
  const api = before.includes('GET /api/me');
  const auth = before.filter((place) => place === 'GET /api/auth/get-session').length > 1;
  return { api, auth, both: api && auth, socket: before.some((place) => place.startsWith('WS ')) }[side];
}

/** The first and the last time that each line is asked in a whole run, whose order varies, and every `step`th moment. */
export function placesOfAll(healthy: Walk, step: number): Place[] {
  const known = healthy.places.map(lineOf);
  const lines = [...new Set(known)].filter((line) => exchange.test(line));
  const named = lines.flatMap((line) =>
    [1, known.filter((each) => each === line).length].flatMap((times) =>
      (['api', 'auth', 'both'] as const).map((side, n): Place => {
        const way = ways[(lines.indexOf(line) + n + times) % ways.length] as Way;
        const at = (places: readonly string[]) =>
          lineOf(places.at(-1) ?? '') === line && places.filter((place) => lineOf(place) === line).length === times;
        return { name: `${side} ${way} at ${line} for the ${times}. time`, side, way: kind(way), at };
      }),
    ),
  );
  const counted = known.flatMap((_, n): Place[] => {
    if (n % step !== 0) return [];
    const [side, way] = [sides[(n / step) % sides.length] as Side, ways[(n / step) % ways.length] as Way];
    return [{ name: `${side} ${way} at ${n + 1}`, side, way: kind(way), at: ({ length }) => length === n + 1 }];
  });
  return [...named, ...counted];
}

/** In a whole run nobody knows which part has answered well so far. */
function kind(way: Way): Way {
  return way === '500' ? '503' : way;
}

function lineOf(place: string): string {
  return place.replaceAll(/[0-9a-f-]{30,}/g, '*');
}
