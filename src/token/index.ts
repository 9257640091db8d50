/**
 * Tokens in Better Auth's exact shape: minting them, verifying them and telling everything that is wrong, finding which
 * secret signed one. Pure: the clock, randomness and keys are arguments, and nothing here prints, reads or asks.
 *
 * @module lockstep/token
 */
export type { Datum, Finding, Level } from '../core/finding.js';
export { Secret } from '../core/secret.js';
export { publicDefault as publicDefaultSecret, variants } from '../env-file/variants.js';
export type { Algorithm } from './algorithms.js';
export { algorithms } from './algorithms.js';
export type { Expectations } from './claims.js';
export { ruleOnClaims } from './claims.js';
export type { Credential } from './credential.js';
export { readCredential } from './credential.js';
export { dateWords, durationWords, parseDuration } from './duration.js';
export type { JsonObject } from './json.js';
export type { JwksRow, Opened, RowFault } from './jwks-row.js';
export { newestLive, openPrivateKey, rowKey, rowSigner } from './jwks-row.js';
export type { Key, KeyFault, KeySet } from './key.js';
export { fingerprint, keySet, secretKey, thumbprint } from './key.js';
export type { Breakage, MintOptions, Signer } from './mint.js';
export { breakages, mintToken } from './mint.js';
export type { Opinion } from './opinions/opinions.js';
export { opinions } from './opinions/opinions.js';
export type { Reading } from './read.js';
export { longestToken, readToken } from './read.js';
export type { SecretSet } from './secrets.js';
export { parseSecrets, SecretsError, secretsOf, singleSecret } from './secrets.js';
export type { SignatureRuling, Tried, Verification, VerifyOptions } from './verify.js';
export { verifyToken } from './verify.js';
export type { Candidate, Scan } from './which.js';
export { createScan } from './which.js';
