import { describe, expect, it } from 'vitest';
import { Redactor } from '../../src/core/redact.js';
import fc from '../support/fast-check.js';

function redactorOf(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.learn(secret);
  return redactor;
}

describe('the redactor', () => {
  it('takes a secret out of any text in every spelling', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 10, unit: 'binary' }),
        fc.string({ maxLength: 20 }),
        fc.nat(5),
        (secret, around, shift) => {
          fc.pre(secret.isWellFormed());
          const redactor = redactorOf(secret);
          const before = 'p'.repeat(shift);
          const spellings = [
            secret,
            JSON.stringify({ secret }),
            encodeURIComponent(secret),
            Buffer.from(secret).toString('hex'),
            Buffer.from(`${before}${secret}${around}`).toString('base64'),
            Buffer.from(`${before}${secret}${around}`).toString('base64url'),
          ];
          for (const spelling of spellings) expect(redactor.clean(`${around}\n${spelling}\n`)).toContain('[redacted]');
        },
      ),
    );
  });

  it('takes out what is left of a secret where a text was cut', () => {
    const redactor = new Redactor();
    redactor.learn('a-cookie-of-some-length');
    expect(redactor.clean('said a-cookie-of-s… and a-cook… and more…')).toBe('said [redacted]… and a-cook… and more…');
    expect(redactor.clean(`${'x'.repeat(190)}a-cookie-o…`)).toBe(`${'x'.repeat(190)}[redacted]…`);
  });

  it('takes out a secret that looks as if it were cut, with its tail', () => {
    const redactor = redactorOf('password…and-its-tail', 'password', 'other……tail');
    expect(redactor.clean('<password…and-its-tail>')).toBe('<[redacted]>');
    expect(redactor.clean('<password…and-its…')).toBe('<[redacted]…');
    expect(redactor.clean('<password… and password…and-not> other……tail')).toBe(
      '<[redacted]… and [redacted]…and-not> [redacted]',
    );
  });

  it('leaves text without a secret as it is', () => {
    const redactor = redactorOf('a-rather-long-password', 'http://localhost:3000/api/auth?x=1');
    const report = '✓ pass  session/login  a user can sign in [redacted]\n';
    expect(redactor.clean(report)).toBe(report);
  });

  it('does not learn what is shorter than eight characters: it would eat the report', () => {
    expect(redactorOf('pass').clean('1 passed')).toBe('1 passed');
  });

  it('takes out the whole of a secret that is as long as a file, and what is left of it where a text was cut', () => {
    const long = Array.from({ length: 9_000 }, (_, n) => `"é ${n}`).join('');
    const redactor = redactorOf(long, 'another-secret');
    expect(redactor.clean(`<${long}> another-secret`)).toBe('<[redacted]> [redacted]');
    expect(redactor.clean(JSON.stringify([long, 'another-secret']))).toBe('["[redacted]","[redacted]"]');
    expect(redactor.clean(Buffer.from(long).toString('hex'))).toBe('[redacted]');
    expect(redactor.clean(`said ${long.slice(0, 100)}…`)).toBe('said [redacted]…');
    expect(redactor.clean('nothing of it')).toBe('nothing of it');
  });

  it('takes the longer of two secrets that begin alike', () => {
    expect(redactorOf('abcdefgh', 'abcdefghijkl').clean('abcdefghijkl!')).toBe('[redacted]!');
  });

  it('takes out together what overlaps, and apart what only touches', () => {
    const redactor = redactorOf('abcdefgh-one', 'one-ijklmnop', 'qrstuvwx');
    expect(redactor.clean('<abcdefgh-one-ijklmnop>')).toBe('<[redacted]>');
    expect(redactor.clean('<abcdefgh-oneqrstuvwxqrstuvwx>')).toBe('<[redacted][redacted][redacted]>');
    expect(redactor.clean('<abcdefgh-on')).toBe('<abcdefgh-on');
  });

  it('knows a thousand secrets in one text, at its beginning, in it and at its end', () => {
    const secrets = Array.from({ length: 1000 }, (_, i) => `${i}-${'abcdefgh'.repeat(3)}-${i * 7919}`);
    const redactor = redactorOf(...secrets);
    expect(redactor.clean(secrets.join(' '))).toBe(secrets.map(() => '[redacted]').join(' '));
  });
});
