import check from '../../../src/checks/config/env-loaders-agree.js';
import { describeCheck } from '../../support/describe-check.js';
import type { WrittenHalf } from '../../support/halves.js';
import { checkoutOf } from '../../support/halves.js';

const hex = 'a3f09c5b7e1d48269f0b8c7d6e5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a';
const files = (front: string, back = `BETTER_AUTH_SECRET=${hex}`, more: Partial<WrittenHalf> = {}) => ({
  material: checkoutOf({ files: { '.env.local': front }, ...more }, { files: { '.env': back } }),
});

describeCheck(check, {
  passes: {
    'a value of hex digits': files(`BETTER_AUTH_SECRET=${hex}\n`),
    'the halves differ, and each reads alike': files(`BETTER_AUTH_SECRET=${hex.replaceAll('a', 'b')}`),
    'it is set twice to the same': files(`BETTER_AUTH_SECRET=${hex}\nBETTER_AUTH_SECRET=${hex}\n`),
    'another variable is read differently': files(`BETTER_AUTH_SECRET=${hex}\nTITLE=a#b\n`),
  },
  reports: {
    'reads-differently': {
      'a # is cut by one loader': files('BETTER_AUTH_SECRET=abcdefgh#ijklmnopqrstuvwxyz0123456789'),
      'a $ is expanded by one loader': files('BETTER_AUTH_SECRET=abcdefgh$ijklmnopqrstuvwxyz0123456789'),
      'a comment is kept by one loader': {
        material: checkoutOf(
          { files: { '.env.local': `BETTER_AUTH_SECRET=${hex} # made on Monday` } },
          { loader: 'starlette', files: { '.env': `BETTER_AUTH_SECRET=${hex}` } },
        ),
      },
    },
    'set-twice': {
      'the second line has another value': files(`BETTER_AUTH_SECRET=${hex}\nX=1\nBETTER_AUTH_SECRET=${hex}0\n`),
    },
    'depends-on-release': {
      'releases of Docker treat quotes differently': {
        material: checkoutOf(
          { loader: 'docker', files: { '.env': `BETTER_AUTH_SECRET="${hex}"` } },
          { loader: 'docker', files: { '.env': `BETTER_AUTH_SECRET="${hex}"` } },
        ),
      },
    },
  },
  skips: {
    'there is no checkout': {},
    'no file sets it': files('TITLE=x', 'TITLE=x'),
  },
});
