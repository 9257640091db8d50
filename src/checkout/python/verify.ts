import type { Data } from '../../core/finding.js';
import type { Sighting } from '../../core/observation.js';
import { sighting } from '../../core/observation.js';
import { placeAt } from '../place.js';
import { nameIn } from '../secret-name.js';
import type { Argument, PythonCall } from './calls.js';
import { callsOf } from './calls.js';
import type { PythonProgram, PythonValue } from './evaluate.js';
import type { PythonModule } from './module.js';
import type { Token } from './tokens.js';

const libraries: Readonly<Record<string, string>> = {
  'jwt.decode': 'PyJWT',
  'jwt.decode_complete': 'PyJWT',
  'jose.jwt.decode': 'python-jose',
  'authlib.jose.jwt.decode': 'Authlib',
  'joserfc.jwt.decode': 'joserfc',
};
const unverified: Readonly<Record<string, string>> = { 'jose.jwt.get_unverified_claims': 'python-jose' };
const decoders: Readonly<Record<string, string>> = {
  'base64.b64decode': 'base64',
  'base64.standard_b64decode': 'base64',
  'base64.urlsafe_b64decode': 'base64url',
  'bytes.fromhex': 'hex',
  'binascii.unhexlify': 'hex',
  'binascii.a2b_hex': 'hex',
};
const purpose = 'the key that tokens are verified with';

/** What a call of a library for tokens verifies or reads; nothing where it is another call. */
export function verifySightings(program: PythonProgram, module: PythonModule, call: PythonCall): Sighting[] {
  const name = program.qualified(module, call.callee);
  const place = placeAt(module.file, call.at.start);
  const bare = unverified[name];
  if (bare !== undefined) return [sighting('verify.off', place, { library: bare })];
  const library = libraries[name];
  if (library === undefined) return [];
  const value = (argument: readonly Token[] | undefined): PythonValue | undefined =>
    argument === undefined ? (call.open ? { kind: 'unknown' } : undefined) : program.value(module, argument);
  const options = value(given(call.args, 'options', -1));
  const verify = value(given(call.args, 'verify', -1));
  if (isFalse(verify) || isFalse(option(options, 'verify_signature')))
    return [sighting('verify.off', place, { library })];
  const pins = library === 'PyJWT' || library === 'python-jose';
  const said = value(given(call.args, 'algorithms', pins ? 2 : -1));
  // options that cannot be seen may turn the verification off
  const algorithms = said === undefined && options?.kind === 'unknown' ? options : said;
  const keyTokens = given(call.args, 'key', 1);
  const key = keyTokens === undefined ? { kind: 'unknown', sightings: [] } : keyOf(program, module, keyTokens, 0);
  const claim = (name: string, off: string): Data => {
    if (isFalse(option(options, off))) return { [name]: null, [`${name}From`]: 'off' };
    // a variable for the options may turn the check off
    if (options?.kind === 'unknown') return { [name]: null, [`${name}From`]: 'unknown' };
    const found = value(given(call.args, name, -1));
    return { [name]: textOf(found), [`${name}From`]: from(found) };
  };
  const claims = pins
    ? { ...claim('issuer', 'verify_iss'), ...claim('audience', 'verify_aud') }
    : { issuer: null, issuerFrom: 'unknown', audience: null, audienceFrom: 'unknown' };
  const data = {
    library,
    algorithms: pins ? names(algorithms) : 'unknown',
    key: key.kind,
    keyName: nameIn(key.sightings),
    ...claims,
  };
  return [sighting('verify.call', place, data), ...key.sightings];
}

function given(args: readonly Argument[], keyword: string, position: number): readonly Token[] | undefined {
  const positional = args.filter((each) => each.keyword === null);
  return (
    args.find((each) => each.keyword === keyword)?.value ?? (position < 0 ? undefined : positional[position]?.value)
  );
}

function option(options: PythonValue | undefined, name: string): PythonValue | undefined {
  return options?.kind === 'dict' ? options.entries.get(name) : undefined;
}

function isFalse(value: PythonValue | undefined): boolean {
  return value?.kind === 'boolean' && !value.boolean;
}

function textOf(value: PythonValue | undefined): string | null {
  return value?.kind === 'text' ? value.text : value?.kind === 'env' ? value.name : null;
}

function from(value: PythonValue | undefined): string {
  if (value === undefined || value.kind === 'none') return 'absent';
  return value.kind === 'text' || value.kind === 'env' ? value.kind : 'unknown';
}

/** `EdDSA, ES256`; `unpinned` where none are said, `unknown` where they cannot be seen. */
function names(value: PythonValue | undefined): string {
  if (value === undefined || value.kind === 'none') return 'unpinned';
  const items = value.kind === 'list' ? value.items : [value];
  const texts = items.map((item) => (item.kind === 'text' ? item.text : 'unknown'));
  return texts.length === 0 || texts.includes('unknown') ? 'unknown' : texts.join(', ');
}

interface Key {
  readonly kind: string;
  readonly sightings: readonly Sighting[];
}

/** What the key is, and where it comes from: a variable, the source itself, a JWKS. */
function keyOf(program: PythonProgram, module: PythonModule, tokens: readonly Token[], depth: number): Key {
  const none: Key = { kind: 'unknown', sightings: [] };
  const [first] = tokens;
  if (first === undefined || depth > 8) return none;
  const place = placeAt(module.file, first.start);
  const [call] = callsOf(tokens);
  const as = call?.at === first ? decoders[program.qualified(module, call.callee)] : undefined;
  const inner = call?.args[0]?.value;
  if (as !== undefined && inner !== undefined) {
    const below = keyOf(program, module, inner, depth + 1);
    return { kind: 'secret', sightings: [...below.sightings, sighting('secret.decoded', place, { as })] };
  }
  const value = program.value(module, tokens);
  if (value.kind === 'text') {
    const pem = value.text.includes('-----BEGIN');
    return pem
      ? none
      : { kind: 'secret', sightings: value.text === '' ? [] : [sighting('secret.literal', place, { purpose })] };
  }
  if (value.kind === 'env') {
    if (/PUBLIC|JWK/i.test(value.name)) return none;
    const { name } = value;
    const read = sighting('secret.read', place, { name });
    return {
      kind: 'secret',
      sightings: value.fallback ? [read, sighting('secret.fallback', place, { name })] : [read],
    };
  }
  const written = program.written(module, first.text);
  if (written !== null && tokens.length === 1) return keyOf(program, written.module, written.value, depth + 1);
  const words = [...tokens, ...(written?.value ?? [])].map(({ text }) => text).join(' ');
  return /jwk|signing_key/i.test(words) ? { kind: 'jwks', sightings: [] } : none;
}
