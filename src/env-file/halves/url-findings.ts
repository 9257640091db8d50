import type { Finding } from '../../core/finding.js';
import { found } from './problems.js';
import type { Halves } from './secret-findings.js';
import type { Half, Held } from './service.js';
import { held, placeOf } from './service.js';

/** Whether the URLs that the halves tell each other and the browser fit together. An absent one is not missed. */
export function urlFindings({ frontend, backend }: Halves): Finding[] {
  const base = url(frontend, 'BETTER_AUTH_URL');
  const seen = url(frontend, 'NEXT_PUBLIC_BETTER_AUTH_URL');
  const believed = url(backend, 'BETTER_AUTH_URL');
  const origins = allowed(backend);
  const reachable = seen ?? base;
  const leftOut =
    origins !== null && reachable?.origin != null && !origins.includes('*') && !origins.includes(reachable.origin);
  return [
    ...[base, seen, believed].flatMap((each) => (each !== null && each.origin === null ? [each.invalid] : [])),
    ...(differs(base, seen)
      ? [found('urls.public-differs', { name: 'NEXT_PUBLIC_BETTER_AUTH_URL' }, seen?.place)]
      : []),
    ...(differs(base, believed) ? [found('urls.issuer-differs', { name: 'BETTER_AUTH_URL' }, believed?.place)] : []),
    ...(leftOut ? [found('urls.origin-not-allowed', { name: reachable.name }, reachable.place)] : []),
  ];
}

/** Whether there is anything to compare. */
export function hasUrls({ frontend, backend }: Halves): boolean {
  return (
    url(frontend, 'BETTER_AUTH_URL') !== null &&
    (url(frontend, 'NEXT_PUBLIC_BETTER_AUTH_URL') ?? url(backend, 'BETTER_AUTH_URL') ?? allowed(backend)) !== null
  );
}

function url(half: Half, name: string) {
  const one = held(half, name);
  if (one?.value == null || one.value.reveal() === '') return null;
  const place = placeOf(one);
  const invalid = found('urls.not-a-url', { name, side: half.service.side }, place);
  return { name, place, origin: originOf(one), invalid };
}

function originOf({ value }: Held): string | null {
  try {
    const { protocol, origin } = new URL(value?.reveal() ?? '');
    return protocol === 'http:' || protocol === 'https:' ? origin : null;
  } catch {
    return null;
  }
}

function differs(a: { origin: string | null } | null, b: { origin: string | null } | null): boolean {
  return a?.origin != null && b?.origin != null && a.origin !== b.origin;
}

/** Characters: hundreds of origins. */
const longest = 65_536;

/** CORS_ORIGINS as a JSON list or with commas; null where it is not set, neither, or longer than any list. */
function allowed(backend: Half): string[] | null {
  const text = held(backend, 'CORS_ORIGINS')?.value?.reveal().trim();
  if (text === undefined || text === '' || text.length > longest) return null;
  const listed = text.startsWith('[')
    ? [...text.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '')
    : text.split(',');
  return listed.map((each) => each.trim().replace(/\/$/, ''));
}
