import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { complaintsOf, describeWithBrowser, startBrowser } from './browser.js';

describeWithBrowser('the browser of the tests', () => {
  it('runs the scripts of a page, and tells what they complain of', async () => {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<p>static</p><script>document.querySelector("p").textContent = "run"; missing()</script>');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const browser = await startBrowser();
    try {
      const page = await browser.newPage();
      const complaints = complaintsOf(page);
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      expect(await page.textContent('p')).toBe('run');
      expect(complaints.join('\n')).toMatch(/^thrown: missing is not defined$/m);
      await expect(page.goto('http://example.com')).rejects.toThrow(/ERR_NAME_NOT_RESOLVED/);
    } finally {
      await browser.close();
      server.close();
    }
  });
});
