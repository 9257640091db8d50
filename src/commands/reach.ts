import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command as Commander } from 'commander';
import { usage } from '../core/errors.js';
import type { Secret } from '../core/secret.js';
import type { Target } from '../core/target.js';
import type { World } from '../world.js';
import { collect } from './token/options.js';

/** How a deployment is reached, where that is for the user to say. */
export interface ReachOptions {
  readonly caFile?: string | undefined;
  readonly useProxy?: boolean;
  readonly expectSpki?: readonly string[];
}

export function declareReach(commander: Commander): Commander {
  return declarePins(
    commander
      .option('--ca-file <file>', 'authorities in PEM that are trusted beside the usual ones')
      .option('--use-proxy', 'go through HTTPS_PROXY and HTTP_PROXY, which are passed over otherwise'),
  );
}

/** For commands that contact a database alone; one has its authority in its URL. */
export function declarePins(commander: Commander): Commander {
  return commander.option(
    '--expect-spki <pin>',
    'the key of each server over TLS: sha256/BASE64 of its public key; may be repeated',
    collect,
  );
}

/** The world by the way that the options, or the settled target, allow. */
export async function reach<W extends World>(
  options: ReachOptions,
  world: W,
  target?: Pick<Target, 'caFile'>,
): Promise<W> {
  const file = target === undefined ? await named(options, world) : target.caFile;
  const proxies = options.useProxy === true ? world.env : null;
  const { pins } = world;
  if (file === null && proxies === null && pins.length === 0) return world;
  return { ...world, ...world.through({ ca: file === null ? null : await authorities(file, world), proxies, pins }) };
}

/** What a command may contact: URLs, those of databases as Secrets. */
export type Contacts = readonly (string | Secret | null | undefined)[];

export function contactsOf({ auth, api, routes, database }: Target): Contacts {
  return [auth, api, routes.socket.value.url, database];
}

/**
 * The world with the pins of the options, which hold for whatever is opened in it over TLS. Pins that nothing is held against
 * would be a promise that nobody keeps.
 */
export async function pinned<W extends World>(
  { expectSpki = [] }: Pick<ReachOptions, 'expectSpki'>,
  world: W,
  contacts: Contacts,
): Promise<W> {
  if (expectSpki.length === 0) return world;
  const pins = expectSpki.map((text) => {
    const [, pin] = /^sha256\/\/?([A-Za-z0-9+/]{43}=)$/.exec(text) ?? [];
    if (pin === undefined) throw usage(`--expect-spki ${text}: it is sha256/ and 44 characters of base64`, howToPin);
    return pin;
  });
  const { isOverTls } = await import('./database-tls.js');
  const held = contacts.some((one) =>
    typeof one === 'string' ? /^(https|wss):/i.test(one) : one != null && isOverTls(one),
  );
  if (!held) throw usage('--expect-spki: nothing is contacted over TLS, so that nothing would be held against it');
  return { ...world, pins };
}

const howToPin =
  'openssl x509 -in CERTIFICATE -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64';

/** Where no target says it. */
async function named(options: ReachOptions, { env }: World): Promise<string | null> {
  const { given } = await import('../config/sources.js');
  return given('caFile', options, env)?.value ?? null;
}

/** A file without a certificate in it would leave the run without what it was given for, and say nothing. */
async function authorities(file: string, world: World): Promise<string> {
  const text = await world.files.read(resolve(world.cwd, file));
  if (text === null) throw usage(`${file}: there is no such file`, '--ca-file wants the PEM file of an authority');
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const good = found.every((pem) => {
    try {
      return new X509Certificate(pem).raw.length > 0;
    } catch {
      return false;
    }
  });
  if (found.length === 0 || !good)
    throw usage(`${file}: holds no certificate that can be read`, '--ca-file wants the PEM file of an authority');
  return found.join('\n');
}
