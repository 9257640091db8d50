import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { originText } from '../../src/config/mistake.js';
import { parseConfig } from '../../src/config/parse.js';
import { schemaJson } from '../../src/config/schema-json.js';
import { wrongFiles } from './mistakes.js';

const editor = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(schemaJson()));
const example = readFileSync(path.join(import.meta.dirname, 'example.jsonc'), 'utf8');

function told(text: string): string[] {
  const { mistakes } = parseConfig({ name: 'f', text });
  return mistakes.map((m) => `${originText(m.origin).replace(/^f:/, '')}  ${m.text}`);
}

describe('lockstep.json that is wrong', () => {
  for (const [title, row] of Object.entries(wrongFiles)) {
    it(`tells all of ${title}`, () => {
      expect(told(row.file)).toEqual(row.told);
      expect(parseConfig({ name: 'f', text: row.file }).config).toBeNull();
    });
  }

  for (const [title, { file }] of Object.entries(wrongFiles).filter(([, row]) => row.editor === 'refuses')) {
    it(`shows ${title} in an editor`, () => {
      // what an editor parses: without the byte order mark, and with __proto__ as a key like any other
      const value: unknown = title.includes('prototype') ? JSON.parse(file) : parse(file.replace('\ufeff', ''));
      expect(editor(value)).toBe(false);
    });
  }
});

describe('an excerpt', () => {
  function excerpts(text: string): string[] {
    return parseConfig({ name: 'f', text }).mistakes.map(({ excerpt }) => excerpt ?? '');
  }

  it('shows the line without its indent, a caret below the mistake, and no value', () => {
    const file = '{\n\t"targets": {\n\t\t"local": { "tokne": 1, "auth": "http://x" } // here\n\t}\n}';
    expect(excerpts(file)).toEqual(['     3 | "local": { "tokne": …, "auth": "…" } // …\n       |            ^^^^^^^']);
  });

  it('shows, of a text that is no JSON, only keys that are words of ours', () => {
    expect(excerpts('{ "password" "hunter2": "x" }')).toEqual([
      '     1 | { "password" "…": "…" }\n       |              ^^^',
    ]);
  });

  it('shows the part of a long line that matters', () => {
    const many = Array.from({ length: 200 }, (_, i) => `"t${i}": {}`).join(', ');
    const [excerpt = ''] = excerpts(`{ "targets": { ${many}, "last": 1, ${many.replaceAll('"t', '"u')} } }`);
    const [line = '', caret = ''] = excerpt.split('\n');
    expect(line.length).toBeLessThan(120);
    expect(line.slice(caret.indexOf('^'))).toMatch(/^…, "u0"/);
  });

  it('cannot move a cursor', () => {
    const [excerpt = ''] = excerpts('{ "\\u001b[2J\\u202e": 1 }');
    expect(excerpt).toContain('\\u{1b}[2J\\u{202e}');
  });
});

describe('the example of the documentation', () => {
  it('is understood, with its comments', () => {
    expect(told(example)).toEqual([]);
    const { config } = parseConfig({ name: 'f', text: example });
    expect(config?.services?.backend?.driver).toBe('asyncpg');
    expect(config?.targets?.local?.routes?.socket?.ack).toEqual({ type: 'ready' });
  });

  it('is valid in an editor', () => {
    editor(parse(example));
    expect(editor.errors).toBeNull();
  });

  it('says of every setting what it is', () => {
    const undescribed: string[] = [];
    const walk = (node: unknown, at: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key !== 'properties') walk(value, at);
        else
          for (const [name, property] of Object.entries(value as Record<string, { description?: string }>)) {
            if (property.description === undefined) undescribed.push(`${at}/${name}`);
            walk(property, `${at}/${name}`);
          }
      }
    };
    walk(JSON.parse(schemaJson()), '');
    // the sides and the users are told apart by their names alone
    expect(undescribed.map((each) => each.split('/').at(-1)).filter((name) => name !== undefined)).toEqual([
      'frontend',
      'backend',
      'a',
      'b',
    ]);
  });
});
