import { checks } from 'virtual:checks';
import { rules } from 'virtual:rules';
import { usage } from '../core/errors.js';
import type { ExitCode } from '../core/exit.js';
import { Exit } from '../core/exit.js';
import { nearest } from '../core/nearest.js';
import { openStyle } from '../io/coloured.js';
import { renderTopic, renderTopics, renderTopicsJson } from '../report/explain.js';
import type { Topic } from '../report/topics.js';
import { topicsOf } from '../report/topics.js';
import { defineCommand } from './command.js';

interface Options {
  readonly json?: boolean;
}

export default defineCommand<Options>({
  declare(commander) {
    commander
      .argument('[code]', 'a code of a finding, a check, a rule, or a group of them; nothing lists all')
      .option('--json', 'one JSON object on stdout')
      .addHelpText(
        'after',
        '\nExamples:\n  $ lockstep explain token/fetch\n  $ lockstep explain env/secret.differs\n  $ lockstep explain diagnose',
      );
  },
  async run({ options, args, world }): Promise<ExitCode> {
    const topics = topicsOf(checks, rules);
    const { found, code } = look(args[0], topics);
    if (options.json === true) world.stdout.write(renderTopicsJson(found));
    else if (found.length !== 1 || args[0] === undefined) world.stdout.write(renderTopics(found));
    else world.stdout.write(renderTopic(found[0] as Topic, code, await openStyle(world.stdout, world.env)));
    return Exit.ok;
  },
});

/** The topics that a word means; `code` where it is that of a single problem. */
function look(word: string | undefined, topics: readonly Topic[]): { found: readonly Topic[]; code: string | null } {
  if (word === undefined) return { found: topics, code: null };
  const exact = topics.filter(({ id }) => id === word || id === `diagnose/${word}`);
  if (exact.length > 0) return { found: exact, code: null };
  const holding = topics.filter(({ problems }) => problems.some(({ code }) => code === word));
  if (holding.length > 0) return { found: holding, code: word };
  const group = topics.filter(({ id }) => id.startsWith(`${word}/`));
  if (group.length > 0) return { found: group, code: null };
  const known = topics.flatMap(({ id, problems }) => [id, ...problems.map(({ code }) => code)]);
  const groups = new Set(topics.map(({ id }) => id.slice(0, id.indexOf('/'))));
  const near = nearest(word, [...groups, ...known]);
  throw usage(
    `nothing is known of '${word}'${near === null ? '' : `\n(Did you mean ${near}?)`}`,
    near === null ? 'lockstep explain' : `lockstep explain ${near}`,
  );
}
