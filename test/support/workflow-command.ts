/** A command as the runner of GitHub Actions takes it from a line of a log. */
interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const registered = [
  ...['add-mask', 'add-matcher', 'add-path', 'debug', 'echo', 'endgroup', 'error', 'group', 'notice'],
  ...['remove-matcher', 'save-state', 'set-env', 'set-output', 'stop-commands', 'warning'],
];

/**
 * What the runner makes of a line (actions/runner, Runner.Common/ActionCommand.cs): `::name a=b,c=d::data` with white
 * space before it, or, from older days, `##[name a=b;c=d]data` anywhere in it. Null: it is shown.
 */
export function workflowCommandOf(line: string): WorkflowCommand | null {
  const [, head, data = ''] = /^\s*::(.*?)::(.*)$/s.exec(line) ?? [];
  const [, old, rest = ''] = /##\[([^\]]*)\](.*)$/s.exec(line) ?? [];
  return (head === undefined ? null : read(head, ',', data)) ?? (old === undefined ? null : read(old, ';', rest));
}

function read(head: string, between: string, data: string): WorkflowCommand | null {
  const [, name = '', told = ''] = /^(\S*)(?: (.*))?$/s.exec(head) ?? [];
  if (!registered.includes(name.toLowerCase())) return null;
  const properties = told.split(between).map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).trim(), unescaped(pair.slice(at + 1), ['%0D', '%0A', '%3A', '%2C', '%3B', '%5D', '%25'])];
  });
  return { name, properties: Object.fromEntries(properties), data: unescaped(data, ['%0D', '%0A', '%25']) };
}

/** One after the other, `%25` last. */
function unescaped(text: string, escapes: readonly string[]): string {
  return escapes.reduce((rest, spelled) => rest.replaceAll(spelled, decodeURIComponent(spelled)), text);
}
