import { sealOf } from '../../../src/checks/session-cookie.js';
import check from '../../../src/checks/token/payload-minimal.js';
import { gifts, tokens } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';
import { tokenWith } from '../../support/verifying-api.js';

const says = (claims: Readonly<Record<string, unknown>>) => ({ given: { token: tokenWith(claims) } });
const token = 'cX2lMZ1tPZ0vR3bYq4w5e6r7t8y9u0i1';
const value = encodeURIComponent(`${token}.${sealOf(token, Buffer.from('x')).toString('base64')}`);
const jar = { ...gifts.session.jar, cookieHeader: async () => `better-auth.session_token=${value}` };

describeCheck(check, {
  given: { session: { ...gifts.session, jar }, token: tokenWith({}) },
  passes: {
    'it has the whole user, as stock Better Auth gives it': says({
      name: 'A',
      email: 'a@example.test',
      emailVerified: true,
      image: 'https://images.example.test/a.png?size=40',
      createdAt: '2026-11-21T12:00:00.000Z',
      id: 'user-a',
    }),
    'it says that there is a password': says({
      password: 'set',
      hasPassword: true,
      passwordChangedAt: '2026-11-21T12:00:00Z',
    }),
    'a user has a telling name': says({ name: 'sk-8', bio: 'I write about passwords: $2b is a prefix' }),
    'it has an empty field for a secret': says({ apiKey: '', twoFactorSecret: null }),
  },
  reports: {
    secret: {
      'it has the password hash of Better Auth': says({ hash: `${'0a'.repeat(16)}:${'1b'.repeat(64)}` }),
      'it has a bcrypt hash': says({ user: { pw: '$2b$12$abcdefghijklmnopqrstuvwxyz' } }),
      'it has the session token': says({ session: { ref: token } }),
      'it has an API key by its name': says({ apiKey: 'a1b2c3d4e5f6' }),
      'it has an API key by its form': says({ note: `sk_${'live'}_4eC39HqLyjWDarjtT1zdp7dc` }),
      'it has another token': says({ upstream: tokens.b }),
      'it has the address of a database': says({ dsn: 'postgres://app:pass@db.example.test/app' }),
      'it has a private key in a list': says({ keys: ['-----BEGIN PRIVATE KEY-----\nMC4'] }),
    },
  },
});
