import type { Result } from '../../../src/core/report.js';
import { checkHalves } from '../../../src/env-file/halves/check.js';
import type { Found, SeenFile, Service, Side } from '../../../src/env-file/halves/service.js';
import { openHalves } from '../../../src/env-file/halves/service.js';
import type { LoaderName } from '../../../src/env-file/loader.js';
import { loaderFor, newest } from '../../../src/env-file/loader.js';

/** 256 bits in hex; no other text of the tests has eight of its characters in a row. */
export const secret = '9f1c4e7ab02d5683e1f7c9a4d85b30e26c7fa9d0134b8e5267fd90ac3be81572';
export const other = '47d0b6e9315ac8f27e60d1b94a3cf5820e9b7d61c4af38205d7e91ba06f3c84d';

type Content = string | Uint8Array | Found;

/** One half: its files by name, `.env.local` and `.env` unless they say otherwise. */
export interface HalfScene {
  readonly loader?: LoaderName;
  readonly files: Readonly<Record<string, Content>>;
  readonly mode?: number;
  readonly tracked?: boolean;
  readonly secretName?: string;
  readonly databaseName?: string;
}

export interface Scene {
  readonly frontend?: HalfScene;
  readonly backend?: HalfScene;
  readonly shell?: Readonly<Record<string, string>>;
  /** files that no loader reads, from the checkout's folder */
  readonly siblings?: Readonly<Record<string, string>>;
}

export const healthy = {
  frontend: {
    loader: 'next',
    files: {
      '.env.local': `# made by hand\nBETTER_AUTH_SECRET=${secret}\nDATABASE_URL=postgresql://app:pass@localhost:5432/app\nBETTER_AUTH_URL=http://localhost:3000\nNEXT_PUBLIC_BETTER_AUTH_URL=http://localhost:3000\n`,
    },
  },
  backend: {
    loader: 'python-dotenv',
    files: {
      '.env': `BETTER_AUTH_SECRET=${secret}\nDATABASE_URL=postgresql+asyncpg://app:pass@127.0.0.1/app?ssl=disable\nCORS_ORIGINS=["http://localhost:3000"]\n`,
    },
  },
} as const satisfies Scene;

/** A half that holds nothing but these variables. */
export function only(variables: Readonly<Record<string, string>>): { files: Record<string, string> } {
  const text = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  return { files: { '.env': text.join('') } };
}

/** What is found in a scene; a half that it does not mention is the healthy one. */
export function look(scene: Scene): readonly Result[] {
  const services = {
    frontend: service('frontend', scene.frontend ?? healthy.frontend),
    backend: service('backend', scene.backend ?? healthy.backend),
  };
  const siblings = Object.entries(scene.siblings ?? {}).map(([path, text]) => seen(path, text, 0o600, null));
  return checkHalves(openHalves(services, scene.shell ?? {}), {
    key: () => new Uint8Array(32).fill(7),
    siblings,
    learn: () => {},
  });
}

export function codes(results: readonly Result[]): string[] {
  return results.flatMap(({ findings }) => findings.map(({ code }) => code));
}

function service(
  side: Side,
  {
    loader = side === 'frontend' ? 'next' : 'python-dotenv',
    files,
    mode = 0o600,
    tracked = false,
    secretName,
    databaseName,
  }: HalfScene,
): Service {
  const dialects = { node: 'classic', python: 'older', docker: 'kept' } as const;
  const seenFiles = Object.entries(files).map(([name, content]) => seen(`${side}/${name}`, content, mode, tracked));
  const names = { secret: secretName ?? null, database: databaseName ?? null };
  return {
    side,
    loader: loaderFor(loader, newest),
    otherRelease: loaderFor(loader, dialects),
    files: seenFiles,
    names,
  };
}

function seen(path: string, content: Content, mode: number, tracked: boolean | null): SeenFile {
  if (typeof content !== 'string' && 'kind' in content) return { path, found: content, tracked };
  return { path, found: { kind: 'file', bytes: Buffer.from(content), mode, linked: false }, tracked };
}
