import type { Finding } from '../core/finding.js';
import type { Result } from '../core/report.js';

/** Findings as SARIF 2.1.0, which code scanning services show beside the line. Paths are from the current folder. */
export function renderSarif(results: readonly Result[], version: string): string {
  const findings = results.flatMap((result) => result.findings);
  const rules = [...new Map(findings.map((finding) => [finding.code, finding])).values()].map(({ code, hint }) => ({
    id: code,
    ...(hint === undefined ? {} : { help: { text: hint } }),
  }));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'lockstep', version, rules } },
        results: findings.map(({ code, level, text, data }) => ({
          ruleId: code,
          level: level === 'fail' ? 'error' : 'warning',
          message: { text },
          ...(located(data) === null ? {} : { locations: [located(data)] }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function located({ file, line, column }: Finding['data']) {
  if (typeof file !== 'string') return null;
  const region =
    typeof line === 'number' && typeof column === 'number' ? { region: { startLine: line, startColumn: column } } : {};
  return {
    physicalLocation: { artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') }, ...region },
  };
}
