import type { Data } from '../../core/finding.js';
import type { Sighting } from '../../core/observation.js';
import { sighting } from '../../core/observation.js';
import { nameIn } from '../secret-name.js';
import { described } from './auth.js';
import type { Evaluator } from './evaluate.js';
import { seen } from './jwt-options.js';
import type { External } from './program.js';
import { keySightings } from './secrets.js';
import type { At, Located, Value } from './value.js';
import { property } from './value.js';

interface Shape {
  readonly key: At | undefined;
  readonly options: Value;
  readonly issuer: string;
  readonly audience: string;
}

const none: Value = { kind: 'object', properties: new Map(), open: false };

/** What a call of a library for tokens verifies or reads; nothing where it is another call. */
export function verifySightings(
  evaluator: Evaluator,
  call: At,
  { source, name }: External,
  args: readonly At[],
): Sighting[] {
  const library = source;
  if (
    ['jose.decodeJwt', 'jsonwebtoken.decode', 'jwt-decode.jwtDecode', 'jwt-decode.default'].includes(
      `${source}.${name}`,
    )
  )
    return [sighting('verify.off', seen(call), { library })];
  const shape = shapeOf(evaluator, `${source}.${name}`, args);
  if (shape === null) return [];
  const { key, options } = shape;
  const keys = key === undefined ? { kind: 'unknown', sightings: [] } : keyOf(evaluator, key);
  const claim = (option: string, as: string): Data => {
    const { from, text } = described(property(options, option), 'absent');
    return { [as]: text, [`${as}From`]: from };
  };
  const algorithms = algorithmsOf(property(options, 'algorithms'));
  const claims = { ...claim(shape.issuer, 'issuer'), ...claim(shape.audience, 'audience') };
  return [
    sighting('verify.call', seen(call), {
      library,
      algorithms,
      key: keys.kind,
      keyName: nameIn(keys.sightings),
      ...claims,
    }),
    ...keys.sightings,
  ];
}

function shapeOf(evaluator: Evaluator, name: string, args: readonly At[]): Shape | null {
  const value = (at: At | undefined) => (at === undefined ? none : evaluator.value(at));
  const [first, second, third] = args;
  if (name === 'jose.jwtVerify' || name === 'jsonwebtoken.verify')
    return { key: second, options: value(third), issuer: 'issuer', audience: 'audience' };
  const option = { 'fast-jwt.createVerifier': 'key', 'express-jwt.expressjwt': 'secret' }[name];
  if (option === undefined) return null;
  const options = value(first);
  const key = property(options, option);
  const fast = option === 'key';
  return {
    key: key === 'hidden' ? undefined : key,
    options,
    issuer: fast ? 'allowedIss' : 'issuer',
    audience: fast ? 'allowedAud' : 'audience',
  };
}

function keyOf(evaluator: Evaluator, at: At): { readonly kind: string; readonly sightings: Sighting[] } {
  const { value, module, node } = evaluator.locate(at);
  if (value.kind === 'call' && /jwks/i.test(`${value.source} ${value.name}`))
    return { kind: 'jwks', sightings: value.args[0] === undefined ? [] : urlSightings(evaluator, value.args[0]) };
  if (value.kind === 'function' || /Function|Arrow/.test(node.type)) return { kind: 'unknown', sightings: [] };
  const sightings = keySightings(evaluator, { module, node }, 'the key that tokens are verified with');
  return { kind: sightings.length > 0 ? 'secret' : 'unknown', sightings };
}

function urlSightings(evaluator: Evaluator, at: At): Sighting[] {
  return jwksUrl(evaluator.locate(at));
}

function jwksUrl(found: Located): Sighting[] {
  const { value } = found;
  if (value.kind === 'suffix') {
    const from = value.head.kind === 'env' ? value.head.name : null;
    return [sighting('jwks.url', seen(found), { path: value.text, from })];
  }
  if (value.kind !== 'text' || !URL.canParse(value.text)) return [];
  const { pathname, hostname } = new URL(value.text);
  return [sighting('jwks.url', seen(found), { path: pathname, from: hostname })];
}

/** `HS256, RS256`; `unpinned` where none are said, `unknown` where they cannot be seen. */
function algorithmsOf(found: Located | 'hidden' | undefined): string {
  if (found === undefined) return 'unpinned';
  if (found === 'hidden' || found.value.kind !== 'array' || found.value.open) return 'unknown';
  const names = found.value.items.map(({ value }) => (value.kind === 'text' ? value.text : 'unknown'));
  return names.includes('unknown') ? 'unknown' : names.join(', ');
}
