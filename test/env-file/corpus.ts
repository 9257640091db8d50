// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of env files, not templates
/**
 * Env files to read: every value form beside every surrounding, then files of random pieces. Names stand as a private
 * character and a letter, so that a case can be written with names of its own and many cases fit one process.
 */
const mark = '\ue000';
const K = `${mark}K`;
const J = `${mark}J`;

const values = [
  '',
  'abc',
  'abc123',
  'a#b',
  '#abc',
  'abc #c',
  'abc# c',
  'abc\t#c',
  'abc  ',
  'abc\u00a0',
  '\u00a0abc',
  'abc\u200b',
  'a b',
  'a=b',
  '=abc',
  'abc==',
  'a+b/c=',
  'ab$NOPE',
  'ab$NOPE9x',
  'ab$1cd',
  'ab${NOPE}cd',
  'ab${NOPE:-d}e',
  'ab${NOPE-d}e',
  'ab${EMPTY:-d}e',
  'ab${EMPTY-d}e',
  'ab${SET}cd',
  'ab$SET',
  'ab${SET:-d}',
  'ab${SET:+d}e',
  'ab${SET+d}e',
  'ab${NOPE:+d}e',
  'ab$\\\n{SET}cd',
  'ab$\\\nSET',
  'ab$\\\n\\\n{NOPE}d',
  'ab$\\\n{=',
  'ab$\\\ncd',
  'ab\\$NOPE',
  'ab\\\\$NOPE',
  'ab$$NOPE',
  '$',
  'ab$',
  '$ ab',
  'ab${',
  'ab${}',
  'ab}',
  '${SET',
  'a\\nb',
  'a\\rb',
  'a\\tb',
  'a\\\\b',
  'a\\"b',
  "a\\'b",
  'a\\',
  'a\\ b',
  'a"b',
  "a'b",
  'a`b',
  "it's",
  'a:b',
  'a,b',
  '~',
  '~/x',
  'a:~',
  '%20',
  '{a,b}',
  '*',
  'é',
  '日本',
  'a\u0001b',
  'a;b',
  'a&b',
  'a|b',
  '(a)',
  'a\vb',
  '!a',
  'a\u2028b',
  'postgres://u:p@h:5432/d?a=b&c=d',
  'null${null}',
  'a\u0085b',
  'abc\u001c',
  'ab${SET}${NOPE}',
  'a$SET$SET',
  '${K}',
  'a$K',
  '\\',
  "\\'",
  '\\"',
];
const quotes = ['', "'", '"', '`'];
const lines = (value: string) => [
  `${K}=${value}`,
  `${K}=${value} # note`,
  `${K}=${value}#note`,
  `${K} = ${value}`,
  `export ${K}=${value}`,
  `  ${K}=${value}  `,
  `${K}: ${value}`,
  `${K}=${value}\n${J}=\${${K}}x`,
  `${K}=${value}\n\n${J}=2 # it's\n`,
  `${J}=1\n${K}=${value}\r\n${J}=2\r\n`,
];

