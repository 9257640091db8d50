import check from '../../../src/checks/session/cookie-attributes.js';
import { gifts } from '../../support/deployment.js';
import { describeCheck } from '../../support/describe-check.js';

const session = (...lines: string[]) => ({
  given: { session: { ...gifts.session, headers: lines.map((line) => ['set-cookie', line] as const) } },
});
const https = (api = 'https://app.example.test') => ({
  target: { auth: 'https://app.example.test/api/auth', origin: 'https://app.example.test', api },
});
const usual = 'Max-Age=604800; Path=/; HttpOnly; SameSite=Lax';
const plain = 'better-auth.session_token=t.c';
const secure = `__Secure-${plain}`;

describeCheck(check, {
  given: { session: gifts.session },
  passes: {
    'it is that of stock Better Auth on http': session(`${plain}; ${usual}`),
    'it is that of stock Better Auth on https': { ...session(`${secure}; ${usual}; Secure`), ...https() },
    'it is strict and ends with the browser': session(`${plain}; Path=/; HttpOnly; SameSite=Strict`),
    'another cookie is for scripts': session(`${plain}; ${usual}`, 'NEXT_LOCALE=de; Path=/', 'csrf=abc; SameSite=None'),
    'Expires has a comma in it': session(`${plain}; Expires=Wed, 25 Nov 2026 12:00:00 GMT; HttpOnly; SameSite=Lax`),
    'it is for both hosts and no others': {
      ...session(`__Host-${plain}; ${usual}; Secure; Domain=.example.test`),
      ...https('https://api.example.test'),
    },
    'SameSite is None, for an API on another site': {
      ...session(`${secure}; Path=/; HttpOnly; SameSite=None; Secure`),
      ...https('https://api.elsewhere.test'),
    },
    'SameSite is None, for an API under a name that anybody can have': {
      ...session(`${secure}; Path=/; HttpOnly; SameSite=None; Secure`),
      target: {
        auth: 'https://app.vercel.app/api/auth',
        origin: 'https://app.vercel.app',
        api: 'https://api.vercel.app',
      },
    },
    'it is for its own host': { ...session(`__Host-${plain}; ${usual}; Secure; Domain=app.example.test`), ...https() },
  },
  reports: {
    'readable-by-scripts': {
      'the session cookie is': session(`${plain}; Path=/; SameSite=Lax`),
      'the cached session is': session(`${plain}; ${usual}`, 'better-auth.session_data=x; Path=/; SameSite=Lax'),
      'a piece of it is': session(`${plain}; ${usual}`, 'better-auth.session_data.1=x; Path=/; SameSite=Lax'),
    },
    'sent-in-clear': {
      'the site has https and its baseURL http': { ...session(`__Secure-${plain}; ${usual}`), ...https() },
    },
    'sent-across-sites': { 'SameSite is None on http': session(`${plain}; Path=/; HttpOnly; SameSite=None`) },
    'for-other-sites': {
      'SameSite is None within one host': {
        ...session(`${secure}; Path=/; HttpOnly; SameSite=None; Secure`),
        ...https(),
      },
      'SameSite is None within one site': {
        ...session(`${secure}; Path=/; HttpOnly; SameSite=None; Secure`),
        ...https('https://api.example.test'),
      },
    },
    'wide-domain': {
      'it is for all of a domain, and one host is there': {
        ...session(`__Host-${plain}; ${usual}; Secure; Domain=.example.test`),
        ...https(),
      },
      'it is for a top level': {
        ...session(`__Host-${plain}; ${usual}; Secure; Domain=test`),
        ...https('https://api.example.test'),
      },
      'the API is elsewhere, which is no reason': {
        ...session(`__Host-${plain}; ${usual}; Secure; Domain=example.test`),
        ...https('https://api.elsewhere.test'),
      },
    },
    'no-same-site': { 'it does not say': session(`${plain}; Path=/; HttpOnly`) },
    'no-prefix': { 'its name has none on https': { ...session(`${plain}; ${usual}; Secure`), ...https() } },
    'prefix-and-domain': {
      'it is for a domain': {
        ...session(`${secure}; ${usual}; Secure; Domain=.example.test`),
        ...https('https://api.example.test'),
      },
    },
    'too-large': {
      'the user has much about them': session(
        `${plain}; ${usual}`,
        `better-auth.session_data=${'x'.repeat(4100)}; ${usual}`,
      ),
    },
    'long-life': {
      'it lives for a year': session(`${plain}; Max-Age=31536000; HttpOnly; SameSite=Lax`),
      'it lives until 2030': session(`${plain}; Expires=Tue, 01 Jan 2030 00:00:00 GMT; HttpOnly; SameSite=Lax`),
    },
  },
  skips: { 'the sign-in sets other cookies only': session('sid=abc; Path=/') },
});
