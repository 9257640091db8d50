import type { Problem } from '../../core/check.js';
import { defineCheck, inconclusive, pass, problem, skip, warn } from '../../core/check.js';
import type { SocketOptions, SocketTrace } from '../../core/probe.js';
import { isGreeting, isRefusalNotice } from '../../core/refusal-notice.js';
import { marked, signedBy, withFlippedSignature } from '../../token/forge.js';
import { minterFor } from '../minter.js';
import session from '../session/login.js';
import token from '../token/fetch.js';
import { trySocket } from '../try-socket.js';
import control from './connects-after-auth.js';

/** What a client without a token sends by mistake, letter by letter. */
const placeholders = ['', ' ', 'undefined', 'null', '[object Object]', 'Bearer', '<token>', 'token_placeholder'];
/** Seconds: beyond this no skew of clocks and no leeway excuses an expired token. */
const longAgo = 3600;

/** How the socket met something that it must refuse. */
export interface Refused extends SocketTrace {
  /** in words that finish "it refused ..." */
  readonly what: string;
}

export default defineCheck({
  id: 'ws/unusable-token-refused',
  title: 'a socket with a missing, placeholder, forged or expired token is refused before it says anything',
  severity: 'critical',
  impact: 'reads',
  core: true,
  source: ['RFC 6455 4.2.2', 'RFC 6455 10.5', 'ASVS 4.4.3', 'WSTG-CLNT-10'],
  needs: { session, token, control },
  problems: {
    accepted: { level: 'fail', text: '{url} took {what} for a good token' },
    talked: { level: 'fail', text: '{url} sent a message to {what} before it refused' },
    'left-open': { level: 'fail', text: '{url} still holds a socket open that came with {what}' },
    'refused-unclearly': {
      level: 'warn',
      text: '{url} refused {what} with {how}',
      hint: 'a client cannot tell this from a lost network and will try again: close with 4401',
    },
  },
  async run(probe, { session, token, control }) {
    const { mode } = probe.target.routes.socket.value.auth;
    const good = token.jwt.reveal();
    const stranger = probe.freshKey(token.alg);
    const minter = await minterFor(probe, token);
    const seconds = Math.floor(probe.now() / 1000);
    const minted = typeof minter === 'string' ? null : minter;
    const attempts: Attempt[] = [
      // without a first message there is nothing to refuse yet
      ...(mode === 'message' ? [] : [{ what: 'no token', token: null }]),
      ...placeholders.map((text) => ({ what: text === '' ? 'an empty token' : `the token "${text}"`, token: text })),
      { what: 'a token with one flipped bit in its signature', token: withFlippedSignature(good) },
      { what: 'the token "undefined" beside a good session cookie', token: 'undefined', jar: session.jar },
      ...(stranger === null
        ? []
        : [{ what: 'a token signed by a stranger', token: await signedBy(good, stranger, marked(probe.now())) }]),
      ...(minted === null
        ? []
        : [{ what: 'an expired token', token: minted.mint({ iat: seconds - 2 * longAgo, exp: seconds - longAgo }) }]),
    ];
    // a minter whose tokens are refused anyhow would make any socket look as if it looked at exp
    const mintedControl = minted === null ? null : await probe.socket({ token: minted.mint({}) });
    const traces = await Promise.all(
      attempts.map(async ({ what, ...options }) => ({
        what,
        ...(await trySocket(probe, { ...options, toTheEnd: true })),
      })),
    );
    const sent = traces.filter((trace) => trace.sent);
    // a greeting that the good token gets as well belongs to nobody
    const greetings = control.messages.filter(isGreeting);
    const failures = sent.flatMap((trace) => failure(trace, greetings));
    const after = await probe.socket({ token: token.jwt });
    const [first, ...more] = failures;
    if (first !== undefined)
      return { ...problem(first.code, first.data), problems: [first, ...more] as const, gives: sent };
    if (mintedControl?.acked === false)
      return inconclusive(`${after.url} did not take a good token minted with ${minted?.place}`);
    const limited = [...sent, { ...after, what: 'the good token afterwards' }].find(isElsewhere);
    if (limited !== undefined) return inconclusive(`${limited.url} answered ${limited.status} to ${limited.what}`);
    if (!after.acked) return inconclusive(`${after.url} did not take the good token afterwards`);
    if (sent.length === 0) return skip('none of these can be sent in this way of passing a token');
    const all = sent.flatMap((trace) => unclearness(trace, probe.target.policy.authCloseCodes));
    // one of each kind: a server seldom has a way for each token
    const unclear = all.filter(({ data }, n) => all.findIndex((one) => one.data.how === data.how) === n);
    return unclear.length > 0
      ? warn<readonly Refused[], (typeof unclear)[number]>(sent, ...unclear)
      : pass<readonly Refused[]>(sent);
  },
});

/** Not an answer to what came, but to how often, or at another address. */
function isElsewhere({ status }: SocketTrace): boolean {
  return status === 429 || (status >= 300 && status < 400);
}

type Attempt = SocketOptions & { readonly what: string };
type Failure = Problem<'accepted' | 'talked' | 'left-open', { url: string; what: string }>;

function failure({ url, what, acked, messages, closed, status }: Refused, greetings: readonly string[]): Failure[] {
  const data = { url, what };
  if (status !== 101) return [];
  if (acked) return [{ code: 'accepted', data }];
  if (messages.some((message) => !isRefusalNotice(message) && !greetings.includes(message)))
    return [{ code: 'talked', data }];
  return closed === null ? [{ code: 'left-open', data }] : [];
}

function unclearness(
  { url, what, status, closed }: Refused,
  authCodes: readonly number[],
): Problem<'refused-unclearly', { url: string; what: string; how: string }>[] {
  if (status === 401 || status === 403) return [];
  if (closed !== null && authCodes.includes(closed.code)) return [];
  return [{ code: 'refused-unclearly', data: { url, what, how: howRefused({ status, closed }) } }];
}

/** How a socket was refused, in words that finish "it was refused with ...". */
export function howRefused({ status, closed }: Pick<SocketTrace, 'status' | 'closed'>): string {
  return closed !== null ? `close code ${closed.code}` : status === 0 ? 'a dropped connection' : `HTTP ${status}`;
}
