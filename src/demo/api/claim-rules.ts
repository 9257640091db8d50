import { errors, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { fault } from '../planted.js';

/** What an auth server that was never told its public address calls itself. */
const forgotten = 'http://localhost:3000';

/** What the claims of a token must be: from this issuer, for itself, with a subject and an end. */
export function claimRules(issuer: string, currentDate: Date): JWTVerifyOptions {
  return {
    ...(fault('F072') ? {} : { issuer: fault('F041') ? forgotten : fault('F185') ? `${issuer}/` : issuer }),
    ...(fault('F069') ? {} : { audience: fault('F038') ? 'https://staging.example.invalid' : issuer }),
    requiredClaims: fault('F066') ? ['sub'] : ['sub', 'exp'],
    clockTolerance: fault('F065') ? 86_400 : 0,
    currentDate,
  };
}

/** The payload of a rightly signed token whose only trouble is a claim that a mistake passes over; else null. */
export function overlooked(error: unknown): JWTPayload | null {
  if (fault('F063') && error instanceof errors.JWTExpired) return error.payload;
  if (!(error instanceof errors.JWTClaimValidationFailed)) return null;
  if (fault('F068') && error.claim === 'nbf') return error.payload;
  if (fault('F071') && error.claim === 'aud' && error.reason === 'missing') return error.payload;
  return null;
}
