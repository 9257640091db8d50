import { defineRule } from '../core/rule.js';
import { at, seen, shown } from './source/seen.js';

export default defineRule({
  id: 'socket-edge',
  title: 'the rules of the edge do not let the socket through',
  causes: {
    'not-routed': {
      certainty: 'likely',
      text: 'no router of Traefik takes the path of the socket, {path}',
      means: 'the handshake is answered 404 before the backend sees it',
      fix: ['at {place}: let a rule take {path}: PathPrefix(`{path}`)'],
      proof: 'lockstep check ws',
      weight: 70,
    },
    'no-upgrade': {
      certainty: 'likely',
      text: 'nginx hands {location} on without the headers of an upgrade, and the socket is there',
      means: 'the backend sees an ordinary request, and the handshake is never answered with 101',
      fix: [
        'at {place}: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";',
      ],
      proof: 'lockstep check ws',
      weight: 72,
    },
  },
  match(evidence) {
    const routers = seen(evidence, 'edge.router');
    const sockets = seen(evidence, 'socket.opened').filter(({ data }) => data.whole === true);
    const [router] = routers;
    const [socket] = sockets;
    const unrouted = router !== undefined && socket !== undefined && routers.every(({ data }) => data.socket === 'no');
    // several servers, or files for several places: one that lets it through may be the one that counts
    const handed = seen(evidence, 'edge.location').filter(({ data }) => data.socket === 'yes');
    const dropped = handed.every(({ data }) => data.upgrade === 'no') ? handed : [];
    return [
      ...(unrouted
        ? [
            {
              cause: 'not-routed' as const,
              guilty: 'edge' as const,
              data: { path: socket.data.path ?? null, place: at(router) },
              because: [...sockets, ...routers].map(shown),
            },
          ]
        : []),
      ...dropped.map((one) => ({
        cause: 'no-upgrade' as const,
        guilty: 'edge' as const,
        data: { location: one.data.path ?? null, place: at(one) },
        because: [...sockets, one].map(shown),
      })),
    ];
  },
});
