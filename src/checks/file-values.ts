import type { Material, SeenFile } from '../core/material.js';
import type { Secret } from '../core/secret.js';
import { serviceOf } from '../env-file/halves/opened.js';
import { held, openHalves } from '../env-file/halves/service.js';
import { usualSecret } from '../env-file/halves/shared-secret.js';

/** The secrets of the files beside those that the loaders read, each with the path of its file. */
export function siblingValues({
  halves,
  node,
}: Pick<Material, 'halves' | 'node'>): { readonly name: string; readonly value: Secret }[] {
  if (halves === null) return [];
  return [halves.frontend, halves.backend].flatMap((half) => {
    const service = serviceOf(half, node);
    const name = service.names.secret ?? usualSecret;
    const spelled = service.loader.spelled(name);
    return half.siblings.flatMap((file: SeenFile) => {
      const { alone } = openHalves({ alone: { ...service, files: [file] } }, {}, (each) => each === spelled);
      const value = held(alone, name)?.value;
      return value == null || value.length < 8 ? [] : [{ name: file.path, value }];
    });
  });
}
