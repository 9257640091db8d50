import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import { sameAnswer } from '../../core/refused.js';
import type { Reply } from '../../core/reply.js';
import { header, pointer } from '../../core/reply.js';
import token from './fetch.js';

/** Where an API usually says who the caller is, for a target that does not declare it. */
const usual = ['/id', '/userId', '/user_id', '/sub', '/user/id', '/user/userId', '/user/sub', '/data/id'];

/** The answers on one protected route that every later refusal is measured against. */
export interface Protected {
  readonly path: string;
  readonly control: Reply;
  readonly anonymous: Reply;
  /** by what the answer may call the caller: an answer to a forgery that says one of these took it */
  readonly names: readonly string[];
}

export default defineCheck({
  id: 'token/accepted-by-api',
  title: 'the API accepts the token of the auth server',
  severity: 'critical',
  impact: 'reads',
  core: true,
  source: ['RFC 6750 2.1', 'ASVS 9.1.1', 'ASVS 10.3.3'],
  needs: { token },
  problems: {
    refused: {
      level: 'fail',
      text: '{url} answered {status} to a fresh {alg} token',
      hint: 'the two sides most likely trust different keys: compare the secret, or the JWKS URL, of both; then what the API expects as issuer and audience',
    },
    crashed: {
      level: 'fail',
      text: '{url} answered {status} to a fresh {alg} token',
      hint: 'read the log of the API: a missing secret or an unreachable JWKS often ends so',
    },
    'not-json': {
      level: 'fail',
      text: '{url} answered {status} ({type}) instead of JSON',
      hint: 'is it the base URL of the API?',
    },
    'wrong-person': { level: 'fail', text: '{url} took the token of {expected} for {seen}' },
    'nobody-named': {
      level: 'fail',
      text: '{url} answered 200 and does not say who the caller is',
      hint: 'declare routes.me.identity in lockstep.json, a JSON Pointer to the user id',
    },
    'open-to-all': { level: 'fail', text: '{url} gives the same answer without any token' },
  },
  async run({ api, target }, { token }) {
    if (target.api === null) return skip('no API to ask: give --api');
    const { get: path, identity } = target.routes.me.value;
    const [control, anonymous] = await Promise.all([api.get(path, { bearer: token.jwt }), api.get(path)]);
    const { url, status } = control;
    if (status === 401 || status === 403) return problem('refused', { url, status, alg: token.alg });
    if (status >= 500) return problem('crashed', { url, status, alg: token.alg });
    if (status >= 400)
      return target.routes.me.declared
        ? // says nothing about tokens, good or bad: the question was put to the wrong place
          inconclusive(`${url} answered ${status} to a fresh token: correct routes.me in lockstep.json`)
        : skip(`${url} answered ${status}: declare routes.me in lockstep.json`);
    const assumed = !target.routes.me.declared || identity === null;
    const guess = (why: string) => skip(`${why}: declare routes.me in lockstep.json`);
    if (status >= 300 || typeof control.json !== 'object' || control.json === null) {
      const type = header(control, 'location') ?? header(control, 'content-type') ?? 'no body';
      if (!target.routes.me.declared) return guess(`${url} answered ${status} (${type})`);
      return problem('not-json', { url, status, type });
    }
    const named = (identity === null ? usual : [identity])
      .map((place) => pointer(control.json, place))
      .filter((id) => typeof id === 'string' || typeof id === 'number')
      .map(String);
    if (!named.some((name) => token.names.includes(name))) {
      const seen = named.join(', ');
      if (assumed) return guess(`${url} answered 200 and names ${seen === '' ? 'nobody' : seen} in the usual places`);
      return named.length === 0
        ? problem('nobody-named', { url })
        : problem('wrong-person', { url, expected: token.userId, seen });
    }
    if (sameAnswer(control, anonymous)) return problem('open-to-all', { url });
    return pass<Protected>({ path, control, anonymous, names: token.names });
  },
});
