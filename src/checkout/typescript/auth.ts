import type { Data } from '../../core/finding.js';
import type { Sighting } from '../../core/observation.js';
import { sighting } from '../../core/observation.js';
import type { Evaluator } from './evaluate.js';
import { jwtOptionSightings, pluginAlgorithm, seen } from './jwt-options.js';
import { secretSightings } from './secrets.js';
import type { At, Located, Value } from './value.js';
import { property } from './value.js';

type Found = Located | 'hidden' | undefined;
const none: Value = { kind: 'object', properties: new Map(), open: false };
const hidden: Value = { kind: 'unknown' };

/** What a call of `betterAuth(options)` sets up. */
export function authSightings(evaluator: Evaluator, call: At, args: readonly At[]): Sighting[] {
  const options = args[0] === undefined ? none : evaluator.value(args[0]);
  const plugin = jwtPlugin(property(options, 'plugins'));
  const settings = plugin.call === null ? hidden : optionsOf(evaluator, plugin.call);
  const at = seen(call);
  const data = { jwt: plugin.present, ...tokensOf(options, settings, plugin.present), ...cookiesOf(options) };
  return [
    sighting('auth.instance', at, data),
    ...(plugin.call === null ? [] : jwtOptionSightings(settings)),
    ...secretOf(options, call),
  ];
}

interface Plugin {
  readonly present: 'yes' | 'no' | 'maybe' | 'unknown';
  readonly call: Extract<Value, { kind: 'call' }> | null;
}

/** The call of `name()` of Better Auth's plugins in a list of plugins. */
export function pluginIn(plugins: Found, isPlugin: (source: string, name: string) => boolean): Plugin {
  if (plugins === undefined) return { present: 'no', call: null };
  if (plugins === 'hidden' || plugins.value.kind !== 'array') return { present: 'unknown', call: null };
  const { items, open } = plugins.value;
  const item = items.find(({ value }) => value.kind === 'call' && isPlugin(value.source, value.name));
  if (item?.value.kind !== 'call') return { present: open ? 'unknown' : 'no', call: null };
  return { present: item.sure ? 'yes' : 'maybe', call: item.value };
}

function jwtPlugin(plugins: Found): Plugin {
  return pluginIn(plugins, (source, name) => /^better-auth\/plugins(\/jwt)?$/.test(source) && name === 'jwt');
}

function optionsOf(evaluator: Evaluator, { args }: Extract<Value, { kind: 'call' }>): Value {
  return args[0] === undefined ? none : evaluator.value(args[0]);
}

/** What the tokens of the plugin say, and where their keys are. */
function tokensOf(options: Value, settings: Value, present: Plugin['present']): Data {
  if (present === 'no') return { alg: null, signs: 'nothing' };
  const jwt = inside(settings, 'jwt');
  const jwks = inside(settings, 'jwks');
  const base = described(property(options, 'baseURL'), 'request');
  const claim = (name: string) => {
    const found = described(property(jwt, name), 'baseURL');
    return found.from === 'baseURL' && base.from === 'text' ? { from: 'baseURL', text: originOf(base.text) } : found;
  };
  const [issuer, audience] = [claim('issuer'), claim('audience')];
  const sign = property(jwt, 'sign');
  return {
    alg: pluginAlgorithm(settings),
    signs: sign === undefined ? 'plugin' : sign === 'hidden' ? 'unknown' : 'own',
    issuer: issuer.text,
    issuerFrom: issuer.from,
    audience: audience.text,
    audienceFrom: audience.from,
    jwksPath: pathOf(
      described(property(options, 'basePath'), 'default'),
      '/api/auth',
      described(property(jwks, 'jwksPath'), 'default'),
    ),
  };
}

/** With this strategy the session cookie is an HS256 token that an API may verify. */
function cookiesOf(options: Value): Data {
  const cache = inside(inside(options, 'session'), 'cookieCache');
  const strategy = described(property(cache, 'strategy'), 'default');
  return {
    cookieToken:
      strategy.from === 'default' ? 'no' : strategy.from === 'text' && strategy.text !== 'jwt' ? 'no' : 'maybe',
  };
}

function inside(value: Value, name: string): Value {
  const found = property(value, name);
  return found === undefined ? none : found === 'hidden' ? hidden : found.value;
}

export interface Described {
  /** `text`, `env`, `unknown`, or what stands where nothing was written */
  readonly from: string;
  /** the text, or the name of the variable */
  readonly text: string | null;
}

export function described(found: Found, absent: string): Described {
  if (found === undefined) return { from: absent, text: null };
  if (found === 'hidden' || !found.sure) return { from: 'unknown', text: null };
  return describedValue(found.value, absent);
}

export function describedValue(value: Value, absent: string): Described {
  if (value.kind === 'text') return { from: 'text', text: value.text };
  if (value.kind === 'env') return { from: 'env', text: value.name };
  return { from: value.kind === 'nothing' ? absent : 'unknown', text: null };
}

function pathOf(base: Described, usual: string, path: Described): string | null {
  const start = base.from === 'default' ? usual : base.text;
  const end = path.from === 'default' ? '/jwks' : path.text;
  return ![base, path].every(({ from }) => from === 'default' || from === 'text') ? null : `${start}${end}`;
}

function originOf(url: string | null): string | null {
  return url !== null && URL.canParse(url) ? new URL(url).origin : null;
}

function secretOf(options: Value, call: At): Sighting[] {
  const secret = property(options, 'secret');
  if (secret === 'hidden' || property(options, 'secrets') !== undefined) return [];
  // absent: Better Auth reads the environment itself
  if (secret === undefined) return [sighting('secret.read', seen(call), { name: 'BETTER_AUTH_SECRET' })];
  return secretSightings(secret, 'the secret of Better Auth');
}
