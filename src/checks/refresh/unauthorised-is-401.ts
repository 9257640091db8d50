import { eventDecoder } from '../../client/index.js';
import type { Problem } from '../../core/check.js';
import { defineCheck, inconclusive, pass, skip, warn } from '../../core/check.js';
import type { CallOptions, Opening } from '../../core/probe.js';
import { isRefusalNotice } from '../../core/refusal-notice.js';
import { withFlippedSignature } from '../../token/forge.js';
import { minterFor } from '../minter.js';
import { filled } from '../own-object.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';

/** Seconds since its end: no leeway excuses it. */
const longAgo = 3600;
/** Bytes of a body that are looked at. */
const most = 4_096;

/** The handshake of the socket is judged by `ws/auth-failure-distinguishable`: it may rightly be accepted and closed. */
export default defineCheck({
  id: 'refresh/unauthorised-is-401',
  title: 'a dead token is answered 401 on every route, before anything else is said',
  severity: 'high',
  impact: 'reads',
  source: ['RFC 9110 15.5.2', 'RFC 6750 3.1', 'ASVS 16.5.3'],
  needs: { token, route },
  problems: {
    'said-inside': {
      level: 'fail',
      text: '{url} answered {status} to {what}, and that it is refused only inside',
      hint: 'verify the token before the stream begins: a client that sees 200 does not refresh',
    },
    accepted: { level: 'fail', text: '{url} answered {status} to {what}' },
    redirected: {
      level: 'fail',
      text: '{url} answered {status} to {what} and leads to {location}',
      hint: 'a login page is for people: answer 401 to a request with a token',
    },
    crashed: {
      level: 'fail',
      text: '{url} answered {status} to {what}',
      hint: 'what the verifier throws for a bad token must end in 401: a client takes 5xx for an outage and does not refresh',
    },
    'not-found': {
      level: 'fail',
      text: '{url} answered {status} to {what}',
      hint: 'hide what belongs to others, not that a token is dead: a client takes 404 for the answer',
    },
    otherwise: {
      level: 'warn',
      text: '{url} answered {status} to {what} instead of 401',
      hint: 'clients refresh on 401 only',
    },
  },
  async run(probe, { token, route }) {
    const { api, target } = probe;
    const { resources, chatkit, stream } = target.routes;
    const gets = [route.path, ...resources.value.map(({ collection }) => collection), ...target.routes.protected];
    const minter = await minterFor(probe, token);
    const seconds = Math.floor(probe.now() / 1000);
    const dead = [
      { what: 'a token with a broken signature', jwt: withFlippedSignature(token.jwt.reveal()) },
      ...(typeof minter === 'string'
        ? []
        : [{ what: 'an expired token', jwt: minter.mint({ iat: seconds - 2 * longAgo, exp: seconds - longAgo }) }]),
    ];
    const classes: Route[] = [];
    const unfit: string[] = [];
    for (const path of new Set(gets)) {
      const ask = (options: CallOptions) =>
        api.open('GET', path, undefined, { headers: { accept: 'application/json' }, ...options });
      const control = await seen(await ask({ bearer: token.jwt }));
      if (control.status >= 200 && control.status < 300) classes.push({ ask, streams: false });
      else if (path === route.path || (resources.declared && control.status !== 404 && control.status !== 405))
        unfit.push(`${control.url} answered ${control.status} to a good token`);
    }
    const posts = [
      ...(stream === null ? [] : [{ path: stream.post, body: filled(stream.body, probe.canary()) }]),
      ...(chatkit === null ? [] : [{ path: chatkit, body: { type: 'threads.list', params: { limit: 1 } } }]),
    ];
    for (const { path, body } of posts) {
      const headers = { accept: 'text/event-stream' };
      // no good token here: it would set a model to work
      classes.push({ ask: (options) => api.open('POST', path, body, { headers, ...options }), streams: true });
    }
    const ruled = await Promise.all(
      classes.map(async ({ ask, streams }) => {
        const anonymous = await seen(await ask({}));
        const answers = await Promise.all(
          dead.map(async ({ what, jwt }) => ({ what, ...(await seen(await ask({ bearer: jwt }))) })),
        );
        return answers.flatMap((answer) => verdict(answer, anonymous, streams));
      }),
    );
    const all = ruled.flat();
    const after = await api.get(route.path, { bearer: token.jwt });
    const [first, ...more] = all.filter((one): one is Failure => one.code !== 'otherwise');
    if (first !== undefined) return { kind: 'failed' as const, problems: [first, ...more] as const };
    if (after.status !== route.control.status)
      return inconclusive(`${after.url} answered ${after.status} to the good token afterwards`);
    if (unfit[0] !== undefined) return inconclusive(unfit[0]);
    if (classes.length === 0) return skip('no route is known that wants a token');
    const remarks = all.filter((one): one is Remark => one.code === 'otherwise');
    return remarks.length > 0 ? warn(undefined, ...remarks) : pass();
  },
});

interface Route {
  readonly ask: (options: CallOptions) => Promise<Opening>;
  readonly streams: boolean;
}

interface Data {
  readonly [name: string]: string | number;
  readonly url: string;
  readonly status: number;
  readonly what: string;
}
type Failure =
  | Problem<'said-inside' | 'accepted' | 'crashed' | 'not-found', Data>
  | Problem<'redirected', Data & { readonly location: string }>;
type Remark = Problem<'otherwise', Data>;

interface Answer {
  readonly url: string;
  readonly status: number;
  readonly location: string;
  readonly text: string;
}

/** The head of an answer and the first of its body. */
async function seen(opening: Opening): Promise<Answer> {
  let text = '';
  if (opening.status !== 401)
    for await (const { bytes } of opening.body) {
      text += Buffer.from(bytes).toString();
      if (text.length > most || /\r?\n\r?\n/.test(text)) break;
    }
  opening.close();
  const location = opening.headers.find(([name]) => name === 'location')?.[1] ?? 'nowhere';
  return { url: opening.url, status: opening.status, location, text: text.slice(0, most) };
}

function verdict(
  { what, ...answer }: Answer & { what: string },
  anonymous: Answer,
  streams: boolean,
): (Failure | Remark)[] {
  const { url, status, location } = answer;
  const data = { url, status, what };
  if (status === 401) return [];
  if (status >= 500) return [{ code: 'crashed', data }];
  if (status >= 400) return [{ code: status === 404 ? 'not-found' : 'otherwise', data }];
  if (status >= 300) return [{ code: 'redirected', data: { ...data, location } }];
  if (saysRefused(answer.text, streams)) return [{ code: 'said-inside', data }];
  // whoever has no token at all gets the same: nothing is protected here
  return anonymous.status < 300 ? [] : [{ code: 'accepted', data }];
}

/** An error in an answer that looks like a success: the name of an event, or what its data or the JSON says. */
function saysRefused(text: string, streams: boolean): boolean {
  if (!streams || !/^(data|event|id):/m.test(text)) return isRefusalNotice(text.trim());
  const events = [...eventDecoder().feed(text)];
  return events.some(({ name, data }) => name === 'error' || isRefusalNotice(data));
}
