import type { Config } from '../../config/schema.js';
import { changedConfig, entry, newConfig } from '../../setup/lockstep-json.js';
import type { Services } from '../../setup/plan.js';
import { sides } from '../../setup/service.js';
import type { Settled } from './answers.js';
import type { Options } from './options.js';

type Change = readonly [path: readonly string[], value: unknown];

/** The text of lockstep.json after this run: new, or the old one with what it lacks and what flags say otherwise. */
export function configText(
  old: { readonly text: string; readonly config: Config } | null,
  services: Services,
  { auth, api }: Settled,
  options: Options,
): string {
  const base = new URL(auth).pathname === '/' ? `${auth}/api/auth` : auth;
  if (old === null) return newConfig({ ...services, auth: base, api });
  const { config, text } = old;
  const list: Change[] = [];
  for (const side of sides) {
    const service = services[side];
    const written = config.services?.[side];
    if (written === undefined) {
      list.push([['services', side], entry(service)]);
      continue;
    }
    const flag = (name: string) => options[`${side}${name}` as keyof Options] !== undefined;
    const at = (...path: string[]) => ['services', side, ...path];
    const { dir, loader, env, driver, names } = service;
    if (flag('Dir') && trimmed(written.dir) !== dir) list.push([at('dir'), dir]);
    if (flag('Loader') && written.loader !== loader) list.push([at('loader'), loader]);
    if (flag('Env') && written.env !== env) list.push([at('env'), env]);
    if (flag('Driver') && written.driver !== driver) list.push([at('driver'), driver]);
    if (flag('SecretName') && written.names?.secret !== names.secret) list.push([at('names', 'secret'), names.secret]);
    if (flag('DatabaseName') && written.names?.database !== names.database) {
      list.push([at('names', 'database'), names.database]);
    }
  }
  const local = config.targets?.local;
  if (config.targets === undefined) list.push([['targets'], { local: { auth: base, api } }]);
  else if (local !== undefined) {
    if (options.auth !== undefined && local.auth !== base) list.push([['targets', 'local', 'auth'], base]);
    if (options.api !== undefined && local.api !== api) list.push([['targets', 'local', 'api'], api]);
  }
  return changedConfig(text, list);
}

function trimmed(dir: string): string {
  return dir.replace(/^\.\/(?=.)/, '').replace(/\/+$/, '');
}
