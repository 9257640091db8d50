import { resolve } from 'node:path';
import { usage } from '../../core/errors.js';
import type { CredentialSeen } from '../../core/evidence/credential.js';
import type { Redactor } from '../../core/redact.js';
import type { Candidate } from '../../env-file/evidence/lattice.js';
import type { World } from '../../world.js';
import type { Options } from './options.js';

interface Handed {
  readonly source: string;
  readonly text: string;
  /** of the answer that it got; null where that is not known */
  readonly status: number | null;
  readonly bearer: boolean;
}

/** Tokens and cookies that were handed in by files: what each is, and who signed it. */
export async function handedIn(
  options: Options,
  candidates: readonly Candidate[],
  world: World,
  redactor: Redactor,
): Promise<CredentialSeen[]> {
  const handed = await readHanded(options, world);
  if (handed.length === 0) return [];
  const [{ fitsAmong, tokenSeen }, { readCredential }, { readToken }] = await Promise.all([
    import('../../io/evidence/signed.js'),
    import('../../token/credential.js'),
    import('../../token/read.js'),
  ]);
  const find = fitsAmong(candidates);
  return handed.map(({ source, text, status, bearer }) => {
    redactor.learn(text);
    const credential = readCredential(text);
    const jwt = credential.kind === 'jwt' ? tokenSeen(text, world.now(), find, undefined) : null;
    const broken = bearer && jwt === null ? readToken(text).findings[0]?.text : undefined;
    return {
      source,
      kind: bearer && jwt === null && credential.kind !== 'session-cookie' ? 'not a JWT' : credential.kind,
      fault: broken ?? (credential.kind === 'unknown' ? credential.why : null),
      token: jwt,
      fits: jwt?.fits ?? find(credential).slice(0, 40),
      answer: status === null ? null : { status, body: 'none', says: null },
    };
  });
}

/** Browsers keep the bodies of all answers; in bytes. */
const largestHar = 64 * 1_048_576;

async function readHanded({ tokenFile = [], cookieFile = [], har = [] }: Options, world: World): Promise<Handed[]> {
  const missing = (flag: string, path: string) => usage(`${flag} ${path}: there is no such file`);
  const read = async (flag: string, path: string) => {
    const text = await world.files.read(resolve(world.cwd, path));
    if (text === null) throw missing(flag, path);
    return text.trim();
  };
  const plain = async (flag: string, paths: readonly string[], bearer: boolean) =>
    Promise.all(
      paths.map(async (path) => ({ source: `${flag} ${path}`, text: await read(flag, path), status: null, bearer })),
    );
  const recorded = await Promise.all(
    har.map(async (path): Promise<Handed[]> => {
      const { credentialsInHar } = await import('../../token/har.js');
      const pieces = await world.files.pieces(resolve(world.cwd, path), largestHar);
      if (pieces === null) throw missing('--har', path);
      const sent = await credentialsInHar(pieces);
      if (sent === null) throw usage(`--har ${path}: it is no HAR file`);
      if (sent.length === 0) throw usage(`--har ${path}: no request in it has a bearer token or a session cookie`);
      return sent.map(({ source, value, status, bearer }) => ({
        source: `${source} in ${path}`,
        text: value.reveal(),
        status,
        bearer,
      }));
    }),
  );
  return [
    ...(await plain('--token-file', tokenFile, true)),
    ...(await plain('--cookie-file', cookieFile, false)),
    ...recorded.flat(),
  ];
}
