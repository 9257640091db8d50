import { loadConfig } from '../../config/load.js';
import type { Mistake } from '../../config/mistake.js';
import { ConfigError, originText } from '../../config/mistake.js';
import type { Parsed } from '../../config/parse.js';
import { settle } from '../../config/settle.js';
import type { Flags, Setting } from '../../config/sources.js';
import { given, ways } from '../../config/sources.js';
import { usage } from '../../core/errors.js';
import type { ExitCode } from '../../core/exit.js';
import { Exit } from '../../core/exit.js';
import { openStyle } from '../../io/coloured.js';
import { renderSettings, renderSettingsJson } from '../../report/settings.js';
import { defineCommand } from '../command.js';

interface Options extends Flags {
  readonly origin?: boolean;
  readonly json?: boolean;
}

export default defineCommand<Options>({
  declare(commander) {
    commander
      .option('--origin', 'say beside each setting where it was written')
      .option('--json', 'one JSON object on stdout')
      .option('--production', 'treat it as production')
      .option('--no-production', 'treat it as no production');
    for (const [name, { flag }] of Object.entries(ways())) {
      if (flag !== null) commander.option(`${flag} <value>`, `${name}, as a flag would give it to another command`);
    }
    commander.addHelpText(
      'after',
      '\nExamples:\n  $ lockstep config show --origin\n  $ lockstep config show --target staging --json',
    );
  },
  async run({ options, world }): Promise<ExitCode> {
    const parsed = await loadConfig(world, given('config', options, world.env)?.value);
    const settings = [...services(parsed), ...targetOf(parsed, options, world.env)];
    if (settings.length === 0) throw usage('nothing is configured here', 'lockstep init');
    const shown = settings.map(({ name, value, origin }) => ({ name, value, origin: originText(origin) }));
    world.stdout.write(
      options.json === true
        ? renderSettingsJson(shown)
        : renderSettings(shown, options.origin === true, await openStyle(world.stdout, world.env)),
    );
    return Exit.ok;
  },
});

/** A file may speak of the checkout alone: then there is no target to show, and no mistake in that. */
function targetOf(parsed: Parsed | null, flags: Flags, env: Parameters<typeof settle>[2]): readonly Setting[] {
  const asked = (['target', 'auth', 'api'] as const).some((name) => given(name, flags, env) !== null);
  const written = Object.keys(parsed?.config?.targets ?? {}).length > 0;
  const mistakes: readonly Mistake[] = parsed?.mistakes ?? [];
  if (!asked && !written && mistakes.length === 0) return [];
  if (!asked && !written) throw new ConfigError([...mistakes]);
  const { target, settings } = settle(parsed, flags, env);
  const named = given('target', flags, env);
  return [{ name: 'target', value: target.name, origin: named?.origin ?? { kind: 'default' } }, ...settings];
}

function services(parsed: Parsed | null): Setting[] {
  return leaves(parsed?.config?.services ?? {}, ['services']).map(({ path, value }) => ({
    name: path.join('.'),
    value,
    origin: parsed?.origin(path) ?? { kind: 'default' },
  }));
}

function leaves(value: object, path: readonly string[]): { path: string[]; value: unknown }[] {
  return Object.entries(value).flatMap(([name, child]: [string, unknown]) => {
    const own = [...path, name];
    return typeof child === 'object' && child !== null ? leaves(child, own) : [{ path: own, value: child }];
  });
}
