import type { ClientError } from '../../client/index.js';
import { createAuthClient, platformClock } from '../../client/index.js';
import { defineCheck, inconclusive, pass, problem } from '../../core/check.js';
import type { Reply } from '../../core/reply.js';
import { header, pointer } from '../../core/reply.js';
import { withFlippedSignature } from '../../token/forge.js';
import session from '../session/login.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';

const expected = 'call 401, refresh 200, call 200';

export default defineCheck({
  id: 'refresh/recovers',
  title: 'a client with a dead token refreshes once, retries once, and is through',
  severity: 'critical',
  impact: 'reads',
  core: true,
  source: ['RFC 6750 3.1', 'ASVS 7.2.1', 'ASVS 10.4.8'],
  needs: { session, token, route },
  problems: {
    'not-401': {
      level: 'fail',
      text: '{url} answered {status} to a dead token, so that no client knows it should refresh',
      hint: 'answer 401 with `WWW-Authenticate: Bearer error="invalid_token"`',
    },
    'no-new-token': { level: 'fail', text: '{url} gave no new token to a live session: {why}' },
    'refused-again': {
      level: 'fail',
      text: '{url} answered 401 to the token that was just refreshed',
      hint: 'the API may hold an old key: look at how long it caches the JWKS',
    },
  },
  async run({ api, auth, target, now }, { session, token, route }) {
    const wire: string[] = [];
    let lost: unknown;
    const noting = (error: unknown): never => {
      lost = error;
      throw error;
    };
    const dead = withFlippedSignature(token.jwt.reveal());
    const client = createAuthClient({
      clock: { ...platformClock, now },
      async fetch(path: string, init?: { headers?: Record<string, string> }) {
        const reply = await api.get(path, { headers: init?.headers ?? {} }).catch(noting);
        wire.push(`call ${reply.status}`);
        return answer(reply);
      },
      async refresh() {
        const reply = await auth.get(target.tokenRoute.value, { jar: session.jar }).catch(noting);
        wire.push(`refresh ${reply.status}`);
        const fresh = pointer(reply.json, '/token');
        return typeof fresh === 'string' ? { token: fresh, date: header(reply, 'date') } : { status: reply.status };
      },
    });
    client.signIn(dead, { expiresAt: now() + 3_600_000 });
    const url = `${api.base}${route.path}`;
    try {
      const { status } = await client.fetch(route.path);
      if (wire[0] !== 'call 401') return problem('not-401', { url, status });
      if (status !== 200) return inconclusive(`${url} answered ${status} after the refresh`);
      return wire.join(', ') === expected ? pass() : inconclusive(`it took ${wire.join(', ')} instead of ${expected}`);
    } catch (error) {
      if (lost !== undefined) throw lost;
      if (!isClientError(error)) throw error;
      const { kind } = error.failure;
      if (kind === 'auth') return problem('refused-again', { url });
      return problem('no-new-token', {
        url: `${auth.base}${target.tokenRoute.value}`,
        why: `${kind}, after ${wire.join(', ')}`,
      });
    } finally {
      await client.signOut();
    }
  },
});

function answer(reply: Reply) {
  return { status: reply.status, headers: { get: (name: string) => header(reply, name.toLowerCase()) } };
}

function isClientError(error: unknown): error is ClientError {
  return error instanceof Error && 'failure' in error;
}
