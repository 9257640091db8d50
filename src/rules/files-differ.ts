import { defineRule } from '../core/rule.js';
import { currentOf, holderOf, needsNoSecret, other, takes } from './facts/fits.js';
import { reasonOf } from './facts/mangling.js';

const adopt = 'write the same value into both files; `lockstep init --adopt {whole}` takes that of the {whole}';

export default defineRule({
  id: 'files-differ',
  title: 'the env files of the two sides hold different secrets',
  causes: {
    mangled: {
      certainty: 'proven',
      text: "the {mangled} has the {whole}'s secret {how}",
      means: '{reason}',
      fix: [adopt, 'restart the {mangled}'],
      weight: 75,
    },
    'read-differently': {
      certainty: 'proven',
      text: 'both files say the same, and {loader} reads it {how}',
      means: '{reason}',
      fix: [
        'make a value of letters, digits, - and _ with `lockstep secret`: every loader reads it alike',
        'write it into {file} and into the file of the {whole}, and restart both',
      ],
      weight: 76,
    },
    'other-value': {
      certainty: 'proven',
      text: 'the {mangled} has {what}',
      means: 'it was given the settings of another environment, an old file or another variable',
      fix: [adopt, 'restart the {mangled}'],
      weight: 74,
    },
    fallback: {
      certainty: 'proven',
      text: 'BETTER_AUTH_SECRET of the frontend is empty, so that AUTH_SECRET counts, and the backend has another value',
      means: 'Better Auth takes an empty variable for one that is not set',
      fix: [
        'write the value of the backend into BETTER_AUTH_SECRET of the frontend: `lockstep init --adopt backend`',
        'restart the frontend',
      ],
      weight: 77,
    },
    unknown: {
      certainty: 'proven',
      text: 'the secrets of the two files differ, cause unknown: {frontend} and {backend}',
      means: 'nothing that is known turns one value into the other',
      fix: [
        'find out which side is right: `lockstep diagnose` against the running deployment',
        'then `lockstep init --adopt frontend`, or `--adopt backend`',
      ],
      weight: 55,
    },
  },
  match(evidence) {
    // a backend that takes the frontend's token is in step, whatever the files say
    const { files } = evidence;
    if (files === undefined || files.agree !== false || takes(evidence) || needsNoSecret(evidence)) return [];
    const [front, back] = [currentOf(evidence, 'frontend'), currentOf(evidence, 'backend')];
    if (front === null || back === null) return [];
    if (front.empty || back.empty) return [];
    const because = [
      `${front.id} is ${front.fingerprint} as ${front.loader} reads it`,
      `${back.id} is ${back.fingerprint} as ${back.loader} reads it`,
    ];
    const emptied = evidence.holders.find(
      ({ name, side, empty }) => name === 'BETTER_AUTH_SECRET' && side === 'frontend' && empty,
    );
    if (front.name === 'AUTH_SECRET' && emptied !== undefined)
      return [{ cause: 'fallback' as const, guilty: 'frontend', data: {}, because }];
    const { relation } = files;
    if (relation === null) {
      const data = { frontend: front.id, backend: back.id };
      return [{ cause: 'unknown', guilty: 'both', data, because }];
    }
    const { mangled, variant } = relation;
    const whole = other(mangled);
    const value = /^the value of (.*)$/s.exec(variant)?.[1];
    if (value !== undefined && holderOf(evidence, value) !== null) {
      const data = { mangled, whole, what: `the value of ${value}` };
      return [{ cause: 'other-value', guilty: mangled, data, because: [...because, `${value} has that value, too`] }];
    }
    const how = variant.startsWith('its ') ? `as ${variant}` : variant;
    const { loader, path } = mangled === 'frontend' ? front : back;
    const data = {
      mangled,
      whole,
      how,
      variant,
      reason: reasonOf(variant),
      loader: loader ?? 'its loader',
      file: path ?? '',
    };
    const found = { guilty: mangled, data, because };
    return files.sameText
      ? [{ cause: 'read-differently' as const, ...found }]
      : [{ cause: 'mangled' as const, ...found }];
  },
  excludes: ({ files }) => (files?.agree === true ? 'the files: both sides read the same value' : null),
});
