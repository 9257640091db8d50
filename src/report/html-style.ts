/** How the page of a report looks: on a wide screen, on a narrow one, at night, on paper. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2333; --soft: #566075; --line: #dfe3ec; --paper: #fff; --ground: #f4f6fa; --pass: #1d7a45; --warn: #8a5a00; --fail: #b3261e; --inconclusive: #6a3fb5; --skip: #7a8499; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaf3; --soft: #a3adc2; --line: #343b4d; --paper: #1b2030; --ground: #12151f; --pass: #74d69d; --warn: #f2c063; --fail: #ff9d94; --inconclusive: #c5a8ff; --skip: #8b95aa; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header, main { max-width: 70rem; margin: 0 auto; padding: 1rem 1.25rem; }
header { padding-top: 2rem; }
.tool { margin: 0; color: var(--soft); }
h1 { margin: 0 0 1rem; font-size: 2.25rem; line-height: 1.2; }
header.ok h1 { color: var(--pass); }
header.problems h1 { color: var(--fail); }
header.unfinished h1 { color: var(--inconclusive); }
h2 { margin: 1.5rem 0 .75rem; font-size: 1.25rem; }
h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
dl, dd, ul, ol { margin: 0; padding: 0; list-style: none; }
.about { display: flex; flex-wrap: wrap; gap: .5rem 2rem; }
dt { font-size: .8125rem; color: var(--soft); }
dd { overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: 1rem; }
.counts li { padding: .3rem .8rem; background: var(--paper); border: 1px solid var(--line); border-radius: 2rem; }
.pass { --tone: var(--pass); } .warn { --tone: var(--warn); } .fail { --tone: var(--fail); } .inconclusive { --tone: var(--inconclusive); } .skip { --tone: var(--skip); }
.counts b, .mark { color: var(--tone); font-weight: 700; }
.card { margin: 0 0 1rem; padding: 1rem 1.25rem; background: var(--paper); border: 1px solid var(--line); border-left: .3rem solid var(--tone); border-radius: .5rem; break-inside: avoid; }
.severity { margin-left: .5rem; padding: .1rem .5rem; font-size: .8125rem; font-weight: 400; color: var(--soft); border: 1px solid var(--line); border-radius: 1rem; }
.card p { margin: .5rem 0 0; overflow-wrap: anywhere; }
.card .holds { margin-top: .15rem; color: var(--soft); }
.found { font-weight: 600; }
.card .code { margin-top: 0; font: .8125rem/1.5 ui-monospace, monospace; color: var(--soft); }
.card .again { font-size: .8125rem; color: var(--soft); }
table { margin-top: .75rem; border-collapse: collapse; font-size: .9375rem; }
th, td { padding: .2rem 1rem .2rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 400; color: var(--soft); white-space: nowrap; }
pre { margin: .25rem 0 0; padding: .6rem .8rem; font: .8125rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--ground); border: 1px solid var(--line); border-radius: .4rem; }
.axis { display: flex; justify-content: space-between; font-size: .8125rem; color: var(--soft); }
.run { background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; }
.run li { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr) minmax(0, 1fr) 5rem; gap: .75rem; align-items: center; padding: .35rem 1rem; border-top: 1px solid var(--line); break-inside: avoid; }
.run li:first-child { border-top: 0; }
.axis { margin: 0 calc(6.75rem) .25rem calc(50% + 1.1rem); }
.run .mark { white-space: nowrap; }
.what { font-size: .9375rem; color: var(--soft); overflow-wrap: anywhere; }
.what b { display: block; font-weight: 600; color: var(--ink); }
.lane { position: relative; height: .75rem; background: var(--ground); border-radius: .4rem; }
.lane i { position: absolute; top: 0; bottom: 0; min-width: 3px; background: var(--tone); border-radius: .4rem; print-color-adjust: exact; }
.ms { text-align: right; font-size: .875rem; font-variant-numeric: tabular-nums; color: var(--soft); }
.why { grid-column: 3 / 5; font-size: .9375rem; color: var(--soft); overflow-wrap: anywhere; }
@media (max-width: 44rem) {
  h1 { font-size: 1.75rem; }
  .axis { display: none; }
  .run li { grid-template-columns: 1.5rem minmax(0, 1fr) 4.5rem; row-gap: .3rem; padding: .5rem .75rem; }
  .run .word { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .run .mark { position: relative; }
  .what { grid-column: 2 / 4; }
  .lane { grid-column: 2; }
  .why { grid-column: 2 / 4; }
  table, tbody, tr, th, td { display: block; }
  td { border-top: 0; padding-top: 0; }
}
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --ground: #fff; --pass: #1d7a45; --warn: #8a5a00; --fail: #b3261e; --inconclusive: #6a3fb5; --skip: #666; }
  body { font-size: 11pt; }
  header, main { max-width: none; padding: 0; }
  .lane { border: 1px solid var(--line); }
}
`;
