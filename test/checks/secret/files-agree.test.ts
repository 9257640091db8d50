import check from '../../../src/checks/secret/files-agree.js';
import { describeCheck } from '../../support/describe-check.js';
import type { WrittenHalf } from '../../support/halves.js';
import { checkoutOf } from '../../support/halves.js';

const hex = 'a3f09c5b7e1d48269f0b8c7d6e5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a';
const shared = { trust: 'shared-secret' } as const;
const files = (front: string, back: string, more: Partial<WrittenHalf> = {}) => ({
  target: shared,
  material: checkoutOf({ files: { '.env.local': front } }, { files: { '.env': back }, ...more }),
});
const say = (value: string) => `BETTER_AUTH_SECRET=${value}`;
const jwks = (keys: unknown) => ({ 'GET /api/auth/jwks': { status: keys === null ? 404 : 200, json: { keys } } });

describeCheck(check, {
  passes: {
    'both say the same': files(say(hex), say(hex)),
    'nobody publishes keys': { ...files(say(hex), say(hex)), target: {}, http: jwks(null) },
    'each has a name of its own': files(say(hex), `JWT_SECRET=${hex}`, { secret: 'JWT_SECRET' }),
    'the spelling differs, and not the value': files(say(`"${hex}"`), say(hex)),
  },
  reports: {
    differ: {
      'the values have nothing in common': files(say(hex), say('another-secret-of-more-than-32-characters')),
      'one is the other in base64url': files(say(hex), say(Buffer.from(hex).toString('base64url'))),
      'nobody publishes keys, and they differ': {
        ...files(say(hex), say(`${hex}0`)),
        target: {},
        http: jwks([]),
      },
    },
    'one-side-only': {
      'the backend sets none': files(say(hex), 'TITLE=x'),
      'the backend has it under another name': files(say(hex), `JWT_SECRET=${hex}`),
    },
    weak: { 'it is short': files(say('a-short-secret-1'), say('a-short-secret-1')) },
  },
  skips: {
    'there is no checkout': { target: shared },
    'the target trusts keys': { ...files(say(hex), say('another')), target: { trust: 'jwks' } },
    'the auth server publishes keys': { ...files(say(hex), say('another')), target: {}, http: jwks([{ kid: '1' }]) },
    'no file sets it': files('TITLE=x', 'TITLE=x'),
  },
});
