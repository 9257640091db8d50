import type { Style } from '../core/style.js';
import type { Topic, TopicProblem } from './topics.js';

const width = 78;

/** One topic for a person, whole or with one of its problems alone. */
export function renderTopic(topic: Topic, code: string | null, style: Style): string {
  const label = Math.max(0, ...topic.facts.map(([name]) => name.length));
  const shown = topic.problems.filter((problem) => code === null || problem.code === code);
  const lines = [
    `${style.strong(topic.id)}  ${topic.title}`,
    ...topic.facts.flatMap(([name, words]) => folded(words, `  ${style.quiet(name.padEnd(label))}  `, label + 4)),
    '',
    ...shown.flatMap((problem) => [...problemLines(problem, style), '']),
    `${style.quiet('asked by')} ${topic.command}`,
  ];
  return `${lines.join('\n')}\n`;
}

function problemLines({ code, level, text, means, fix, proof }: TopicProblem, style: Style): string[] {
  const paint = level === 'fail' || level === 'proven' ? style.bad : style.doubtful;
  return [
    `  ${paint(code)}  ${style.quiet(level)}`,
    ...folded(text, '    ', 4),
    ...(means === undefined ? [] : folded(means, `    ${style.quiet('so')} `, 7)),
    ...fix.flatMap((step) => folded(step, `    ${style.quiet('→')} `, 6)),
    ...(proof === undefined ? [] : folded(proof, `    ${style.quiet('proof')} `, 10)),
  ];
}

/** One line a topic, for those whose id begins with a group or for all. */
export function renderTopics(topics: readonly Topic[]): string {
  const column = Math.max(0, ...topics.map(({ id }) => id.length));
  return topics.map(({ id, title }) => `${id.padEnd(column)}  ${title}\n`).join('');
}

/** `{ schemaVersion, command, topics }`: the declarations as they are. */
export function renderTopicsJson(topics: readonly Topic[]): string {
  const shown = topics.map(({ facts, ...topic }) => ({ ...topic, facts: Object.fromEntries(facts) }));
  return `${JSON.stringify({ schemaVersion: 1, command: 'explain', outcome: 'ok', topics: shown }, null, 2)}\n`;
}

/** Words over as many lines as they need, the first after `head`, the others as far in. */
function folded(text: string, head: string, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((each, i) => (i === 0 ? head + each : ' '.repeat(indent) + each));
}
