import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';

it('leaves a folder', () => {
  expect(mkdtempSync(path.join(tmpdir(), 'planted-'))).toContain('planted-');
});
