import type { Trust } from '../../src/demo/protocol.js';
import type { Cause, Content, Scene } from './cause.js';
import type { Ground, Running, Said } from './ground.js';
import { readBy } from './loaders.js';

/** A frontend that stands already, and what it was started with. */
interface Standing {
  readonly key: string;
  readonly running: Running;
}

/** Builds one cause after the other on one ground; a frontend that the next cause needs alike is left standing. */
export class Builder {
  readonly #ground: Ground;
  #standing: Standing | null = null;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  async diagnose(cause: Cause, trust: Trust): Promise<Said> {
    const ground = this.#ground;
    ground.clear();
    const frontend = await this.#frontend(cause, trust);
    const a = await ground.person(frontend.url, 'a');
    const b = await ground.person(frontend.url, 'b');
    for (const [name, text] of Object.entries(cause.files ?? {})) ground.write(name, text);
    const backend = await this.#backend(cause, trust, frontend, a.email);
    let scene: Scene = { ground, frontend, backend };
    try {
      if (cause.after !== undefined) scene = { ...scene, ...(await cause.after(scene)) };
      const account = cause.account === false ? [] : ['--user-a', a.email, '--user-b', b.email];
      const args = [
        ...['--json', '--auth', scene.frontend.url, '--api', scene.backend.url, ...account],
        ...['--frontend', 'frontend', '--frontend-loader', 'next', '--frontend-env', '.env.local'],
        ...['--backend', 'backend', '--backend-loader', cause.backend.loader ?? 'dotenv', '--backend-env', '.env'],
        ...['--record', 'evidence.json'],
        ...(cause.args ?? []),
      ];
      const known = { LOCKSTEP_A_PASSWORD: a.password.reveal(), LOCKSTEP_B_PASSWORD: b.password.reveal() };
      const env = { ...(cause.account === false ? {} : known), ...cause.env };
      return await ground.diagnose(args, env);
    } finally {
      await backend.stop();
      if (scene.frontend !== frontend && scene.frontend !== backend) await scene.frontend.stop();
      // what happened to it afterwards must not stay for the next
      if (cause.after !== undefined) await this.#leave();
    }
  }

  async #leave(): Promise<void> {
    await this.#standing?.running.stop();
    this.#standing = null;
    for (const name of ['jwks', 'user']) {
      const [there] = await this.#ground.sql(`select to_regclass('${name}_gone') as gone`);
      if (there?.gone !== null) await this.#ground.sql(`alter table ${name}_gone rename to "${name}"`);
    }
  }

  async #frontend({ frontend }: Cause, trust: Trust): Promise<Running> {
    const ground = this.#ground;
    const { file, shell = {}, faults = [], rowsOf } = frontend;
    const key = JSON.stringify({ file: String(file), shell, faults, rowsOf, trust });
    if (this.#standing?.key === key) {
      this.#write(file);
      return this.#standing.running;
    }
    await this.#leave();
    await ground.sql('delete from jwks');
    if (rowsOf !== undefined) await this.#makeRows(rowsOf);
    const held = await ground.port();
    const url = `http://localhost:${held.port}`;
    const rest = {
      DATABASE_URL: ground.databaseUrl,
      BETTER_AUTH_URL: url,
      NEXT_PUBLIC_API_URL: 'http://localhost:9',
      NEXT_PUBLIC_BETTER_AUTH_URL: url,
    };
    ground.rest = Object.entries(rest)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');
    this.#write(file);
    const exported = typeof file === 'string' ? shell : { ...rest, ...shell };
    const running = await ground.frontend(held, trust, exported, faults);
    this.#standing = { key, running };
    return running;
  }

  #write(file: Content): void {
    this.#ground.write('frontend/.env.local', typeof file === 'string' ? this.#ground.rest + file : file);
  }

  /** The key in jwks, as a process with another secret left it. */
  async #makeRows(env: Readonly<Record<string, string>>): Promise<void> {
    const ground = this.#ground;
    const held = await ground.port();
    const rest = {
      DATABASE_URL: ground.databaseUrl,
      BETTER_AUTH_URL: `http://localhost:${held.port}`,
      NEXT_PUBLIC_API_URL: 'http://localhost:9',
    };
    ground.write('frontend/.env.local', '');
    const former = await ground.frontend(held, 'jwks', { ...rest, ...env }, []);
    await former.stop();
  }

  async #backend({ backend }: Cause, trust: Trust, frontend: Running, email: string): Promise<Running> {
    const { file, loader = 'dotenv', startedBy = loader, env = {} } = backend;
    const where = this.#ground.write(
      'backend/.env',
      typeof file === 'string' ? `BETTER_AUTH_URL=${frontend.url}\n${file}` : file,
    );
    const jwks = { API_TRUST: trust, API_JWKS_URL: `${frontend.url}/api/auth/jwks` };
    const own = typeof env === 'function' ? env(frontend, email) : env;
    return this.#ground.backend({ ...readBy(startedBy, where), ...jwks, ...own });
  }
}
