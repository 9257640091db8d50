import { defineRule } from '../core/rule.js';
import { at, ourKeys, seen, shown, signedByFrontend } from './source/seen.js';

export default defineRule({
  id: 'jwt-plugin',
  title: 'tokens are asked for, and the plugin that makes them is not set up',
  causes: {
    'missing-on-server': {
      certainty: 'likely',
      text: 'Better Auth is set up without the jwt plugin',
      means: '/api/auth/token and /api/auth/jwks answer 404, and there is no token that a backend could verify',
      fix: ['at {place}: add `plugins: [jwt()]`, imported from `better-auth/plugins`', 'lockstep migrate up'],
      proof: 'lockstep check token',
      weight: 80,
    },
    'missing-on-client': {
      certainty: 'likely',
      text: 'the client calls `{member}` and is set up without jwtClient()',
      means: 'the types do not know that call: the frontend does not build',
      fix: ['at {place}: add `plugins: [jwtClient()]`, imported from `better-auth/client/plugins`'],
      proof: 'tsc --noEmit in the frontend',
      weight: 35,
    },
  },
  match(evidence) {
    const instances = seen(evidence, 'auth.instance');
    const clients = seen(evidence, 'client.instance');
    const calls = seen(evidence, 'client.token-call');
    const withJwt = clients.filter(({ data }) => data.jwt === 'yes');
    const byJwks = ourKeys(evidence);
    const route = seen(evidence, 'route.token').filter(({ data }) => data.answers === 'session.jwt');
    const wanted = [...calls, ...withJwt, ...byJwks, ...route];
    const [instance] = instances;
    const lacks = instances.every(({ data }) => data.jwt === 'no') && signedByFrontend(evidence).length === 0;
    const [call] = calls;
    const [client] = clients;
    const clientLacks = clients.length > 0 && clients.every(({ data }) => data.jwt === 'no');
    return [
      ...(instance !== undefined && lacks && wanted.length > 0
        ? [
            {
              cause: 'missing-on-server' as const,
              guilty: 'frontend' as const,
              data: { place: at(instance) },
              because: [instance, ...wanted].map(shown),
            },
          ]
        : []),
      ...(call !== undefined && client !== undefined && clientLacks
        ? [
            {
              cause: 'missing-on-client' as const,
              guilty: 'frontend' as const,
              data: { place: at(client), member: call.data.member ?? null },
              because: [client, call].map(shown),
            },
          ]
        : []),
    ];
  },
  excludes(evidence) {
    const instances = seen(evidence, 'auth.instance');
    return instances.length > 0 && instances.every(({ data }) => data.jwt === 'yes')
      ? 'the jwt plugin: it is set up'
      : null;
  },
});
