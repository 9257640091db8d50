import type { CredentialSeen } from '../core/evidence/credential.js';
import type { Evidence } from '../core/evidence/evidence.js';
import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';
import { currentOf, frontendRuns, holderOf, inWords, isExactly } from './facts/fits.js';

const causes = {
  'not-a-token': {
    certainty: 'proven',
    text: 'what is sent as a bearer token is none: {source} is {what}',
    means: 'a session token or a cookie is worth nothing to the backend: it takes what /token gives',
    fix: ['let the client send the "token" that GET /api/auth/token answers, as Authorization: Bearer'],
    weight: 78,
  },
  'encrypted-data': {
    certainty: 'proven',
    text: 'what is sent as a bearer token is a cache of the session, encrypted for the frontend alone: {source}',
    means: 'the session_data cookie can be read by nobody else',
    fix: ['let the client send the "token" that GET /api/auth/token answers, as Authorization: Bearer'],
    weight: 78,
  },
  expired: {
    certainty: 'proven',
    text: 'the token of {source} expired {seconds} s ago',
    means: 'the client keeps a token longer than it lives; Better Auth gives 15 minutes',
    fix: ['let the client fetch a new token when it is refused, once for all callers: lockstep/client does'],
    weight: 50,
  },
  unsigned: {
    certainty: 'proven',
    text: 'the token of {source} has no signature (alg none)',
    means: 'whoever takes it takes anything',
    fix: ['find out who made it: Better Auth does not'],
    weight: 79,
  },
  'numeric-sub': {
    certainty: 'likely',
    text: 'sub in the token of {source} is a number',
    means: 'PyJWT of 2.10 and later refuses it: sub has to be text',
    fix: ['give getSubject of the jwt plugin a text: String(user.id)'],
    proof: 'a token with the same sub as text, which the backend takes',
    weight: 62,
  },
  'other-secret': {
    certainty: 'proven',
    text: '{source} was signed with {what}, not with what the frontend has now',
    means: 'it was made before the secret changed, or by another deployment: it is refused for ever',
    fix: [
      'sign in again: a change of the secret ends every session and every HS256 token',
      'or put the former secret back',
    ],
    weight: 66,
  },
  'unknown-signer': {
    certainty: 'proven',
    symptom: true,
    text: '{source} was signed with none of {tried} values that were found',
    means: 'it is from another deployment, or from before a change of the secret that left no trace here',
    fix: ['sign in again', 'give what else may hold the secret: `lockstep diagnose --also DIR`'],
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'credential',
  title: 'the credential that was handed in cannot work',
  causes,
  match: (evidence) => [
    ...(evidence.credentials ?? []).flatMap((one) => judge(evidence, one)).slice(0, 5),
    ...numeric(evidence),
  ],
});

function judge(evidence: Evidence, credential: CredentialSeen): Found<typeof causes>[] {
  const { source, kind, fault, token } = credential;
  const guilty = 'caller' as const;
  const because = [`by its form it is: ${kind}`, ...(fault === null ? [] : [fault]), ...answered(credential)];
  if (kind === 'not a JWT' || (kind === 'session-cookie' && /^(--token-file|Authorization)/.test(source))) {
    const what = kind === 'session-cookie' ? 'a session cookie' : (fault ?? 'something else');
    return [{ cause: 'not-a-token', guilty, data: { source, what }, because }];
  }
  if (kind === 'session-data-jwe') return [{ cause: 'encrypted-data', guilty, data: { source }, because }];
  if (token?.alg?.toLowerCase() === 'none') return [{ cause: 'unsigned', guilty, data: { source }, because }];
  if (token !== null && token.expIn !== null && token.expIn <= 0 && credential.answer?.status !== 200)
    return [
      { cause: 'expired', guilty, data: { source, seconds: -token.expIn }, because },
      ...signer(evidence, credential),
    ];
  return signer(evidence, credential);
}

function answered({ answer }: CredentialSeen): string[] {
  return answer === null ? [] : [`the answer was ${answer.status}`];
}

/** Who signed what is signed with a secret. */
function signer(evidence: Evidence, { source, kind, token, fits, answer }: CredentialSeen): Found<typeof causes>[] {
  const symmetric = kind.startsWith('session-') || token?.alg?.startsWith('HS') === true;
  if (!symmetric || (answer !== null && answer.status < 400 && answer.status > 0)) return [];
  const runs = frontendRuns(evidence);
  const own = currentOf(evidence, 'frontend');
  const now =
    runs !== null && runs.fits.length > 0 ? runs.fits : own === null ? [] : [{ holder: own.id, variant: null }];
  if (now.length === 0) return [];
  const tried = evidence.holders.filter(({ kind: place }) => place !== 'default').length;
  const because = [`a signature is compared with what ${tried} places hold, and their variants`];
  const [first] = fits;
  if (first === undefined) return [{ cause: 'unknown-signer', guilty: 'caller', data: { source, tried }, because }];
  if (now.some((one) => fits.some((fit) => fit.holder === one.holder && fit.variant === one.variant))) return [];
  if (isExactly(fits, own) && runs === null) return [];
  const told = fits.find(({ variant, holder }) => variant === null && holderOf(evidence, holder) !== null) ?? first;
  return [{ cause: 'other-secret', guilty: 'caller', data: { source, what: inWords(told) }, because }];
}

/** The frontend's own tokens, when they are refused. */
function numeric({ session, backend }: Evidence): Found<typeof causes>[] {
  if (session?.token?.sub !== 'number' || backend?.token == null || backend.token.status < 400) return [];
  const because = [`the backend answered ${backend.token.status} to it`];
  return [{ cause: 'numeric-sub', guilty: 'frontend', data: { source: session.route }, because }];
}
