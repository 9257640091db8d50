import type { Finding } from '../core/finding.js';
import type { Report, Result } from '../core/report.js';
import { outcome, ruling, shortcomings, tally, worstFirst } from '../core/report.js';
import { style } from './html-style.js';
import { escaped, evidence } from './shown.js';

/**
 * As one page that a person opens, mails and prints: no script, nothing from elsewhere. The run as a timeline, what was
 * found with its evidence, and every check.
 */
export function renderHtml(report: Report): string {
  const { target, results, began, ms } = report;
  const ended = outcome(report);
  const wrong = worstFirst(results);
  const wanting = shortcomings(report);
  const when = new Date(began).toISOString();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<title>${escaped(`${ruling(report)}: lockstep check ${target.name}`)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header class="${ended}">
<p class="tool">lockstep check</p>
<h1>${escaped(ruling(report))}</h1>
<dl class="about">
<div><dt>target</dt><dd>${escaped(target.name)}</dd></div>
<div><dt>auth</dt><dd>${escaped(target.auth)}</dd></div>
<div><dt>api</dt><dd>${target.api === null ? 'none given' : escaped(target.api)}</dd></div>
<div><dt>when</dt><dd><time datetime="${when}">${when.slice(0, 19).replace('T', ' ')} UTC</time></dd></div>
<div><dt>took</dt><dd>${(ms / 1000).toFixed(1)} s</dd></div>
</dl>
<ul class="counts">${counts(report)}</ul>
</header>
<main>
${wanting.length === 0 && wrong.length === 0 ? '' : `<section aria-labelledby="wrong"><h2 id="wrong">What was found</h2>\n${wanting.map((text) => `<p class="card fail">${escaped(text)}</p>\n`).join('')}${wrong.map(card).join('')}</section>\n`}<section aria-labelledby="run"><h2 id="run">The run</h2>
<div class="axis" aria-hidden="true"><span>0</span><span>${(ms / 2000).toFixed(1)} s</span><span>${(ms / 1000).toFixed(1)} s</span></div>
<ol class="run">
${results.map((result) => row(result, Math.max(1, ms))).join('')}</ol>
</section>
</main>
</body>
</html>
`;
}

const words = {
  fail: 'failed',
  inconclusive: 'inconclusive',
  warn: 'warned',
  pass: 'passed',
  skip: 'skipped',
} as const;
const signs = { fail: '✗', inconclusive: '?', warn: '!', pass: '✓', skip: '–' } as const;

function counts({ results }: Report): string {
  const told = tally(results);
  return (Object.keys(words) as (keyof typeof words)[])
    .filter((verdict) => told[verdict] > 0)
    .map((verdict) => `<li class="${verdict}"><b>${told[verdict]}</b> ${words[verdict]}</li>`)
    .join('');
}

function card(result: Result): string {
  const { check, title, verdict, severity, because, findings } = result;
  const why = because === undefined ? '' : `<p>${escaped(because)}</p>\n`;
  return `<article class="card ${verdict}">
<h3><span class="mark">${signs[verdict]} ${verdict}</span> ${escaped(check)} <span class="severity">${severity}</span></h3>
<p class="holds">${escaped(title)}</p>
${why}${findings.map(found).join('')}</article>
`;
}

function found(finding: Finding): string {
  const { code, text, hint, reproduce } = finding;
  const rows = evidence(finding).map(([name, value]) => `<tr><th>${escaped(name)}</th><td>${escaped(value)}</td></tr>`);
  return `<p class="found">${escaped(text)}</p>
<p class="code">${escaped(code)}</p>
${hint === undefined ? '' : `<p class="hint">→ ${escaped(hint)}</p>\n`}${rows.length === 0 ? '' : `<table>${rows.join('')}</table>\n`}${reproduce === undefined ? '' : `<p class="again">ask it again</p><pre>${escaped(reproduce)}</pre>\n`}`;
}

function row({ check, title, verdict, at, ms, because }: Result, whole: number): string {
  const left = Math.min(100, (at / whole) * 100);
  const width = Math.min(100 - left, (ms / whole) * 100);
  const bar =
    verdict === 'skip'
      ? `<span class="why">${escaped(because ?? '')}</span>`
      : `<span class="lane"><i style="left:${left.toFixed(2)}%;width:${width.toFixed(2)}%"></i></span><span class="ms">${ms} ms</span>`;
  return `<li class="${verdict}"><span class="mark">${signs[verdict]}<span class="word"> ${verdict}</span></span><span class="what"><b>${escaped(check)}</b> ${escaped(title)}</span>${bar}</li>
`;
}
