import { writeFileSync } from 'node:fs';
import { checks } from 'virtual:checks';
import { rules } from 'virtual:rules';
import { schemaJson } from './config/schema-json.js';
import { ways } from './config/sources.js';
import { checksPage, configPage, diagnosisPage, exitCodesPage } from './report/pages.js';
import { topicsOf } from './report/topics.js';

/** The pages of docs/ that follow from the declarations, by their file. */
export function pages(): Record<string, string> {
  const topics = topicsOf(checks, rules);
  return {
    'docs/checks.md': checksPage(topics),
    'docs/diagnosis.md': diagnosisPage(topics),
    'docs/exit-codes.md': exitCodesPage(),
    'docs/config.md': configPage(JSON.parse(schemaJson()), ways()),
  };
}

/** `npm run docs`, in the package's folder. */
export function writeDocs(): void {
  for (const [file, text] of Object.entries(pages())) writeFileSync(file, text);
}
