import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { Demo } from '../../src/demo/contract.js';
import { faults, isFaultId } from '../../src/demo/faults.js';
import { ask, hear, introduce, type SignedIn } from '../support/raw-demo.js';
import { both, describeSymptoms } from '../support/symptoms.js';

const sessionOf = (demo: Demo, cookie: string) => ask('GET', `${demo.auth}/get-session`, { headers: { cookie } });
const tokenAnswer = (demo: Demo, { cookie }: SignedIn) => ask('GET', `${demo.auth}/token`, { headers: { cookie } });
const me = async (demo: Demo, token: string) =>
  (await ask('GET', `${demo.api}/api/me`, { headers: { authorization: `Bearer ${token}` } })).status;
const freshToken = async (demo: Demo, a: SignedIn) => [await me(demo, await a.token())];
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
const withClaims = (token: string, claims: object) => {
  const [header, , signature] = token.split('.');
  return `${header}.${Buffer.from(JSON.stringify({ ...claimsOf(token), ...claims })).toString('base64url')}.${signature}`;
};
const withoutSignature = (token: string) => `${token.slice(0, token.lastIndexOf('.'))}.`;
/** the same header and claims under a key that nobody knows */
const resigned = async (token: string) => {
  const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
  const key =
    header.alg === 'EdDSA' ? (await generateKeyPair('EdDSA', { crv: 'Ed25519' })).privateKey : new Uint8Array(32);
  return new SignJWT(claimsOf(token)).setProtectedHeader(header).sign(key);
};
const task = async (a: SignedIn) => (await a.api('POST', '/api/tasks', { title: 'of a' })).json.id as string;
const socketWith = async (demo: Demo, token: string, headers: Record<string, string> = {}) => {
  const { messages, closed, status } = await hear({ ...introduce(demo, 'query', token), headers, until: 'ready' });
  return messages.length > 0 ? 'ready' : (closed?.code ?? status);
};
/** the second token of a session, and what the API says to the first and to the second */
const refreshed = async (demo: Demo, a: SignedIn) => {
  const [first, second] = [await a.token(), await a.token()];
  return [await me(demo, first), await me(demo, second)];
};
const listOfB = async (a: SignedIn, b: SignedIn, query = '') => {
  await task(a);
  const { tasks, total } = (await b.api('GET', `/api/tasks${query}`)).json;
  return [tasks.length, total];
};

