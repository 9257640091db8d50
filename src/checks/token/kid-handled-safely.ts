import type { Problem } from '../../core/check.js';
import { defineCheck, ending } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import { isAlgorithm } from '../../token/algorithms.js';
import { headerOf, marked, sealedWith, signedWith } from '../../token/forge.js';
import type { Measure } from '../refusals.js';
import { allRefused, refusalProblems } from '../refusals.js';
import route from './accepted-by-api.js';
import token from './fetch.js';

/** What a database or a file system says when a kid reaches it. */
const leaks =
  /\bSQL(ite|STATE)?\b|syntax error at|unterminated quoted|ORA-\d{5}|ENOENT|ENAMETOOLONG|EISDIR|No such file or directory|File name too long|Traceback \(most recent/i;

export default defineCheck({
  id: 'token/kid-handled-safely',
  title: 'the name of a key in a token is looked up, and leads nowhere else',
  severity: 'high',
  impact: 'reads',
  source: ['RFC 8725 3.10', 'ASVS 9.1.3', 'WSTG-INPV-05'],
  needs: { token, route },
  problems: {
    ...refusalProblems,
    accepted: {
      level: 'fail',
      text: '{url} answered {status} to {what}',
      hint: 'compare kid with the names of the keys that are known, and with nothing else',
    },
    leaks: {
      level: 'fail',
      text: '{url} answered {status} to {what}, with words of what lies behind it',
      hint: 'kid reaches a database or a file system: compare it with the names of the keys that are known instead',
    },
    'fetches-each-time': {
      level: 'warn',
      text: '{count} tokens with kids that nobody knows made the API fetch {path} {fetched} times',
      hint: 'fetch the keys again for an unknown kid at most every half minute, as jose does (cooldownDuration): else whoever sends tokens decides how often',
    },
  },
  async run(probe, given) {
    const { api, now } = probe;
    const seen: { what: string; url: string; status: number; leaks: boolean }[] = [];
    const attempts = forgeries(probe, given, { ...given.token.claims, ...marked(now()) }).map(([what, bearer]) => ({
      what,
      async send() {
        const reply = await api.get(given.route.path, { bearer });
        const { url, status } = reply;
        seen.push({ what, url, status, leaks: status >= 400 && leaks.test(reply.text) });
        return reply;
      },
    }));
    const ruled = await allRefused(probe, given, attempts);
    const told = seen
      .filter((each) => each.leaks)
      .map(({ what, url, status }) => ({ code: 'leaks' as const, data: { url, status, what } }));
    const others = ruled.kind === 'passed' || ruled.kind === 'failed' ? ruled.problems : [];
    const remarks = others.flatMap((each) => (each.code === 'crashed' ? [each] : []));
    const rest = remarks.filter(({ data }) => !told.some((each) => each.data.what === data.what));
    if (told.length > 0) return ending(told, rest);
    if (ruled.kind !== 'passed') return ruled;
    const fetches = await fetchesEachTime(probe, given, { ...given.token.claims, ...marked(now()) });
    return fetches === null ? ruled : ending([], [...remarks, fetches]);
  },
});

/** More than a run of all checks asks for the keys itself. */
const unknownKids = 12;
/** Milliseconds until a line of a log is written. */
const settle = 300;

/** Whether each unknown kid costs a fetch of the keys, as the access log counts them; null where it does not, or no log is known. */
async function fetchesEachTime(
  probe: Probe,
  { token, route }: Measure,
  claims: Readonly<Record<string, unknown>>,
): Promise<Problem<'fetches-each-time', { count: number; path: string; fetched: number }> | null> {
  const { alg } = token;
  const stranger = isAlgorithm(alg) ? probe.freshKey(alg) : null;
  const path = `${new URL(probe.auth.base).pathname.replace(/\/$/, '')}/jwks`;
  const counted = async () => (await probe.material.accessLog(path))?.times ?? null;
  const before = await counted();
  if (before === null || stranger === null || !isAlgorithm(alg)) return null;
  const began = probe.monotonic();
  for (let i = 0; i < unknownKids; i += 1)
    await probe.api.get(route.path, { bearer: signedWith(stranger, { alg, kid: probe.canary() }, claims) });
  await probe.pause(settle);
  const after = (await counted()) ?? before;
  const fetched = after - before;
  if (fetched < unknownKids) return null;
  // a busy deployment has others who fetch them: in the same time, and unasked
  await probe.pause(probe.monotonic() - began);
  if (((await counted()) ?? after) - after >= unknownKids / 2) return null;
  return { code: 'fetches-each-time', data: { count: unknownKids, path, fetched } };
}

function forgeries(
  { canary, freshKey }: Probe,
  { token }: Measure,
  claims: Readonly<Record<string, unknown>>,
): (readonly [what: string, token: string])[] {
  const stranger = freshKey(token.alg);
  const { alg } = token;
  const strange: (readonly [string, unknown])[] = [
    ['without a kid', undefined],
    ['with an empty kid', ''],
    ['with an unknown kid', canary()],
    ['with a kid of 8,000 characters', 'k'.repeat(8_000)],
    ['with a number as its kid', 7],
    ['with a list as its kid', [headerOf(token.jwt.reveal()).kid ?? 'k']],
    ['with a path as its kid', '../../../../../../etc/passwd'],
    ['with a quote in its kid', "x' OR '1'='1"],
  ];
  const signed =
    stranger === null || !isAlgorithm(alg)
      ? []
      : strange.map(
          ([what, kid]) =>
            [
              `a forged token ${what}`,
              signedWith(stranger, { alg, ...(kid === undefined ? {} : { kid }) }, claims),
            ] as const,
        );
  const sealed = (what: string, kid: string, key: string) =>
    [`a token ${what}`, sealedWith(Buffer.from(key), { alg: 'HS256', kid }, claims)] as const;
  return [
    ...signed,
    sealed('that an empty file has sealed (kid ../../dev/null)', '../../../../../../../../dev/null', ''),
    sealed('that an empty file has sealed (kid /dev/null)', '/dev/null', ''),
    sealed('that a line of SQL has sealed (kid UNION SELECT)', "x' UNION SELECT '1';--", '1'),
  ];
}
