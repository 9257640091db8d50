import { resolve } from 'node:path';
import type { Command as Commander } from 'commander';
import { usage } from '../../core/errors.js';
import type { Redactor } from '../../core/redact.js';
import { Secret } from '../../core/secret.js';
import type { SecretSet } from '../../token/secrets.js';
import { parseSecrets, SecretsError, secretsOf, singleSecret } from '../../token/secrets.js';
import type { World } from '../../world.js';
import { stdinText, withoutNewline } from './input.js';

export interface SecretOptions {
  readonly secretFile?: string;
  readonly secretEnv?: string;
  readonly envFile?: string;
  readonly loader?: string;
  readonly name?: string;
}

/** The secrets of a server, and where they are from, in words. */
export interface GivenSecrets {
  readonly set: SecretSet;
  readonly source: string;
}

/** The flags of `declareSecrets`, for plain command lines. */
export const secretFlags = ['secret-file', 'secret-env', 'env-file', 'loader', 'name'];

export function declareSecrets(commander: Commander): Commander {
  return commander
    .option('--secret-file <file>', 'the shared secret in a file; - for standard input')
    .option('--secret-env <name>', 'the shared secret in this variable; BETTER_AUTH_SECRETS is read with its versions')
    .option('--env-file <file>', 'the shared secret in an env file')
    .option('--loader <name>', 'how that env file is read: next, dotenv, python-dotenv, ... (default: dotenv)')
    .option('--name <variable>', 'its name in the env file (default: BETTER_AUTH_SECRET)');
}

/** True when one of the options names a secret. */
export function namesSecret({ secretFile, secretEnv, envFile }: SecretOptions): boolean {
  return secretFile !== undefined || secretEnv !== undefined || envFile !== undefined;
}

/** The secrets that the options name; null when none does. What is read is kept out of everything printed. */
export async function readSecrets(
  options: SecretOptions,
  world: World,
  redactor: Redactor,
): Promise<GivenSecrets | null> {
  const { secretFile, secretEnv, envFile } = options;
  const named = [secretFile, secretEnv, envFile].filter((one) => one !== undefined);
  if (named.length > 1)
    throw usage('--secret-file, --secret-env and --env-file each name the secret: give one of them');
  const given = await read(options, world);
  if (given === null) return null;
  const { current, versions, legacy } = given.set;
  for (const secret of [current, legacy, ...versions.values()]) if (secret !== null) redactor.learn(secret.reveal());
  return given;
}

/** As the server itself would find them in this process's environment; null where it has none of their names. */
export function environmentSecrets(world: World, redactor: Redactor): GivenSecrets | null {
  const found = strictly(() => secretsOf(world.env));
  if (found === null) return null;
  redactor.learn(found.secrets.current.reveal());
  if (found.secrets.legacy !== null) redactor.learn(found.secrets.legacy.reveal());
  return { set: found.secrets, source: `${found.name} of the environment` };
}

async function read({ secretFile, secretEnv, envFile, loader, name }: SecretOptions, world: World) {
  if (secretFile !== undefined) return fromFile(secretFile, world);
  if (secretEnv !== undefined) return fromEnv(secretEnv, world);
  if (envFile === undefined) return null;
  const { readEnvFile } = await import('./env-files.js');
  const settings = await readEnvFile(envFile, loader ?? 'dotenv', world, name);
  const source = `${envFile} as ${loader ?? 'dotenv'} reads it`;
  const found = strictly(() =>
    name === undefined ? secretsOf(settings) : secretsOf({ BETTER_AUTH_SECRET: settings[name] }),
  );
  if (found === null)
    throw usage(`${envFile}: ${name ?? 'BETTER_AUTH_SECRET'} is not set there`, 'name it with --name');
  return { set: found.secrets, source };
}

async function fromFile(file: string, world: World): Promise<GivenSecrets> {
  const stdin = file === '-';
  const source = stdin ? 'standard input' : file;
  const text = stdin ? await stdinText(world, 'a secret') : await world.files.read(resolve(world.cwd, file));
  if (text === null) throw usage(`--secret-file ${file}: there is no such file`);
  const value = withoutNewline(text, source, world);
  if (value === '') throw usage(`--secret-file ${file}: it is empty`);
  return { set: singleSecret(new Secret(value)), source: `the secret of ${source}` };
}

function fromEnv(variable: string, { env }: World): GivenSecrets {
  const value = env[variable];
  if (!value) throw usage(`--secret-env ${variable}: that variable is not set`);
  const source = `the secret in ${variable}`;
  if (variable !== 'BETTER_AUTH_SECRETS') return { set: singleSecret(new Secret(value)), source };
  const legacy = env.BETTER_AUTH_SECRET || env.AUTH_SECRET;
  return { set: strictly(() => parseSecrets(value, legacy ? new Secret(legacy) : null)), source };
}

function strictly<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SecretsError) throw usage(error.message, 'it is written 2:new,1:old');
    throw error;
  }
}
