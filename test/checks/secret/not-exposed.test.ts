import check from '../../../src/checks/secret/not-exposed.js';
import { describeCheck } from '../../support/describe-check.js';
import type { Script, ScriptedReply } from '../../support/fake-world.js';
import { checkoutOf } from '../../support/halves.js';

const hex = 'a3f09c5b7e1d48269f0b8c7d6e5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a';
const say = `BETTER_AUTH_SECRET=${hex}`;
const material = checkoutOf({ files: { '.env.local': say } }, { files: { '.env': say } });
const html = (text: string): ScriptedReply => ({ status: 200, text, headers: [['content-type', 'text/html']] });
const page = html('<script src="/_next/app.js"></script><script src="https://cdn.test/x.js"></script>');
const site = (more: Script = {}) => ({
  'GET /': page,
  'GET /_next/app.js': { status: 200, text: 'console.log(1)' },
  'GET /_next/app.js.map': { status: 404 },
  'GET /lockstep/not/there': { status: 404 },
  'GET /api/auth/error': { status: 302 },
  ...more,
});
const script = (text: string) => site({ 'GET /_next/app.js': { status: 200, text } });

describeCheck(check, {
  passes: {
    'it is nowhere': { material, http: site() },
    'a script holds something like it': { material, http: script(hex.slice(0, 40)) },
    'nobody answers, and the files are well kept': {
      material,
      http: Object.fromEntries(Object.keys(site()).map((line) => [line, 'no answer' as const])),
    },
  },
  reports: {
    served: {
      'a script holds it': { material, http: script(`const s="${hex}"`) },
      'a script holds it in base64': { material, http: script(Buffer.from(hex).toString('base64')) },
      'a source map holds it': { material, http: site({ 'GET /_next/app.js.map': { status: 200, text: hex } }) },
      'an error says it': { material, http: site({ 'GET /lockstep/not/there': { status: 500, text: hex } }) },
    },
    'public-name': {
      'a name that is sent to browsers holds it': {
        material: checkoutOf({ files: { '.env.local': `${say}\nNEXT_PUBLIC_KEY=${hex}` } }, { files: { '.env': say } }),
      },
    },
    committed: {
      'git tracks the file': {
        material: checkoutOf({ files: { '.env.local': say }, tracked: true }, { files: { '.env': say } }),
      },
      'git tracks a backup of it': {
        material: checkoutOf(
          { files: { '.env.local': 'X=1' }, siblings: { '.env.old': say }, tracked: true },
          { files: { '.env': say } },
        ),
      },
    },
    'readable-by-others': {
      'the mode is 0644': {
        material: checkoutOf({ files: { '.env.local': say }, mode: 0o644 }, { files: { '.env': say } }),
        http: site(),
      },
    },
  },
  skips: { 'no secret is known': { http: site() } },
});
