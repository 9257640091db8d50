import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { describe } from 'vitest';

/** The Chromium of this machine, or null. `LOCKSTEP_TEST_CHROMIUM` names another one. */
const program =
  [process.env.LOCKSTEP_TEST_CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
    .filter((path) => path !== '')
    .find((path) => existsSync(path)) ?? null;

/** A group of tests that need a real browser; skipped, and counted as skipped, only where there is none. */
export function describeWithBrowser(name: string, tests: () => void): void {
  if (program !== null) describe(name, tests);
  else describe.skip(`${name} (no Chromium on this machine)`, tests);
}

/**
 * A headless browser that reaches this machine and nothing else, with an empty profile for each `newContext()`. Ends
 * with the process where `close()` was not called.
 */
export function startBrowser(): Promise<Browser> {
  if (program === null) throw new Error('no Chromium on this machine');
  return chromium.launch({
    executablePath: program,
    headless: true,
    // as root, and in containers, Chromium has no sandbox
    chromiumSandbox: false,
    // it asks what the desktop prefers, and leaves a file of that at home
    env: { ...process.env, GSETTINGS_BACKEND: 'memory' },
    args: [
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]',
    ],
  });
}

/** What the scripts of a page throw, and what they or the browser complain of in its console, from now on. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return complaints;
}
