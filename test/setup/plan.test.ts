import { describe, expect, test } from 'vitest';
import { LockstepError } from '../../src/core/errors.js';
import { Secret } from '../../src/core/secret.js';
import type { LoaderName } from '../../src/env-file/loader.js';
import { loaderNames } from '../../src/env-file/loader.js';
import { releases } from '../../src/env-file/spell.js';
import { forDriver } from '../../src/setup/database-url.js';
import type { Draft } from '../../src/setup/draft.js';
import { planFiles } from '../../src/setup/plan.js';
import type { Service } from '../../src/setup/service.js';
import { askable } from '../env-file/compare.js';
import { corpus, named } from '../env-file/corpus.js';
import { realLoader } from '../env-file/real/loaders.js';
import fc from '../support/fast-check.js';
import { cases, seed } from '../support/seed.js';

const database = new Secret('postgresql://app:p$1#x%40`q`@h.example:5432/app?sslmode=require&channel_binding=require');
const answers = {
  secret: new Secret('0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'),
  database,
  auth: 'http://localhost:3000',
  api: 'http://localhost:8000',
  mcp: 'http://localhost:8001',
  environment: 'development',
  model: null,
};

const frontend: Service = {
  side: 'frontend',
  dir: 'frontend',
  loader: 'next',
  env: '.env.local',
  names: { secret: 'BETTER_AUTH_SECRET', database: 'DATABASE_URL' },
  driver: 'pg',
};
const backend = (loader: LoaderName): Service => ({
  ...frontend,
  side: 'backend',
  dir: 'backend',
  loader,
  env: loader === 'next' || loader === 'vite' ? '.env.local' : '.env',
});

function plan(loader: LoaderName, text: string | null): Draft[] {
  const service = backend(loader);
  const bytes = new Map([[`backend/${service.env}`, text === null ? null : Buffer.from(text)]]);
  return planFiles({ frontend, backend: service }, answers, new Set(), bytes, '{}\n');
}

describe("whatever stands in the backend's env file already, its real loader reads what init wrote", () => {
  // a few hundred of the corpus of the readers: every kind of line that they are known to disagree about
  const all = corpus(seed, 300);
  const existing = ['', ...fc.sample(fc.constantFrom(...all), { numRuns: cases(120) }).map((text) => named(text))];
  for (const loader of loaderNames) {
    const narrow = ['docker', 'systemd', 'bash', 'pydantic-settings'].includes(loader);
    const real = narrow ? 'its harness asks for the variables of the corpus only' : realLoader(loader);
    if (typeof real === 'string') {
      test.skip(`${loader}: ${real}`, () => {});
      continue;
    }
    test(`${loader}: ${real.release}`, { timeout: 120_000 }, async () => {
      let refused = 0;
      const ends = releases.reduce<readonly string[]>((left, dialects) => askable(loader, dialects, left), existing);
      const written = ends.flatMap((text) => {
        try {
          const draft = plan(loader, text).find(({ path }) => path.startsWith('backend/') && !path.endsWith('example'));
          return draft === undefined ? [] : [{ text, after: Buffer.from(draft.after).toString('utf8') }];
        } catch (error) {
          // a file whose quotes do not end, or that its loader does not read at all, is refused and stays
          if (!(error instanceof LockstepError)) throw error;
          refused += 1;
          return [];
        }
      });
      const answered = await real.ask(
        written.map(({ after }) => after),
        {},
      );
      const wanted = {
        DATABASE_URL: forDriver(database, 'pg').reveal(),
        BETTER_AUTH_SECRET: answers.secret.reveal(),
        ENVIRONMENT: 'development',
        CORS_ORIGINS: '["http://localhost:3000"]',
        MCP_SERVER_URL: 'http://localhost:8001',
      };
      const wrong = written.flatMap((file, i) => {
        if (answered[i] === undefined) return [];
        const entries = Object.entries(answered[i] ?? {}).map(([name, value]) => [name.toUpperCase(), value]);
        const read = Object.fromEntries(entries);
        const bad = Object.entries(wanted).filter(([name, value]) => read[name] !== value);
        return bad.length === 0 && file.after.startsWith(file.text) ? [] : [{ ...file, bad }];
      });
      expect(wrong.slice(0, 3)).toEqual([]);
      expect(refused).toBeLessThan(existing.length / 2);
    });
  }
});

test('a plan that was carried out leaves nothing to plan', () => {
  for (const loader of loaderNames) {
    const service = backend(loader);
    const drafts = plan(loader, null);
    const bytes = new Map(drafts.map(({ path, after }) => [path, after]));
    expect(planFiles({ frontend, backend: service }, answers, new Set(), bytes, '{}\n')).toEqual([]);
  }
});
