import { Secret } from '../core/secret.js';
import { forDriver } from './database-url.js';
import type { Service } from './service.js';

export type Provider = 'gemini' | 'openai';

/** All that the two env files are made from. */
export interface Answers {
  readonly secret: Secret;
  /** in any dialect */
  readonly database: Secret;
  /** origins and base URLs without a slash at the end */
  readonly auth: string;
  readonly api: string;
  readonly mcp: string;
  readonly environment: string;
  readonly model: { readonly provider: Provider; readonly key: Secret } | null;
}

/** What a variable is made from; a flag for it is a wish to change it. */
export type Topic = 'secret' | 'database' | 'auth' | 'api' | 'mcp' | 'environment' | 'model';

/** One variable of one side. */
export interface Variable {
  readonly name: string;
  readonly topic: Topic;
  readonly value: string | Secret;
  /** what `.env.example` says */
  readonly example: string;
  /** how a wish changes what is there, where it does not simply take its place */
  readonly merge?: (present: string) => string;
}

export interface VariableGroup {
  readonly comment: string;
  readonly variables: readonly Variable[];
}

const comments = {
  secret: 'Better Auth: the secret must be the same in the frontend and the backend',
  browser: 'what the browser may know',
  server: 'the API',
  model: 'the model behind the chat',
  mcp: 'the MCP server',
} as const;

/** What the env file of a side must say, in the order of a fresh file. */
export function variablesOf(service: Service, answers: Answers): VariableGroup[] {
  const { names, driver, side } = service;
  const database: Variable = {
    name: names.database,
    topic: 'database',
    value: forDriver(answers.database, driver),
    example: forDriver(new Secret('postgresql://user:password@localhost:5432/database'), driver).reveal(),
  };
  const secret: Variable = { name: names.secret, topic: 'secret', value: answers.secret, example: '' };
  const plain = (name: string, topic: Topic, value: string): Variable => ({ name, topic, value, example: value });
  const { auth, api, mcp, environment } = answers;
  if (side === 'frontend') {
    const prefix = service.loader === 'vite' ? 'VITE_' : 'NEXT_PUBLIC_';
    return [
      { comment: "the database: the same as the backend's", variables: [database] },
      { comment: comments.secret, variables: [secret, plain('BETTER_AUTH_URL', 'auth', auth)] },
      {
        comment: comments.browser,
        variables: [plain(`${prefix}API_URL`, 'api', api), plain(`${prefix}BETTER_AUTH_URL`, 'auth', auth)],
      },
    ];
  }
  const { origin } = new URL(auth);
  const cors = { ...plain('CORS_ORIGINS', 'auth', JSON.stringify([origin])), merge: withOrigin(origin) };
  return [
    { comment: "the database: the same as the frontend's", variables: [database] },
    { comment: comments.secret, variables: [secret] },
    {
      comment: comments.server,
      variables: [plain('ENVIRONMENT', 'environment', environment), cors],
    },
    ...modelGroup(answers),
    { comment: comments.mcp, variables: [plain('MCP_SERVER_URL', 'mcp', mcp)] },
  ];
}

/** A JSON list with an origin more; what is no such list is left as it is. */
function withOrigin(origin: string): (present: string) => string {
  return (present) => {
    try {
      const list: unknown = JSON.parse(present);
      return Array.isArray(list) && !list.includes(origin) ? JSON.stringify([...list, origin]) : present;
    } catch {
      return present;
    }
  };
}

export const keyNames: Readonly<Record<Provider, string>> = { gemini: 'GEMINI_API_KEY', openai: 'OPENAI_API_KEY' };

function modelGroup({ model }: Answers): VariableGroup[] {
  if (model === null) return [];
  const { provider, key } = model;
  const variables = [
    { name: 'AI_MODEL_PROVIDER', topic: 'model', value: provider, example: provider },
    { name: keyNames[provider], topic: 'model', value: key, example: '' },
  ] as const;
  return [{ comment: comments.model, variables }];
}

/** What `.env.example` of a side says: the same, and what may be left out as well. */
export function examplesOf(service: Service, answers: Answers): VariableGroup[] {
  const groups = variablesOf(service, answers);
  if (service.side === 'frontend') return groups;
  const names = ['AI_MODEL_PROVIDER', ...Object.values(keyNames)];
  const variables = names.map((name) => ({ name, topic: 'model', value: '', example: '' }) as const);
  const model = { comment: `${comments.model}, which may be left out: gemini or openai, and its key`, variables };
  return [...groups.filter(({ comment }) => comment !== comments.model), model];
}
