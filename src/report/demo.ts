import type { Secret } from '../core/secret.js';

/** What a person or a script needs in order to use a demo that keeps running. */
interface Serving {
  readonly auth: string;
  readonly api: string;
  readonly socket: string;
  readonly page: string;
  readonly folder: string;
  readonly configFile: string;
  readonly users: Readonly<Record<'a' | 'b', { readonly email: string; readonly password: Secret }>>;
  readonly config: object;
}

/**
 * How to reach a demo. Here alone passwords are printed on purpose: they are random, of users that live on loopback as
 * long as the demo does, and whoever reads this is to sign in with them.
 */
export function renderServing(demo: Serving, json: boolean): string {
  const { auth, api, socket, page, folder, configFile, config } = demo;
  const { a, b } = demo.users;
  const variables = { LOCKSTEP_A_PASSWORD: a.password.reveal(), LOCKSTEP_B_PASSWORD: b.password.reveal() };
  if (json) {
    const users = { a: a.email, b: b.email };
    return `${JSON.stringify({ schemaVersion: 1, command: 'demo', outcome: 'ok', auth, api, socket, page, folder, configFile, users, variables, config }, null, 2)}\n`;
  }
  return `
page    ${page}
auth    ${auth}
api     ${api}
socket  ${socket}
files   ${folder}

user a  ${a.email}  ${variables.LOCKSTEP_A_PASSWORD}
user b  ${b.email}  ${variables.LOCKSTEP_B_PASSWORD}

lockstep.json (also at ${configFile}):
${JSON.stringify(config, null, 2)}

check it from another terminal:
  export LOCKSTEP_A_PASSWORD='${variables.LOCKSTEP_A_PASSWORD}' LOCKSTEP_B_PASSWORD='${variables.LOCKSTEP_B_PASSWORD}'
  lockstep check --config ${configFile}

Ctrl-C ends it and leaves nothing behind.
`;
}
