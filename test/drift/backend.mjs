// An API as people write them around jose: one route that says who the caller is. Everything is read from the
// environment, once, at its start; the ways in which such a backend goes wrong are switches.
import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { env } = process;
const secret = env[env.API_SECRET_NAME ?? 'BETTER_AUTH_SECRET'];
const key = env.API_DECODE ? Buffer.from(secret ?? '', env.API_DECODE) : new TextEncoder().encode(secret);
const keys =
  env.API_TRUST === 'jwks'
    ? createRemoteJWKSet(new URL(env.API_JWKS_URL), { cooldownDuration: 600_000, cacheMaxAge: 600_000 })
    : key;
const shift = Number(env.API_CLOCK ?? 0) * 1000;

const problem = (message) => Object.assign(new Error(message), { refused: true });

async function caller(header = '') {
  const token = /^Bearer (.+)$/.exec(header)?.[1];
  if (token === undefined) throw problem('no token');
  if (env.API_BREAKS) throw new Error('Expecting a string- or bytes-formatted key');
  const now = Date.now() + shift;
  const { payload } = await jwtVerify(token, keys, {
    algorithms: [env.API_TRUST === 'jwks' ? 'EdDSA' : 'HS256'],
    currentDate: new Date(now),
    requiredClaims: ['sub', 'exp'],
    ...(env.API_ISSUER ? { issuer: env.API_ISSUER } : {}),
    ...(env.API_AUDIENCE ? { audience: env.API_AUDIENCE } : {}),
  });
  // as PyJWT has it, where jose is lenient
  if (payload.iat > now / 1000 + 5) throw problem('The token is not yet valid (iat)');
  if (env.API_NO_AUDIENCE && payload.aud !== undefined) throw problem('Invalid audience');
  if (env.API_BARS && env.API_BARS === payload.email) throw problem('no such user');
  return payload;
}

const server = createServer((request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      date: new Date(Date.now() + shift).toUTCString(),
    });
    response.end(JSON.stringify(body));
  };
  if (request.url !== '/api/me') return answer(404, { detail: 'Not Found' });
  caller(request.headers.authorization)
    .then((payload) => answer(200, { id: payload.sub, email: payload.email }))
    .catch((error) =>
      error.refused || /^ERR_(JW|JOSE_ALG|JWKS_NO_MATCHING)/.test(error.code ?? '')
        ? answer(401, { detail: env.API_SILENT ? 'Unauthorized' : error.message })
        : answer(500, { detail: 'Internal Server Error' }),
    );
});
server.listen(Number(env.API_PORT ?? 0), '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('disconnect', () => process.exit());
