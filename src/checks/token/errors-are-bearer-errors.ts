import { defineCheck, ending, inconclusive } from '../../core/check.js';
import type { CallOptions } from '../../core/probe.js';
import { refusal } from '../../core/refused.js';
import type { Reply } from '../../core/reply.js';
import { showsTrace } from '../../core/stack-trace.js';
import { minterFor } from '../minter.js';
import { notAfterwards } from '../refusals.js';
import type { Protected } from './accepted-by-api.js';
import route from './accepted-by-api.js';
import token from './fetch.js';

export default defineCheck({
  id: 'token/errors-are-bearer-errors',
  title: 'the API says 401 and Bearer to who has no good token, and nothing of itself',
  severity: 'low',
  impact: 'reads',
  source: ['RFC 6750 3', 'RFC 6750 3.1', 'RFC 9110 11.6.1', 'RFC 9110 15.5.2', 'ASVS 16.5.1', 'WSTG-ERRH-01'],
  needs: { token, route },
  problems: {
    accepted: { level: 'fail', text: '{url} answered {status} to {what}' },
    'stack-trace': {
      level: 'fail',
      text: '{url} answered {status} to {what}, with a stack trace in it',
      hint: 'log it instead: paths and versions help whoever looks for a way in',
    },
    'expired-crashes': {
      level: 'fail',
      text: '{url} answered {status} to an expired token',
      hint: 'every token expires: no client knows by this that it should refresh. Answer 401',
    },
    'other-status': {
      level: 'warn',
      text: '{url} answered {status} to {what}',
      hint: 'a client refreshes when it is told 401, and at nothing else',
    },
    'no-challenge': {
      level: 'warn',
      text: '{url} answered 401 to {what} without WWW-Authenticate: Bearer',
      hint: 'RFC 6750 3 wants it, with error="invalid_token" where a token came',
    },
  },
  async run(probe, { token, route }) {
    const { api, now } = probe;
    const seconds = Math.floor(now() / 1000);
    const minter = await minterFor(probe, token);
    const authorization = (text: string): CallOptions => ({ headers: { authorization: text } });
    const requests: Request[] = [
      { what: 'a request without a token', options: {} },
      { what: 'an empty Bearer', options: authorization('Bearer') },
      { what: 'a Bearer of 10,000 characters', options: authorization(`Bearer ${'x'.repeat(10_000)}`), long: true },
      { what: 'another scheme (Basic)', options: authorization('Basic bG9ja3N0ZXA6eA==') },
      {
        what: 'two Authorization headers',
        options: { ...authorization('Bearer x'), also: [['authorization', 'Bearer y']] },
      },
      { what: 'a bearer that is no token', options: authorization('Bearer not-a-token') },
      ...(typeof minter === 'string'
        ? []
        : [
            {
              what: 'an expired token',
              options: { bearer: minter.mint({ iat: seconds - 7_200, exp: seconds - 3_600 }) },
              expired: true as const,
            },
          ]),
    ];
    const answers = await Promise.all(
      requests.map(async (request) => {
        const reply = await api.get(route.path, request.options);
        const { url, status } = reply;
        const data = { url, status, what: request.what };
        // judged as they come: nobody holds so many answers
        return { data, fault: failure({ ...request, reply }, route), remark: remark({ ...request, reply }) };
      }),
    );
    const after = await api.get(route.path, { bearer: token.jwt });
    const failures = answers.flatMap(({ data, fault }) => (fault === null ? [] : [{ code: fault, data }]));
    const remarks = answers.flatMap(({ data, remark }) => (remark === null ? [] : [{ code: remark, data }]));
    if (failures.length === 0 && refusal(after, route).kind !== 'accepted') return inconclusive(notAfterwards(after));
    return ending(failures, worst(remarks));
  },
});

interface Request {
  readonly what: string;
  readonly options: CallOptions;
  /** longer than a server need read */
  readonly long?: true;
  readonly expired?: true;
}
type Answer = Request & { readonly reply: Reply };

function failure({ reply, expired }: Answer, route: Protected): 'accepted' | 'stack-trace' | 'expired-crashes' | null {
  // whoever takes an expired token is told so by token/expired-refused
  if (!expired && refusal(reply, route).kind === 'accepted') return 'accepted';
  if (reply.status >= 400 && isTrace(reply)) return 'stack-trace';
  return expired && reply.status >= 500 ? 'expired-crashes' : null;
}

function remark({ reply, long, expired }: Answer): 'no-challenge' | 'other-status' | null {
  const { status } = reply;
  if (isTrace(reply)) return null;
  if (status === 401) return challenges(reply) ? null : 'no-challenge';
  // how long a header may be is for the server to say
  if (status < 300 || (long && [400, 413, 431].includes(status)) || (expired && status >= 500)) return null;
  return 'other-status';
}

/** The frames of Node, Python, Java, Go and PHP. */
function isTrace({ text }: Reply): boolean {
  return showsTrace(text.replaceAll('\\n', '\n'));
}

function challenges(reply: Reply): boolean {
  return reply.headers.some(([name, value]) => name === 'www-authenticate' && /\bbearer\b/i.test(value));
}

/** One of a kind: an API that leaves out a header does so each time. */
function worst<T extends { readonly code: string; readonly data: { readonly status?: number } }>(
  found: readonly T[],
): T[] {
  return found.filter(
    ({ code, data }, n) => found.findIndex((other) => other.code === code && other.data.status === data.status) === n,
  );
}
