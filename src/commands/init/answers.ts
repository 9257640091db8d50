import type { Config } from '../../config/schema.js';
import { baseUrl } from '../../config/url.js';
import { usage } from '../../core/errors.js';
import { Exit } from '../../core/exit.js';
import { Secret } from '../../core/secret.js';
import { databaseFault } from '../../setup/database-url.js';
import type { Wishes } from '../../setup/env-drafts.js';
import type { Half } from '../../setup/half.js';
import type { Answers, Provider, Topic } from '../../setup/variables.js';
import { keyNames } from '../../setup/variables.js';
import type { World } from '../../world.js';
import type { Asker } from './asker.js';
import { given } from './given.js';
import type { Options } from './options.js';

/** Everything but the shared secret, which is chosen apart. */
export type Settled = Omit<Answers, 'secret'>;

/** What each flag, else each file, else the usual, else a person says. */
export async function settleAnswers(
  options: Options,
  { frontend, backend, config }: { readonly frontend: Half; readonly backend: Half; readonly config: Config | null },
  world: World,
  asker: Asker,
): Promise<Settled> {
  const local = config?.targets?.local;
  const url = async (flag: 'auth' | 'api' | 'mcp', question: string, known: string | undefined, usual: string) => {
    const said = options[flag];
    const wrong = said === undefined ? null : baseUrl.judge(said);
    if (wrong !== null) throw usage(`--${flag} ${wrong}`);
    return (said ?? readable(known) ?? (await asker.text(question, usual, baseUrl.judge))).replace(/\/+$/, '');
  };
  const prefix = frontend.service.loader === 'vite' ? 'VITE_' : 'NEXT_PUBLIC_';
  const seen = (half: Half, ...names: string[]) => names.map((name) => half.value(name)?.reveal()).find(Boolean);
  const written = seen(frontend, 'BETTER_AUTH_URL', `${prefix}BETTER_AUTH_URL`);
  const frontendUrl = await url('auth', 'URL of the frontend', written ?? local?.auth, 'http://localhost:3000');
  const api = await url(
    'api',
    'URL of the API',
    seen(frontend, `${prefix}API_URL`) ?? local?.api,
    'http://localhost:8000',
  );
  const mcp = await url('mcp', 'URL of the MCP server', seen(backend, 'MCP_SERVER_URL'), 'http://localhost:8001');
  // Better Auth adds its base path by itself
  const auth = frontendUrl.replace(/\/api\/auth$/, '');
  const environment = options.environment ?? seen(backend, 'ENVIRONMENT') ?? 'development';
  const database = await settleDatabase(options, frontend, backend, world, asker);
  const model = await settleModel(options, backend, config === null, world, asker);
  // an env file without a database URL would change, whatever the URL is
  asker.settled(options.check === true ? Exit.pending : Exit.refused);
  return { auth, api, mcp, environment, database, model };
}

/** The topics that flags speak of: what is there is changed for them, and for nothing else. */
export function wishesOf(options: Options): Wishes {
  const asked: Record<Exclude<Topic, 'secret'>, unknown> = {
    auth: options.auth,
    api: options.api,
    mcp: options.mcp,
    environment: options.environment,
    database: options.databaseUrlEnv ?? options.databaseUrlFile,
    model: options.model ?? options.modelKeyEnv ?? options.modelKeyFile,
  };
  return new Set((Object.keys(asked) as (keyof typeof asked)[]).filter((topic) => asked[topic] !== undefined));
}

async function settleDatabase(
  options: Options,
  frontend: Half,
  backend: Half,
  world: World,
  asker: Asker,
): Promise<Secret> {
  const flags = { env: options.databaseUrlEnv, file: options.databaseUrlFile };
  const said = await given('the database URL', flags, world, databaseFault);
  if (said !== null) return said;
  for (const half of [frontend, backend]) {
    const held = half.value(half.service.names.database);
    if (held !== null) return held;
  }
  const around = world.env.DATABASE_URL ?? '';
  if (around !== '' && databaseFault(around) === null) {
    world.stderr.write('lockstep: the database URL is that of DATABASE_URL in the environment\n');
    return new Secret(around);
  }
  return asker.secret('database URL', '--database-url-env NAME or --database-url-file FILE', databaseFault);
}

async function settleModel(
  options: Options,
  backend: Half,
  first: boolean,
  world: World,
  asker: Asker,
): Promise<Answers['model']> {
  const held = backend.value('AI_MODEL_PROVIDER')?.reveal();
  const known = held === 'gemini' || held === 'openai' ? held : undefined;
  const choices = [
    { value: 'none', name: 'none' },
    { value: 'gemini', name: 'Gemini' },
    { value: 'openai', name: 'OpenAI' },
  ] as const;
  const provider: Provider | 'none' =
    options.model ??
    known ??
    (first && held === undefined ? await asker.choice('model provider', choices, 'none') : 'none');
  if (provider === 'none') return null;
  const fault = (text: string) => (/\s/.test(text) || text === '' ? 'must be one word' : null);
  const flags = { env: options.modelKeyEnv, file: options.modelKeyFile };
  const name = keyNames[provider];
  const key = (await given('the key', flags, world, fault)) ?? backend.value(name);
  return { provider, key: key ?? (await asker.secret(name, '--model-key-env NAME or --model-key-file FILE', fault)) };
}

function readable(url: string | undefined): string | undefined {
  return url !== undefined && baseUrl.judge(url) === null ? url : undefined;
}
