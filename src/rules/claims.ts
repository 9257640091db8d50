import { took } from '../core/evidence/backend.js';
import type { Evidence } from '../core/evidence/evidence.js';
import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';
import { refuses } from './facts/fits.js';

const causes = {
  issuer: {
    certainty: 'proven',
    text: 'the backend expects another issuer: {expected}; the token says {iss}',
    means: 'a slash, http for https, localhost for 127.0.0.1 or a path make another issuer',
    fix: [
      'write {iss} where the backend names its issuer (scheme, host and port, no path, no slash at the end)',
      'restart the backend',
    ],
    weight: 70,
  },
  audience: {
    certainty: 'proven',
    text: 'the backend expects another audience: {expected}; the token says {aud}',
    means: 'a token for somebody else is refused',
    fix: ['write {aud} where the backend names its audience', 'restart the backend'],
    weight: 70,
  },
  'audience-not-expected': {
    certainty: 'proven',
    text: 'the backend refuses a token that has an audience, and takes one without',
    means: 'PyJWT refuses every token with aud where decode() is not given audience=',
    fix: ['give the verifier audience="{aud}"', 'restart the backend'],
    weight: 69,
  },
  'issuer-not-expected': {
    certainty: 'proven',
    text: 'the backend refuses the issuer {iss}, and takes a token without one',
    means: 'the backend names another issuer than the frontend',
    fix: ['write {iss} where the backend names its issuer', 'restart the backend'],
    weight: 68,
  },
  'issuer-and-audience': {
    certainty: 'proven',
    text: 'the backend expects another issuer and audience: {expected}; the token says {iss} and {aud}',
    means: 'a slash, http for https, localhost for 127.0.0.1 or a path make another issuer',
    fix: ['write {iss} where the backend names the address of the frontend', 'restart the backend'],
    weight: 70,
  },
  'said-issuer': {
    certainty: 'likely',
    text: 'the backend says that the issuer is wrong; the token says {iss}',
    means: 'a slash, http for https, localhost for 127.0.0.1 or a path make another issuer',
    fix: ['write {iss} where the backend names its issuer', 'restart the backend'],
    proof: 'a token of our own with another issuer: name the database, so that one can be signed',
    weight: 60,
  },
  'said-audience': {
    certainty: 'likely',
    text: 'the backend says that the audience is wrong; the token says {aud}',
    means:
      'a verifier without an audience of its own refuses every token that has one (PyJWT), or it names another one',
    fix: ['write {aud} where the backend names its audience', 'restart the backend'],
    proof: 'a token of our own with another audience: name the database, so that one can be signed',
    weight: 60,
  },
  'files-issuer': {
    certainty: 'likely',
    text: 'the backend is told another issuer: {name} is {expected}, and the frontend is {iss}',
    means: 'the backend refuses every token of that frontend',
    fix: ['make {name} in {file} {iss}', 'restart the backend'],
    proof: 'a fresh token, shown to the running backend',
    weight: 62,
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'claims',
  title: 'the backend expects other claims than the token has',
  causes,
  match(evidence) {
    const told = refuses(evidence) ? [...measured(evidence), ...said(evidence)].slice(0, 1) : [];
    return told.length > 0 ? told : files(evidence);
  },
  excludes({ backend }) {
    const same = backend?.claims.find(({ change }) => change === 'nothing');
    return backend !== undefined && same !== undefined && took(same.answer, backend)
      ? 'issuer and audience: a token of our own with the same ones is taken'
      : null;
  },
});

/** Tokens with the right key and other claims: the backend itself says which it wants. */
function measured({ backend, session }: Evidence): Found<typeof causes>[] {
  if (backend === undefined) return [];
  const control = backend.claims.find(({ change }) => change === 'nothing');
  // without a control that is refused, what else is taken says nothing about the claims
  if (control === undefined || took(control.answer, backend)) return [];
  const taken = backend.claims.filter(({ answer }) => took(answer, backend));
  const { iss, aud } = { iss: session?.token?.iss ?? 'nothing', aud: session?.token?.aud ?? 'nothing' };
  const guilty = 'backend' as const;
  return taken.flatMap(({ change, value }): Found<typeof causes>[] => {
    const because = [
      `it refuses a token of our own with the claims of the frontend's, and takes one ${inWords(change)}`,
    ];
    const data = { expected: value ?? '', iss, aud };
    if (/^iss of /.test(change)) return [{ cause: 'issuer', guilty, data, because }];
    if (/^aud of /.test(change)) return [{ cause: 'audience', guilty, data, because }];
    if (/^iss and aud of /.test(change)) return [{ cause: 'issuer-and-audience', guilty, data, because }];
    if (change === 'without aud') return [{ cause: 'audience-not-expected', guilty, data, because }];
    if (change === 'without iss') return [{ cause: 'issuer-not-expected', guilty, data, because }];
    return [];
  });
}

function inWords(change: string): string {
  return /^(iss|aud)/.test(change) ? `with the ${change}` : change;
}

function said({ backend, session }: Evidence): Found<typeof causes>[] {
  const says = backend?.token?.says ?? '';
  const { iss, aud } = { iss: session?.token?.iss ?? 'nothing', aud: session?.token?.aud ?? 'nothing' };
  const because = [`it answered ${backend?.token?.status}: ${says}`];
  if (/audience|\baud\b/i.test(says)) return [{ cause: 'said-audience', guilty: 'backend', data: { aud }, because }];
  if (/issuer|\biss\b/i.test(says)) return [{ cause: 'said-issuer', guilty: 'backend', data: { iss }, because }];
  return [];
}

/** What the two sides are told about the frontend's address, where the backend has not shown that it is content. */
function files(evidence: Evidence): Found<typeof causes>[] {
  const { backend } = evidence;
  if (backend?.token != null && !refuses(evidence)) return [];
  const front = evidence.files?.frontend?.settings.find(({ name }) => name === 'BETTER_AUTH_URL');
  const iss = evidence.session?.token?.iss ?? originOf(front?.value);
  const theirs = evidence.files?.backend?.settings.find(({ name }) => /ISSUER|^BETTER_AUTH_URL$/i.test(name));
  if (iss === null || theirs === undefined || !/^https?:/.test(theirs.value)) return [];
  // with a path it is the address of the API of Better Auth, not an issuer
  const expected = /ISSUER/i.test(theirs.name) ? theirs.value : originOf(theirs.value);
  if (expected === null || expected === iss) return [];
  const data = { name: theirs.name, expected, iss, file: theirs.path ?? 'the environment' };
  return [
    { cause: 'files-issuer', guilty: 'backend', data, because: [`${theirs.name} of ${data.file} is ${expected}`] },
  ];
}

function originOf(url: string | undefined): string | null {
  try {
    return url === undefined ? null : new URL(url).origin;
  } catch {
    return null;
  }
}