describeSymptoms({
  F002: {
    look: async (demo) => (await sessionOf(demo, '')).json?.user.email ?? null,
    healthy: null,
    planted: 'demo@example.invalid',
  },
  F003: {
    look: async (demo, a) => {
      const { status, text } = await sessionOf(demo, a.cookie);
      return [status, text === ''];
    },
    healthy: [200, false],
    planted: [500, true],
  },
  F032: {
    look: async (demo, a) => {
      const answer = await tokenAnswer(demo, a);
      return [answer.status, claimsOf(answer.json.token).exp > Date.now() / 1000];
    },
    healthy: [200, true],
    planted: [200, false],
    trust: both,
  },
  F033: {
    look: async (demo, a) => [(await tokenAnswer(demo, a)).status, (await ask('GET', `${demo.auth}/jwks`)).status],
    healthy: [200, 200],
    planted: [500, 200],
  },
  F036: { look: freshToken, healthy: [200], planted: [401], trust: both },
  F038: { look: freshToken, healthy: [200], planted: [401], trust: both },
  F048: {
    look: async (demo, a) => me(demo, withClaims(await a.token(), { sub: 'nobody' })),
    healthy: 401,
    planted: 200,
    trust: both,
  },
  F050: {
    look: async (demo, a) => {
      const token = await a.token();
      return [await me(demo, withoutSignature(token)), await me(demo, await resigned(token))];
    },
    healthy: [401, 401],
    planted: [200, 401],
    trust: both,
  },
  F051: {
    look: async (demo, a) => {
      const token = await a.token();
      return [await me(demo, await resigned(token)), await me(demo, withoutSignature(token))];
    },
    healthy: [401, 401],
    planted: [200, 401],
  },
  F086: { look: refreshed, healthy: [200, 200], planted: [200, 401], trust: both },
  F087: { look: refreshed, healthy: [200, 200], planted: [200, 401], trust: both },
  F113: { look: async (demo, a) => socketWith(demo, await a.token()), healthy: 'ready', planted: 426 },
  F114: { look: async (demo, a) => socketWith(demo, await a.token()), healthy: 'ready', planted: 4401 },
  F116: {
    look: async (demo) => [await socketWith(demo, ''), await socketWith(demo, 'undefined')],
    healthy: [4401, 4401],
    planted: ['ready', 4401],
  },
  F117: {
    look: async (demo) => [await socketWith(demo, 'undefined'), await socketWith(demo, '')],
    healthy: [4401, 4401],
    planted: ['ready', 4401],
  },
  F119: {
    // rightly signed and expired, as only the holder of the secret can make one
    look: async (demo, a) => {
      const env = readFileSync(join(demo.folder, 'backend', '.env'), 'utf8');
      const secret = new TextEncoder().encode(/^BETTER_AUTH_SECRET=(.*)$/m.exec(env)?.[1]);
      const { origin } = new URL(demo.auth);
      const expired = await new SignJWT({ sub: a.userId, exp: 1_000, iss: origin, aud: origin })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(secret);
      return [
        await socketWith(demo, expired),
        await socketWith(demo, await resigned(expired)),
        await me(demo, expired),
      ];
    },
    healthy: [4401, 4401, 401],
    planted: ['ready', 4401, 401],
    trust: ['shared-secret'],
  },
  F120: {
    look: async (demo, a) => [
      await socketWith(demo, 'rubbish', { cookie: a.cookie }),
      await socketWith(demo, 'rubbish'),
    ],
    healthy: [4401, 4401],
    planted: ['ready', 4401],
  },
  F149: {
    look: async (_demo, a, b) => [(await b.api('GET', `/api/tasks/${await task(a)}`)).status, await listOfB(a, b)],
    healthy: [404, [0, 0]],
    planted: [200, [2, 2]],
  },
  F150: {
    look: async (_demo, a, b) => [(await b.api('GET', `/api/tasks/${await task(a)}`)).status, await listOfB(a, b)],
    healthy: [404, [0, 0]],
    planted: [200, [0, 0]],
  },
  F155: { look: (_demo, a, b) => listOfB(a, b), healthy: [0, 0], planted: [1, 1] },
  F156: { look: (_demo, a, b) => listOfB(a, b, `?userId=${a.userId}`), healthy: [0, 0], planted: [1, 1] },
  F158: { look: (_demo, a, b) => listOfB(a, b), healthy: [0, 0], planted: [0, 1] },
});

describe('the list of faults', () => {
  const sources = readdirSync('src/demo', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ts$/.test(name) && name !== 'faults.ts')
    .map((name) => readFileSync(join('src/demo', name), 'utf8'))
    .join('\n');

  test('has each fault once, planted somewhere, and under the check that owes a verdict', () => {
    const ids = faults.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, check } of faults) {
      // `planted`: from outside, in files and variables
      expect(new RegExp(`(fault|planted)\\('${id}'\\)`).test(sources), id).toBe(true);
      expect(check).toMatch(/^(session|token|refresh|ws|isolation|config|secret|transport)\/[a-z0-9-]+$/);
    }
  });

  test('has a symptom for those that are looked at one by one, and each once: the kill matrix proves the others', () => {
    const tables = readdirSync('test/demo')
      .filter((name) => /^faults.*\.test\.ts$/.test(name))
      .map((name) => readFileSync(join('test/demo', name), 'utf8'))
      .join('\n');
    const shown = [...tables.matchAll(/^ {2}(F\d+): \{/gm)].map(([, id]) => id);
    expect(shown.length).toBeGreaterThan(20);
    expect(new Set(shown).size).toBe(shown.length);
  });

  test('knows its ids', () => {
    expect([isFaultId('F149'), isFaultId('F999'), isFaultId('')]).toEqual([true, false, false]);
  });
});
