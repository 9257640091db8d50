import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Built, Example } from './cases.js';

const script = path.join(import.meta.dirname, 'ask.py');

/** What the two said: null for yes, `Error: words` otherwise. */
export type Answers = Readonly<Record<'PyJWT' | 'python-jose', string | null>>;

/** A Python that has both libraries, or null. */
export const python =
  ['/usr/bin/python3', 'python3'].find(
    (name) => spawnSync(name, ['-c', 'import jwt, jose, cryptography'], { stdio: 'ignore' }).status === 0,
  ) ?? null;

export function askPython(cases: readonly (readonly [Example, Built])[]): Answers[] {
  if (python === null) throw new Error('no Python with PyJWT and python-jose');
  const asked = cases.map(([example, { token, pair }]) => {
    const { verifies } = pair;
    const key =
      verifies.type === 'secret'
        ? verifies.export().toString('latin1')
        : verifies.export({ format: 'pem', type: 'spki' }).toString();
    return {
      token,
      key,
      // as python-jose is given a key of a JWKS
      joseKey: verifies.type === 'secret' ? key : verifies.export({ format: 'jwk' }),
      algorithms: example.algorithms ?? [example.alg],
      audience: example.audience ?? null,
      issuer: example.issuer ?? null,
      leeway: example.leeway ?? 0,
    };
  });
  return JSON.parse(
    execFileSync(python, [script], { input: JSON.stringify(asked), encoding: 'utf8', maxBuffer: 1 << 26 }),
  );
}
