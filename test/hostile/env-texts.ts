// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of env files, not templates
const mebi = 1_048_576;

/** The same again and again, up to so many characters. */
export const fill = (text: string, size = mebi - 1024) => text.repeat(Math.floor(size / text.length));
/** So many lines as are read at most, or a megabyte of them. */
const lines = (most: number, line: (n: number) => string) =>
  Array.from({ length: most }, (_, n) => line(n))
    .join('\n')
    .slice(0, mebi - 1024);
const doubled = (n: number) => `${'B'.repeat(n + 1)}=${`\${${n === 0 ? 'A' : 'B'.repeat(n)}}`.repeat(2)}`;

/** Env files that want to fill the memory of whoever reads them, each within what is read. */
export const envTexts: Readonly<Record<string, string>> = {
  'short lines': fill('A1=b\n'),
  'nothing but newlines': fill('\n'),
  'as many names as are read': lines(4_900, (n) => `N${n}=${'v'.repeat(200)}`),
  'as many secrets': lines(1_990, (n) => `SECRET_${n}=${n}${'v'.repeat(480)}`),
  'one secret again and again': lines(1_990, (n) => `BETTER_AUTH_SECRET=${n}${'v'.repeat(480)}`),
  'one value': `K=${fill('x')}`,
  'a secret of a megabyte': `BETTER_AUTH_SECRET=${fill('$A')}`,
  'quotes that are escaped': `BETTER_AUTH_SECRET="${fill('\\"')}"`,
  'a list of secrets': `BETTER_AUTH_SECRETS=${fill('1:a-secret-of-some-length,')}`,
  references: `K=${fill('${A}')}`,
  'references that double': ['A=0123456789', ...Array.from({ length: 40 }, (_, n) => doubled(n))].join('\n'),
  'many references to one long value': `A=${fill('x', mebi / 2)}\n${lines(4_900, (n) => `B${n}=\${A}`)}`,
  'one line of many assignments': fill('A= '),
  'a list of origins': `CORS_ORIGINS=[${fill('"",')}]`,
  'a database of a long name': `DATABASE_URL=postgres://${fill('a@')}`,
};
