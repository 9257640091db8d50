import type { Sighting } from '../../core/observation.js';
import { sighting } from '../../core/observation.js';
import { placeAt } from '../place.js';
import type { At, Located, Value } from './value.js';
import { property, textOf } from './value.js';

/** What people write, and what the jwt plugin of Better Auth 1.2 to 1.7 reads instead. */
const misspelt: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': {
    expiresIn: 'write `jwt: { expirationTime }`',
    expirationTime: 'write `jwt: { expirationTime }`',
    expiration: 'write `jwt: { expirationTime }`',
    maxAge: 'write `jwt: { expirationTime }`',
    algorithm: 'write `jwks: { keyPairConfig: { alg } }`',
    alg: 'write `jwks: { keyPairConfig: { alg } }`',
    issuer: 'write `jwt: { issuer }`',
    audience: 'write `jwt: { audience }`',
    definePayload: 'write `jwt: { definePayload }`',
    getSubject: 'write `jwt: { getSubject }`',
    sign: 'write `jwt: { sign }`',
    keyPairConfig: 'write `jwks: { keyPairConfig }`',
    remoteUrl: 'write `jwks: { remoteUrl }`',
    jwksPath: 'write `jwks: { jwksPath }`',
    rotationInterval: 'write `jwks: { rotationInterval }`',
    gracePeriod: 'write `jwks: { gracePeriod }`',
    disablePrivateKeyEncryption: 'write `jwks: { disablePrivateKeyEncryption }`',
    secret: 'the plugin signs with a key pair of its own',
    secretKey: 'the plugin signs with a key pair of its own',
  },
  jwt: {
    expiresIn: 'write `expirationTime`',
    expiration: 'write `expirationTime`',
    maxAge: 'write `expirationTime`',
    algorithm: 'write `jwks: { keyPairConfig: { alg } }` beside `jwt`',
    alg: 'write `jwks: { keyPairConfig: { alg } }` beside `jwt`',
    secret: 'the plugin signs with a key pair of its own',
  },
  jwks: {
    algorithm: 'write `keyPairConfig: { alg }`',
    alg: 'write `keyPairConfig: { alg }`',
  },
};

const signs = ['EdDSA', 'ES256', 'ES512', 'PS256', 'RS256'];
/** As jose and Better Auth read it: a number and one unit. */
const timeSpan =
  /^[+-]? ?(?:\d+|\d+\.\d+) ?(?:seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|years?|yrs?|y|months?|mo)(?: (?:ago|from now))?$/i;

/** What is wrong with the options of `jwt()`. */
export function jwtOptionSightings(options: Value): Sighting[] {
  return ['', 'jwt', 'jwks'].flatMap((group) => {
    const found = group === '' ? options : settingOf(property(options, group));
    if (found?.kind !== 'object') return [];
    const ignored = [...found.properties].flatMap(([name, at]) => {
      const right = misspelt[group]?.[name];
      const option = group === '' ? name : `${group}.${name}`;
      if (right === undefined) return [];
      const shared = textOf(at.value);
      const words = /^HS\d{3}$/.test(shared ?? '')
        ? `${right}, where ${shared} is not supported: the plugin signs with a key pair`
        : right;
      return [sighting('jwt.option-ignored', seen(at), { option, right: words })];
    });
    if (group === 'jwt') return [...ignored, ...expirationSightings(property(found, 'expirationTime'))];
    return group === 'jwks' ? [...ignored, ...algorithmSightings(found)] : ignored;
  });
}

function expirationSightings(found: Located | 'hidden' | undefined): Sighting[] {
  if (found === undefined || found === 'hidden') return [];
  const { value } = found;
  // later than 2001: somebody computed a date
  if (value.kind === 'number' && value.number < 1e9) {
    const year = new Date(value.number * 1000).getUTCFullYear();
    return [sighting('jwt.expiration-number', seen(found), { seconds: value.number, year })];
  }
  const readable = value.kind !== 'text' || timeSpan.test(value.text);
  return readable ? [] : [sighting('jwt.expiration-unreadable', seen(found))];
}

function algorithmSightings(jwks: Value): Sighting[] {
  const one = property(jwks, 'keyPairConfig');
  const several = property(jwks, 'keyPairConfigs');
  const list = several === undefined || several === 'hidden' ? undefined : several.value;
  const all = [one, ...(list?.kind === 'array' ? list.items : [])];
  return all.flatMap((each) => {
    const alg = each === undefined || each === 'hidden' ? undefined : property(each.value, 'alg');
    if (alg === undefined || alg === 'hidden' || alg.value.kind !== 'text' || signs.includes(alg.value.text)) return [];
    return [sighting('jwt.algorithm-unsupported', seen(alg), { alg: alg.value.text })];
  });
}

/** The algorithm that the plugin signs with; null where it cannot be known. */
export function pluginAlgorithm(options: Value): string | null {
  const jwks = property(options, 'jwks');
  if (jwks === undefined) return 'EdDSA';
  const pair = jwks === 'hidden' ? 'hidden' : property(jwks.value, 'keyPairConfig');
  if (pair === undefined) return 'EdDSA';
  const alg = pair === 'hidden' ? 'hidden' : property(pair.value, 'alg');
  return alg !== undefined && alg !== 'hidden' && alg.sure && alg.value.kind === 'text' ? alg.value.text : null;
}

function settingOf(found: Located | 'hidden' | undefined): Value | undefined {
  return found === 'hidden' ? undefined : found?.value;
}

export function seen({ module, node }: At) {
  return placeAt(module.file, node.start ?? 0);
}
