import type { Dialects } from '../loader.js';

/** For each loader the releases that read differently from those of `dialects`. */
export function otherReleases({ node, python, docker }: Dialects): Dialects {
  return {
    node: node === 'classic' ? 'modern' : 'classic',
    python: python === 'older' ? 'newer' : 'older',
    docker: docker === 'kept' ? 'stripped' : 'kept',
  };
}
