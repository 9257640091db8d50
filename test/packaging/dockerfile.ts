import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** What an image is made of by a Dockerfile, as far as that can be done without an engine: on this system, as this user. */
export interface Image {
  /** the folder that stands for / */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly workdir: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
}

/**
 * Carries out the instructions of a Dockerfile one after the other, each stage in a folder of its own below `folder`. What
 * it does not know throws: a step that is passed over would be one that nobody tried. RUN has `env` beside that of the stage.
 */
export function replay(
  file: string,
  {
    context,
    folder,
    env = {},
  }: { readonly context: string; readonly folder: string; readonly env?: NodeJS.ProcessEnv },
): Image {
  const stages = new Map<string, string>();
  let image: Image | undefined;
  for (const { name, rest } of instructions(readFileSync(file, 'utf8'))) {
    const words = rest.split(/\s+/);
    if (name === 'FROM') {
      const root = path.join(folder, `stage-${stages.size}`);
      mkdirSync(path.join(root, 'tmp'), { recursive: true });
      stages.set(words[1]?.toUpperCase() === 'AS' ? (words[2] ?? '') : String(stages.size), root);
      image = { root, env: {}, user: 'root', workdir: '/', entrypoint: [], cmd: [] };
      continue;
    }
    if (image === undefined) throw new Error(`${name} before FROM`);
    image = { ...image, ...step(name, words, rest) };
  }
  if (image === undefined) throw new Error('no stage');
  return image;

  function step(name: string, words: readonly string[], rest: string): Partial<Image> {
    const { root, env: own, workdir } = image as Image;
    const inside = (place: string) => path.join(root, path.resolve(workdir, place));
    switch (name) {
      case 'ENV':
        return { env: { ...own, ...Object.fromEntries(words.map((word) => word.split(/=(.*)/s).slice(0, 2))) } };
      case 'USER':
        return { user: rest };
      case 'WORKDIR':
        mkdirSync(inside(rest), { recursive: true });
        return { workdir: path.resolve(workdir, rest) };
      case 'ENTRYPOINT':
        return { entrypoint: JSON.parse(rest) };
      case 'CMD':
        return { cmd: JSON.parse(rest) };
      case 'RUN': {
        const { status, stdout, stderr } = spawnSync('sh', ['-c', rest], {
          cwd: inside('.'),
          env: { ...process.env, ...own, ...env },
          encoding: 'utf8',
        });
        if (status !== 0) throw new Error(`RUN ${rest}: ${stdout}${stderr}`);
        return {};
      }
      case 'COPY': {
        const from = /^--from=(.*)$/.exec(words[0] ?? '')?.[1];
        const [to = '', ...sources] = words.slice(from === undefined ? 0 : 1).toReversed();
        const origin = from === undefined ? context : stages.get(from);
        if (origin === undefined) throw new Error(`COPY from ${from}: there is no such stage`);
        const out = from === undefined ? ignored(`${file}.dockerignore`) : () => false;
        for (const source of sources) {
          // into a folder where several come, or where one is meant; a folder comes as what is in it
          const place = to.endsWith('/') && source.includes('/') ? path.join(to, path.basename(source)) : to;
          const whole = path.join(origin, source);
          cpSync(whole, inside(place), {
            recursive: true,
            verbatimSymlinks: true,
            filter: (each) => !out(path.relative(origin, each)),
          });
        }
        return {};
      }
      default:
        throw new Error(`${name} is not known here`);
    }
  }
}

function instructions(text: string): Instruction[] {
  return text
    .replaceAll(/\\\n/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
      return { name: name.toUpperCase(), rest: rest.trim() };
    });
}

/** By the patterns of a .dockerignore: names at the top, and names anywhere after `**` and a slash. */
function ignored(file: string): (name: string) => boolean {
  const patterns = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, anywhere, name = ''] = /^(\*\*\/)?([\w.*-]+)$/.exec(line) ?? [];
      if (name === '') throw new Error(`${line} is not known here`);
      const glob = name.replaceAll('.', '\\.').replaceAll('*', '[^/]*');
      return new RegExp(`${anywhere === undefined ? '^' : '(^|/)'}${glob}$`);
    });
  return (name) => patterns.some((pattern) => pattern.test(name));
}