const wholes = [
  '',
  '\n',
  '#',
  '# only\n',
  `\ufeff${K}=abc\n${J}=d`,
  `\ufeff\n${K}=abc`,
  `${K}=abc\r${J}=d`,
  `${K}=abc\r\n${J}=d\r\n`,
  `${K}=abc\r\r\n${J}=d`,
  `${K}="a\nb"\n${J}=2`,
  `${K}='a\nb'\n${J}=2`,
  `${K}="a\r\nb"\r\n${J}=2`,
  `${K}="a\n${J}=2\n`,
  `${K}='a\n${J}=2\n`,
  `${K}="a\n${J}="b\n`,
  `${K}=\n${J}=2`,
  `${K}=\n"x"\n${J}=2`,
  `${K}\n${J}=2`,
  `${K}\n=1\n${J}=2`,
  `=x\n${J}=2`,
  `=\n${J}=2`,
  `${K}=1\n${K}=2`,
  `${K}=1\n${J}=\${${K}}\n${K}=2`,
  `${K}=1 ${J}=2`,
  `${K}=1; ${J}=2`,
  `${K}=1 ${J}`,
  `${K}+=x\n${J}=2`,
  `${K}=a\\\nb\n${J}=2`,
  `${K}="a\\\nb"\n${J}=2`,
  `${K}=a \\\n${J}=2`,
  `${mark}K-1=a\n${J}=2`,
  `${mark}K.x=a\n${J}=2`,
  `1${K}=a\n${J}=2`,
  `${K} ${J}=a`,
  `export ${K}\n${J}=2`,
  `export ${K} ${J}=2`,
  `export\t${K}=1`,
  `export  ${K}=1`,
  `exported=1\n${K}=2`,
  `${K}=\${${J}}\n${J}=\${${K}}`,
  `${K}=$${K}`,
  `${K}=x\${${K}}`,
  `${K}=x\${${K}:-y}`,
  `${K}="a" b\n${J}=2`,
  `${K}='a'b'c'\n${J}=2`,
  `${K}="a"b"c"\n${J}=2`,
  `${K}= "a"\n${J}=2`,
  `${K}="a" #b\n${J}=2`,
  `${K}="a"#b\n${J}=2`,
  `${K}=$(echo hi)\n${J}=2`,
  `${K}="$(echo hi)"\n${J}=2`,
  `${K}='$(echo hi)'\n${J}=2`,
  `${K}=\`echo hi\`\n${J}=2`,
  `${K}=\\$(echo hi)\n${J}=2`,
  `${J}=1\n${K}=a$[b\n${J}=2`,
  `${J}=1\n${K}="a$[b"\n${J}=2`,
  `${J}=1\n${K}="a$[b']"\n${J}=2`,
  `${J}=1\n${K}="a$[1+1]"\n${J}=2`,
  `${J}=1\n${K}='a$[b'\n${J}=2`,
  `${J}=1\n${K}="a\\$[b"\n${J}=2`,
  `;${K}=1\n${J}=2`,
  `#${K}=1\n${J}=2`,
  `  # ${K}=1\n${J}=2`,
  `// ${K}=1\n${J}=2`,
  `${K}=é\n${J}=2`,
  `'${K}'=a\n${J}=2`,
  `"${K}"=a\n${J}=2`,
  `${K}=a\n \n\t\n${J}=2`,
  `${K}=a\u2028${J}=2\n`,
  `${K}="a\u2028b"\n${J}=2`,
  `SET=mine\n${K}=\${SET}`,
  `SET=mine`,
  `EMPTY=mine`,
  `EMPTY=mine\n${K}=$EMPTY`,
  `${K}:\n${J}=2`,
  `${K}:a\n${J}=2`,
  `${K} : a\n${J}=2`,
  `${K}=a\n# it's\n${J}=2`,
  `${K}=a'\n# it's\n${J}=2`,
  `${K}='a\n# it's\n${J}=2`,
  `${K}={"a": "b"}\n${J}=["c", "d"]`,
  `${K}=\${${J}}\n${J}=later`,
  `${J}=early\n${K}=\${${J}}`,
  `${J}='$SET'\n${K}=$${J}`,
  `${J}=a\n${K}=$${J}_b`,
  `${J}=a\n${K}="\${${J}}_b"`,
  `${J}=\\$x\n${K}=$${J}`,
  `${K}=a # b # c`,
];

const pieces = [
  K,
  J,
  '=',
  '=',
  '=',
  'a',
  'bc',
  '1',
  ' ',
  ' ',
  '\n',
  '\n',
  '\n',
  '#',
  '"',
  "'",
  '`',
  '\\',
  '$',
  '{',
  '}',
  ':',
  '-',
  '\t',
  '\r\n',
  'export ',
  `\n${K}=`,
  `\n${J}=`,
  `\n${J}='`,
  `\n${K}="`,
  '"\n',
  "'\n",
  '$SET',
  '${NOPE}',
  `\${${K}}`,
  `$${J}`,
  '\\n',
  ' # ',
  '\u00a0',
  'é',
  ...'[]()<>;&|~%@!,.0?*^+',
];

/** mulberry32 */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `random` of the cases are made of random pieces; the others are the same at every seed. */
export function corpus(seed: number, random: number): string[] {
  const next = randomFrom(seed);
  const tabled = values.flatMap((value) =>
    quotes.flatMap((quote) => lines(value).map((_, i) => lines(`${quote}${value}${quote}`)[i] as string)),
  );
  const mixed = Array.from({ length: random }, () => {
    const length = 2 + Math.floor(next() * 14);
    const body = Array.from({ length }, () => pieces[Math.floor(next() * pieces.length)] as string).join('');
    return next() < 0.7 ? `${K}=${body}` : body;
  });
  return [...wholes, ...tabled, ...mixed];
}

/** A case with names of its own: `K` becomes `K7z`; without a number, just `K`. */
export function named(text: string, number?: number): string {
  const suffix = number === undefined ? '' : `${number}z`;
  return text.replaceAll(new RegExp(`${mark}([KJ])`, 'g'), (_, letter: string) => `${letter}${suffix}`);
}

/** What belongs to a case among the names and values of many, under the names that it has alone. */
export function unnamed(entries: Iterable<readonly [string, string]>, number: number): Record<string, string> {
  const own = new RegExp(`([KJ])${number}z`, 'g');
  const found: Record<string, string> = {};
  for (const [name, value] of entries) {
    const bare = name.replace(own, '$1');
    if (bare !== name) found[bare] = value.replace(own, '$1');
  }
  return found;
}

/** The process environment under which every case is read. */
export const environment = { HOME: '/home/x', SET: 'set$1', EMPTY: '' };
