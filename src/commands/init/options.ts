import type { Command as Commander } from 'commander';
import { loaderNames } from '../../env-file/loader.js';

/** The flags of `lockstep init`, as commander spells them. */
export interface Options {
  readonly frontendDir?: string;
  readonly backendDir?: string;
  readonly frontendLoader?: (typeof loaderNames)[number];
  readonly backendLoader?: (typeof loaderNames)[number];
  readonly frontendEnv?: string;
  readonly backendEnv?: string;
  readonly frontendSecretName?: string;
  readonly backendSecretName?: string;
  readonly frontendDatabaseName?: string;
  readonly backendDatabaseName?: string;
  readonly backendDriver?: 'pg' | 'asyncpg' | 'psycopg';
  readonly auth?: string;
  readonly api?: string;
  readonly mcp?: string;
  readonly environment?: string;
  readonly databaseUrlEnv?: string;
  readonly databaseUrlFile?: string;
  readonly model?: 'gemini' | 'openai' | 'none';
  readonly modelKeyEnv?: string;
  readonly modelKeyFile?: string;
  readonly adopt?: 'frontend' | 'backend';
  readonly replaceSecret?: boolean;
  readonly confirm?: string;
  readonly check?: boolean;
  readonly follow?: boolean;
  readonly yes?: boolean;
  /** false with --no-input */
  readonly input: boolean;
  readonly json?: boolean;
}

export function declareOptions(commander: Commander): void {
  const choice = (flags: string, description: string, choices: readonly string[]) =>
    commander.addOption(commander.createOption(flags, description).choices(choices));
  commander
    .option('--frontend-dir <dir>', 'folder of the half that runs Better Auth')
    .option('--backend-dir <dir>', 'folder of the API');
  choice('--frontend-loader <loader>', 'what reads its env files', loaderNames);
  choice('--backend-loader <loader>', 'what reads its env files', loaderNames);
  commander
    .option('--frontend-env <file>', 'env file to write, from its folder')
    .option('--backend-env <file>', 'env file to write, from its folder')
    .option('--frontend-secret-name <name>', 'its name for the shared secret (usually BETTER_AUTH_SECRET)')
    .option('--backend-secret-name <name>', 'its name for the shared secret, such as JWT_SECRET')
    .option('--frontend-database-name <name>', 'its name for the database URL (usually DATABASE_URL)')
    .option('--backend-database-name <name>', 'its name for the database URL');
  choice('--backend-driver <driver>', 'decides how its database URL is written', ['pg', 'asyncpg', 'psycopg']);
  commander
    .option('--auth <url>', 'URL of the frontend, where Better Auth runs (http://localhost:3000)')
    .option('--api <url>', 'URL of the API (http://localhost:8000)')
    .option('--mcp <url>', 'URL of the MCP server (http://localhost:8001)')
    .option('--environment <name>', "the API's ENVIRONMENT (development)")
    .option('--database-url-env <name>', 'variable that holds the database URL; DATABASE_URL serves by itself')
    .option('--database-url-file <file>', 'file that holds the database URL; - is standard input');
  choice('--model <provider>', 'model behind the chat', ['gemini', 'openai', 'none']);
  commander
    .option('--model-key-env <name>', 'variable that holds the key of the model provider')
    .option('--model-key-file <file>', 'file that holds it; - is standard input');
  choice('--adopt <side>', 'where the secrets differ, give both the one of this side', ['frontend', 'backend']);
  commander
    .option('--replace-secret', 'a new secret in place of those that are there; needs --confirm')
    .option('--confirm <name>', 'the name of the secret, typed')
    .option('--check', 'write nothing; exit 4 when something would change')
    .option('--follow', 'write to what a symbolic link leads to')
    .option('--yes', 'write without asking')
    .option('--no-input', 'never ask; a missing answer ends with exit 5')
    .option('--json', 'one JSON object on stdout; never asks');
}
