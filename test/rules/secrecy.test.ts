import { rules } from 'virtual:rules';
import { describe, expect, it } from 'vitest';
import { gather } from '../../src/commands/diagnose/gather.js';
import { diagnose } from '../../src/core/diagnosis.js';
import { Redactor } from '../../src/core/redact.js';
import { Secret } from '../../src/core/secret.js';
import { plainStyle } from '../../src/core/style.js';
import { variants } from '../../src/env-file/variants.js';
import { renderDiagnosis } from '../../src/report/diagnosis.js';
import { renderDiagnosisJson } from '../../src/report/diagnosis-json.js';
import { randomBytes } from '../support/chance.js';
import { fakeWorld } from '../support/fake-world.js';
import { cases } from '../support/seed.js';

/** A secret as people have them. */
function someSecret(i: number): string {
  const bytes = randomBytes(32);
  const kinds = [
    () => bytes.toString('hex'),
    () => bytes.toString('base64'),
    () => bytes.toString('base64url'),
    () => `${bytes.toString('hex').slice(0, 24)}#$Xy "${bytes.toString('base64').slice(0, 20)}`,
  ];
  return (kinds[i % kinds.length] as () => string)();
}

describe('what is no variant', () => {
  it('two random secrets: of 100,000 pairs none is called a variant of the other', () => {
    const secrets = Array.from({ length: 450 }, (_, i) => someSecret(i % 3));
    const own = new Map(secrets.map((secret, i) => [secret, i]));
    let pairs = 0;
    for (const [i, secret] of secrets.entries()) {
      const made = new Set([...variants(new Secret(secret))].flatMap(({ text }) => text?.reveal() ?? []));
      for (const text of made) expect(own.get(text) ?? i).toBe(i);
      pairs += secrets.length - 1;
    }
    expect(pairs / 2).toBeGreaterThan(100_000);
  });
});

/** How somebody may come to differ. */
const manglings: readonly ((secret: string) => string)[] = [
  (s) => s,
  (s) => `"${s}"`,
  (s) => `${s}\\n`,
  (s) => Buffer.from(s).toString('base64'),
  (s) => s.slice(0, -1),
  () => someSecret(1),
  (s) => encodeURIComponent(s),
  (s) => s.toUpperCase(),
];

const window = 12;

/** Every piece of 12 characters in which a secret could be read out of a text. */
function pieces(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const spelled = [
    secret,
    encodeURIComponent(secret),
    bytes.toString('hex'),
    ...[0, 1, 2].map((shift) =>
      Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .slice(4, -4),
    ),
  ].flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
  return spelled.flatMap((text) =>
    Array.from({ length: Math.max(0, text.length - window + 1) }, (_, at) => text.slice(at, at + window)),
  );
}

describe('the output of a thousand diagnoses', () => {
  it('holds no secret, no variant of one and no piece of either, without any redaction', async () => {
    let found = 0;
    for (let run = 0; run < cases(1_000); run++) {
      const secret = someSecret(run);
      const other = (manglings[run % manglings.length] as (s: string) => string)(secret);
      const third = someSecret(run + 1);
      const world = fakeWorld({
        env: run % 5 === 0 ? { BETTER_AUTH_SECRET: third } : {},
        files: {
          '/project/web/.env.local': `BETTER_AUTH_URL=http://localhost:3000\nBETTER_AUTH_SECRET=${secret}\n`,
          '/project/web/.env.local.bak': `BETTER_AUTH_SECRET=${third}\n`,
          '/project/api/.env': `BETTER_AUTH_SECRET=${other}\nJWT_SECRET=${third}\nJWT_AUDIENCE=${run % 7 === 0 ? third : 'api'}\n`,
        },
      });
      const options = {
        mode: 'development',
        replicas: '0',
        offline: true,
        frontend: 'web',
        backend: 'api',
        frontendLoader: 'next',
        backendLoader: 'python-dotenv',
      };
      const workspace = { ...world.workspace, names: async () => ['.env.local.bak'] };
      const evidence = await gather(options, { ...world, workspace }, new Redactor(), () => {});
      const diagnosis = diagnose(rules, evidence);
      found += diagnosis.verdicts.length;
      const output = [
        JSON.stringify(evidence),
        renderDiagnosisJson(evidence, diagnosis),
        renderDiagnosis(evidence, diagnosis, plainStyle),
      ].join('\n');
      const said = new Set<string>();
      for (let at = 0; at + window <= output.length; at++) said.add(output.slice(at, at + window));
      const values = [secret, other, third].flatMap((value) => [
        value,
        ...(run % 20 === 0
          ? [...variants(new Secret(value))].flatMap(({ text, name }) =>
              /^(the|an|Better)/.test(name) ? [] : (text?.reveal() ?? []),
            )
          : []),
      ]);
      const leaked = values.flatMap(pieces).filter((piece) => said.has(piece));
      expect(leaked.length, `run ${run}`).toBe(0);
    }
    // something was found to talk about
    expect(found).toBeGreaterThan(500);
  }, 240_000);
});
