import type { Finding } from '../core/finding.js';
import { printable } from '../core/finding.js';
import type { Style } from '../core/style.js';
import type { Opinion } from '../token/opinions/opinions.js';
import type { Verification } from '../token/verify.js';

/** What a verification came to, for a person: the ruling, every fault, the keys tried, what the libraries would say. */
export function renderVerification(verification: Verification, opinions: readonly Opinion[], style: Style): string {
  const { valid, findings } = verification;
  const faults = findings.filter(({ level }) => level === 'fail').length;
  const ruling = valid ? style.good('valid') : `${style.bad('invalid')}: ${faults} fault${faults === 1 ? '' : 's'}`;
  const lines = [
    style.strong(ruling),
    ...findings.flatMap((finding) => findingLines(finding, style)),
    '',
    ...keyLines(verification, style),
    ...opinions.map((opinion) => opinionLine(opinion, style)),
  ];
  return `${lines.join('\n')}\n`;
}

function findingLines({ code, level, text, hint }: Finding, style: Style): string[] {
  const mark = level === 'fail' ? style.bad('✗') : style.doubtful('!');
  const line = `  ${mark} ${text}  ${style.quiet(code)}`;
  return hint === undefined ? [line] : [line, `    ${style.quiet('→')} ${hint}`];
}

const signatures = {
  good: 'the signature is good',
  bad: 'the signature is not good',
  unseen: 'the signature was not looked at',
} as const;

function keyLines({ signature, tried }: Verification, style: Style): string[] {
  const keys = tried.map(({ source, kid, fingerprint, verifies }) => {
    const name = kid === null ? source : `${source}, kid ${kid}`;
    return `  ${verifies ? style.good('✓') : style.bad('✗')} ${printable(name)}  ${style.quiet(fingerprint)}`;
  });
  return [signatures[signature], ...keys];
}

function opinionLine({ library, version, verdict, says }: Opinion, style: Style): string {
  const name = `${library} ${version}`.padEnd(20);
  const why = says === null ? '' : `: ${printable(says)}`;
  return `${style.quiet(name)} ${verdict === 'open' ? 'open' : verdict}${why}`;
}

/** As `renderVerification`, as one JSON object (`schemaVersion` 1). The claims are in it only when they are vouched for. */
export function renderVerificationJson(verification: Verification, opinions: readonly Opinion[]): string {
  const { valid, findings, signature, tried, allowed, header, claims } = verification;
  const body = {
    schemaVersion: 1,
    command: 'token verify',
    outcome: valid ? 'ok' : 'problems',
    results: [{ check: 'token/verify', title: 'the token is valid', verdict: valid ? 'pass' : 'fail', findings }],
    signature,
    algorithms: allowed,
    header,
    ...(valid ? { claims } : {}),
    keys: tried,
    libraries: opinions,
  };
  return `${JSON.stringify(body, null, 2)}\n`;
}
