import { visible } from '../../core/finding.js';
import type { Sighting } from '../../core/observation.js';
import { sighting } from '../../core/observation.js';
import type { SourceFile, SourceTree, Unread } from '../../core/source-tree.js';
import { placeAt } from '../place.js';
import type { Directive } from './nginx.js';
import { directivesOf, locationFor, locationsOf } from './nginx.js';
import type { Traefik } from './traefik.js';
import { forwardAuthOf, traefikOf } from './traefik.js';
import { covers } from './traefik-rule.js';

/** What Traefik and nginx of a tree do with the sockets of the application; `sockets` are whole paths. */
export function lookAtEdge(
  tree: SourceTree,
  sockets: readonly string[],
): { readonly sightings: readonly Sighting[]; readonly unread: readonly Unread[] } {
  const traefik = traefikOf(tree);
  const sightings = [
    ...routerSightings(traefik, sockets),
    ...tree.files.flatMap((file) => nginxSightings(tree, file, sockets)),
  ];
  return { sightings, unread: traefik.unread };
}

function routerSightings(traefik: Traefik, sockets: readonly string[]): Sighting[] {
  return traefik.routers.map((router) => {
    const { name, rule, file, at, replicas, sticky } = router;
    const takes = sockets.map((path) => covers(rule, path));
    const socket = takes.includes(true) ? 'yes' : takes.includes(null) || sockets.length === 0 ? 'unknown' : 'no';
    const place = { ...placeAt(file, at), excerpt: visible(rule).slice(0, 120) };
    const forwardAuth = forwardAuthOf(traefik, router.middlewares);
    return sighting('edge.router', place, { kind: 'Traefik', name, rule, socket, forwardAuth, replicas, sticky });
  });
}

function nginxSightings({ files }: SourceTree, file: SourceFile, sockets: readonly string[]): Sighting[] {
  if (!/\.conf(\.template)?$|(^|\/)sites-(available|enabled)\//.test(file.path) || !/\blocation\b/.test(file.text))
    return [];
  const directives = directivesOf(file.text);
  if (directives === null) return [];
  const included = (path: string): readonly Directive[] | null => {
    const name = path.split('/').at(-1) ?? '';
    // what nginx brings along sets no headers of a socket
    if (/^(mime\.types|fastcgi_params|uwsgi_params)$/.test(name)) return [];
    const found = files.find((each) => each.path.split('/').at(-1) === name);
    return found === undefined ? null : directivesOf(found.text);
  };
  const locations = locationsOf(directives, included);
  return locations
    .filter(({ proxied }) => proxied)
    .map((location) => {
      const sameServer = locations.filter(({ server }) => server === location.server);
      const socket = sockets.some((path) => locationFor(sameServer, path) === location);
      const { path, upgrade } = location;
      return sighting('edge.location', placeAt(file, location.at), { path, upgrade, socket: socket ? 'yes' : 'no' });
    });
}
