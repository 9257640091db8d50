import { applyEdits, modify } from 'jsonc-parser';
import { lineEnd } from '../env-file/edit.js';
import type { Service } from './service.js';
import { usual } from './service.js';

/** What lockstep.json says about this checkout. `auth` is Better Auth's base URL with its path. */
export interface Written {
  readonly frontend: Service;
  readonly backend: Service;
  readonly auth: string;
  readonly api: string;
}

/** A fresh lockstep.json, JSON with comments. */
export function newConfig({ frontend, backend, auth, api }: Written): string {
  const line = (service: Service) => JSON.stringify(entry(service), null, 1).replaceAll(/\n */g, ' ');
  return `{
  // what lockstep knows of this checkout; an editor that follows $schema explains each key
  "$schema": "./node_modules/lockstep/schema.json",
  "services": {
    "frontend": ${line(frontend)},
    "backend": ${line(backend)}
  },
  "targets": {
    "local": {
      "auth": ${JSON.stringify(auth)},
      "api": ${JSON.stringify(api)}
      // "database": "env:DATABASE_URL"    with it, \`lockstep check\` looks at rows and keys as well
    }
  }
}
`;
}

/** An existing lockstep.json with what it lacks or says otherwise; comments, order and spacing stay. */
export function changedConfig(
  text: string,
  settings: readonly (readonly [path: readonly string[], value: unknown])[],
): string {
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: lineEnd(text) };
  return settings.reduce(
    (rest, [path, value]) => applyEdits(rest, modify(rest, [...path], value, { formattingOptions })),
    text,
  );
}

/** The keys of a service; what is as usual is left out. */
export function entry({ dir, loader, env, names, driver, side }: Service): Record<string, unknown> {
  const own = {
    ...(names.secret === usual.names.secret ? {} : { secret: names.secret }),
    ...(names.database === usual.names.database ? {} : { database: names.database }),
  };
  return {
    dir,
    loader,
    env,
    ...(Object.keys(own).length === 0 ? {} : { names: own }),
    ...(side === 'backend' ? { driver } : {}),
  };
}
