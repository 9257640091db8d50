import { resolve } from 'node:path';
import { usage } from '../../core/errors.js';
import type { Redactor } from '../../core/redact.js';
import { Secret } from '../../core/secret.js';
import type { LoaderName } from '../../env-file/loader.js';
import { loaderNames } from '../../env-file/loader.js';
import { publicDefault, variants } from '../../env-file/variants.js';
import { secretsOf } from '../../token/secrets.js';
import type { Candidate } from '../../token/which.js';
import type { World } from '../../world.js';
import { known, readEnvFile } from './env-files.js';
import { stdinText } from './input.js';

export interface CandidateOptions {
  readonly secretFile?: readonly string[];
  readonly secretEnv?: readonly string[];
  readonly envFile?: readonly string[];
  readonly loader?: readonly string[];
  readonly name?: string;
  readonly exact?: boolean;
}

/** A value that a secret may have, and where it is from. */
interface Value {
  readonly name: string;
  readonly value: string;
}

/**
 * Every value that the options name, each also as a loader or a shell may mangle it, and Better Auth's public default.
 * A file counts as it is, so that a newline at its end is one of the ways to be wrong.
 */
export async function gatherCandidates(
  options: CandidateOptions,
  world: World,
  redactor: Redactor,
): Promise<readonly Candidate[]> {
  const values = [
    ...(await fromFiles(options.secretFile ?? [], world)),
    ...fromVariables(options.secretEnv ?? [], world),
    ...(await fromEnvFiles(options, world)),
  ];
  for (const { value } of values) redactor.learn(value);
  const mangled = options.exact === true ? [] : values.flatMap(mangledWays);
  return [...values, ...mangled, { name: "Better Auth's public default secret", value: publicDefault }];
}

function mangledWays({ name, value }: Value): Candidate[] {
  return [...variants(new Secret(value))].map((variant) => {
    // `its first line`, `the word undefined`: a thing of its own, where the others tell what happened to the value
    const between = /^(its|the|an|Better) /.test(variant.name) ? ': ' : ' ';
    return { name: `${name}${between}${variant.name}`, value: variant.bytes };
  });
}

async function fromFiles(files: readonly string[], world: World): Promise<Value[]> {
  return Promise.all(
    files.map(async (file) => {
      const text = file === '-' ? await stdinText(world, 'a secret') : await world.files.read(resolve(world.cwd, file));
      if (text === null) throw usage(`--secret-file ${file}: there is no such file`);
      return { name: `the secret of ${file === '-' ? 'standard input' : file}`, value: text.replace(/\r?\n$/, '') };
    }),
  );
}

function fromVariables(names: readonly string[], { env }: World): Value[] {
  return names.flatMap((name) => {
    const value = env[name];
    if (!value) throw usage(`--secret-env ${name}: that variable is not set`);
    return all({ [name]: value }, name, name);
  });
}

/** The value of a variable, or each version where it is BETTER_AUTH_SECRETS. */
function all(settings: Readonly<Record<string, string>>, variable: string, place: string): Value[] {
  const value = settings[variable];
  if (!value) return [];
  if (variable !== 'BETTER_AUTH_SECRETS') return [{ name: `the value of ${place}`, value }];
  const { secrets } = secretsOf({ BETTER_AUTH_SECRETS: value }) ?? {};
  return [...(secrets?.versions ?? [])].map(([version, secret]) => ({
    name: `version ${version} of ${place}`,
    value: secret.reveal(),
  }));
}

/** Each file as each loader reads it; loaders that read the same are named together. */
async function fromEnvFiles({ envFile = [], loader, name }: CandidateOptions, world: World): Promise<Value[]> {
  const loaders = loader === undefined ? loaderNames : loader.map(known);
  const variables = name === undefined ? ['BETTER_AUTH_SECRET', 'AUTH_SECRET', 'BETTER_AUTH_SECRETS'] : [name];
  const found: Value[] = [];
  for (const file of envFile) {
    for (const variable of variables) {
      const place = variable === variables[0] ? file : `${variable} in ${file}`;
      const readers = new Map<string, LoaderName[]>();
      for (const one of loaders) {
        const value = (await readEnvFile(file, one, world, variable))[variable];
        if (value) readers.set(value, [...(readers.get(value) ?? []), one]);
      }
      for (const [value, names] of readers) {
        const as =
          names.length === loaders.length ? '' : ` as ${names.join(', ')} read${names.length === 1 ? 's' : ''} it`;
        found.push(...all({ [variable]: value }, variable, `${place}${as}`));
      }
    }
  }
  if (found.length === 0 && envFile.length > 0)
    throw usage(`no env file sets ${variables.join(' or ')}`, 'name it with --name');
  return found;
}
