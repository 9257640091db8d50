import check from '../../../src/checks/config/production-hygiene.js';
import type { HttpRequest } from '../../../src/world.js';
import { describeCheck } from '../../support/describe-check.js';
import type { ScriptedReply } from '../../support/fake-world.js';

type Answers = (request: HttpRequest, url: URL) => ScriptedReply | undefined;
/** A deployment that answers 404 to everything but what the test says. */
const site = (answers: Answers = () => undefined, production = false) => ({
  target: { production },
  http: new Proxy(
    {},
    {
      get: () => (request: HttpRequest) => {
        const reply = answers(request, new URL(request.url)) ?? { status: 404, json: { error: 'not found' } };
        return { ...reply, headers: [...(reply.headers ?? []), ...(production ? good : [])] };
      },
    },
  ),
});
const good = [['x-content-type-options', 'nosniff']] as const;
const path =
  (wanted: string, reply: ScriptedReply): Answers =>
  (_, { pathname }) =>
    pathname === wanted ? reply : undefined;
const page: ScriptedReply = { status: 200, text: '<!doctype html>', headers: [['content-type', 'text/html']] };
const node =
  'TypeError: x is not a function\n    at handler (/srv/app/routes/me.js:12:5)\n    at next (/srv/app/x.js:1:1)';
const python = 'Traceback (most recent call last):\n  File "/app/main.py", line 3, in me';

describeCheck(check, {
  passes: {
    'all of it is 404': site(),
    'any path is a page': site(() => page),
    'a text that is no env file has that name': site(path('/.env', { status: 200, text: 'nothing to see here' })),
    'a megabyte of empty lines, in no time': site(path('/.env', { status: 200, text: '\n'.repeat(1_048_576) })),
    'an error is told in general words': site(() => ({ status: 500, json: { error: 'internal_server_error' } })),
    'a developer serves docs and says versions': site((_, { pathname }) =>
      pathname === '/docs'
        ? { status: 200, text: 'swagger-ui' }
        : { status: 404, headers: [['server', 'uvicorn/0.30']] },
    ),
    'production is named after a number, not a version': site(
      () => ({ status: 404, headers: [['server', 'AmazonS3']] }),
      true,
    ),
    'production says no more than it must': site(() => undefined, true),
  },
  reports: {
    'file-served': {
      'the env file is there': site(path('/.env', { status: 200, text: 'BETTER_AUTH_SECRET=abc\n' })),
      'the env file is there, as a page': site(
        path('/.env', { status: 200, text: 'SECRET=abc\n', headers: [['content-type', 'text/html']] }),
      ),
      'the repository is there': site(path('/.git/HEAD', { status: 200, text: 'ref: refs/heads/main\n' })),
    },
    'stack-trace': {
      'a body that is no JSON shows frames of Node': site(({ method }) =>
        method === 'POST' ? { status: 500, text: node } : undefined,
      ),
      'frames are inside JSON': site(({ method }) =>
        method === 'POST' ? { status: 500, json: { stack: node } } : undefined,
      ),
      'frames of Python show': site((_, { pathname }) =>
        pathname.length > 1_000 ? { status: 500, text: python } : undefined,
      ),
      'the words of the database show': site((_, { pathname }) =>
        pathname.length > 1_000
          ? { status: 500, json: { detail: 'syntax error at or near "x" (SQLSTATE 42601)' } }
          : undefined,
      ),
    },
    'docs-open': { 'production describes its API': site(path('/docs', { status: 200, text: 'swagger-ui' }), true) },
    'no-nosniff': {
      'production does not say nosniff': {
        ...site(),
        target: { production: true },
      },
    },
    'no-hsts': {
      'production is encrypted and does not say so for later': {
        ...site(() => undefined, true),
        target: {
          production: true,
          origin: 'https://auth.test',
          auth: 'https://auth.test/api/auth',
          api: 'https://api.test',
        },
      },
    },
    'says-its-version': {
      'production says its version': site(() => ({ status: 404, headers: [['x-powered-by', 'Express 4']] }), true),
    },
  },
  inconclusive: { 'nobody answers': { http: new Proxy({}, { get: () => 'no answer' }) } },
});
