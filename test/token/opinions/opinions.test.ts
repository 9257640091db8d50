import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errors, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Opinion } from '../../../src/token/opinions/opinions.js';
import fc from '../../support/fast-check.js';
import { seed, cases as times } from '../../support/seed.js';
import { type Built, build, type Example, examples, expected } from './cases.js';
import { type Answers, askPython, python } from './python.js';

const now = Math.floor(Date.now() / 1000);
const goldenFile = path.join(import.meta.dirname, 'golden.json');

/** An answer as it compares with an opinion: what is no error of the library is told by its class alone. */
function agrees(opinion: Opinion | undefined, said: string | null): void {
  if (opinion === undefined) throw new Error('no opinion');
  if (said === null) {
    expect(opinion).toMatchObject({ verdict: 'accepts', says: null });
    return;
  }
  expect(opinion.verdict).toBe('refuses');
  const foreign = /^(TypeError|OverflowError|JWKError)/.exec(said)?.[1];
  if (foreign === undefined) expect(opinion.says).toBe(said);
  else expect(opinion.says).toMatch(new RegExp(`^${foreign}.*none of its own errors`));
}

describe('what the libraries would say', () => {
  it.each(examples.map((example) => [JSON.stringify(example), example] as const))(
    'jose itself: %s',
    async (_, example) => {
      const built = build(example, now);
      const [opinion] = await expected(example, built, now);
      agrees(opinion, await askJose(example, built));
    },
  );

  it('PyJWT 2.6 and python-jose 3.3, as they were recorded', async () => {
    const golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as [Example, Answers][];
    expect(golden.map(([example]) => example)).toEqual(examples);
    for (const [example, answers] of golden) {
      const [, pyjwt, pythonJose] = await expected(example, build(example, now), now);
      agrees(pyjwt, answers.PyJWT);
      agrees(pythonJose, answers['python-jose']);
    }
  });
});

describe.skipIf(python === null)('the Python libraries of this machine', () => {
  it('answer as they were recorded', () => {
    const answers = askPython(examples.map((example) => [example, build(example, now)]));
    const record = examples.map((example, i) => [example, answers[i]]);
    if (process.env.LOCKSTEP_RECORD === '1') writeFileSync(goldenFile, `${JSON.stringify(record, null, 1)}\n`);
    expect(record).toEqual(JSON.parse(readFileSync(goldenFile, 'utf8')));
  });

  it('agree with lockstep on generated tokens', async () => {
    const offset = fc.constantFrom(-1000, -500, 500, 1000);
    const odd = fc.constantFrom(...[null, true, 'x', '99999999999', ' 7 ', [], {}, 1e300, 1.5].map((as) => ({ as })));
    const name = fc.constantFrom('x', 'y');
    const example: fc.Arbitrary<Example> = fc.record(
      {
        alg: fc.constantFrom('HS256', 'ES256', 'RS256', 'EdDSA'),
        claims: fc.record(
          {
            exp: fc.oneof(offset, odd),
            nbf: fc.oneof(offset, odd),
            // PyJWT before 2.8 compares the text itself, and falls over it
            iat: fc.oneof(offset, fc.constantFrom({ as: null }, { as: 'x' }, { as: 1e300 })),
            aud: fc.oneof(name, fc.array(name), fc.constantFrom('', 7, {}, ['x', 7])),
            iss: fc.oneof(name, fc.constantFrom(null, 7)),
            sub: name,
            jti: fc.oneof(name, fc.constant(7)),
          },
          { requiredKeys: [] },
        ),
        audience: name,
        issuer: name,
        leeway: fc.constantFrom(0, 700),
        stranger: fc.boolean(),
      },
      { requiredKeys: ['alg', 'claims'] },
    );
    const drawn = fc.sample(example, { numRuns: times(600) });
    const cases = drawn.map((one) => [one, build(one, now)] as const);
    const answers = askPython(cases);
    for (const [i, [one, built]] of cases.entries()) {
      const [jose, pyjwt, pythonJose] = await expected(one, built, now);
      const label = `seed ${seed}: ${JSON.stringify(one)}`;
      expect.soft(jose?.verdict, label).toBe((await askJose(one, built)) === null ? 'accepts' : 'refuses');
      expect.soft(brief(pyjwt), label).toBe(briefly(answers[i]?.PyJWT));
      expect.soft(brief(pythonJose), label).toBe(briefly(answers[i]?.['python-jose']));
    }
  });
});

function brief(opinion: Opinion | undefined): string {
  return opinion?.says?.split(/[:,]/)[0] ?? 'accepts';
}

function briefly(said: string | null | undefined): string {
  return said?.split(':')[0] ?? 'accepts';
}

async function askJose(example: Example, { token, pair }: Built): Promise<string | null> {
  const options = {
    algorithms: [...(example.algorithms ?? [example.alg])],
    clockTolerance: example.leeway ?? 0,
    ...(example.audience === undefined ? {} : { audience: example.audience }),
    ...(example.issuer === undefined ? {} : { issuer: example.issuer }),
  };
  try {
    await jwtVerify(token, pair.verifies, options);
    return null;
  } catch (error) {
    return error instanceof errors.JOSEError ? `${error.code}: ${error.message}` : String(error);
  }
}
