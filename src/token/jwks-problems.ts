import type { RowFault } from './jwks-row.js';

const wrongSecret =
  'while such a row is the newest, Better Auth answers 500 to get-session: bring back the secret, or delete the row';

/** Why a private key cannot be had, by `schema/jwks.<kind>`. */
export const jwksProblems: Readonly<Record<RowFault['kind'], { readonly text: string; readonly hint: string }>> = {
  'wrong-secret': { text: 'the key {id} does not open with {source}', hint: wrongSecret },
  'retired-version': {
    text: 'the key {id} is sealed with version {version}, which {source} has not',
    hint: 'add that version to BETTER_AUTH_SECRETS',
  },
  'no-legacy-secret': {
    text: 'the key {id} was sealed before there were versions, and {source} has none without one',
    hint: 'set BETTER_AUTH_SECRET to the old secret, beside BETTER_AUTH_SECRETS',
  },
  malformed: { text: 'the key {id} is none: {why}', hint: 'delete the row: Better Auth makes another key' },
  'no-secret': { text: 'the key {id} is sealed, and there is no secret', hint: 'set BETTER_AUTH_SECRET' },
};
