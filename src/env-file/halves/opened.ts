import type { HalfFiles, Material } from '../../core/material.js';
import type { Dialects, LoaderName } from '../loader.js';
import { loaderFor, newest } from '../loader.js';
import { otherReleases } from './releases.js';
import type { Half, Service } from './service.js';
import { openHalves } from './service.js';

/** A half as the services of `env check` are: with the loader that reads its files. */
export function serviceOf({ side, loader, files, names }: HalfFiles, node: number): Service {
  const dialects: Dialects = { ...newest, node: node < 22 ? 'classic' : 'modern' };
  const name = loader as LoaderName;
  return {
    side,
    loader: loaderFor(name, dialects),
    otherRelease: loaderFor(name, otherReleases(dialects)),
    files,
    names,
  };
}

/** Both halves of the checkout, read as their loaders read them; null where there is no checkout. */
export function openedHalves({
  halves,
  node,
  shell,
}: Pick<Material, 'halves' | 'node' | 'shell'>): { readonly frontend: Half; readonly backend: Half } | null {
  if (halves === null) return null;
  return openHalves({ frontend: serviceOf(halves.frontend, node), backend: serviceOf(halves.backend, node) }, shell);
}
