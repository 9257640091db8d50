// A frontend's auth server as Better Auth's own README has it: node:http, PostgreSQL, the jwt plugin, no other setting.
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';
import { Pool } from 'pg';

const server = createServer();
server.listen(0, 'localhost', async () => {
  const url = `http://localhost:${server.address().port}`;
  const auth = betterAuth({
    baseURL: url,
    database: new Pool({ connectionString: process.env.DATABASE_URL }),
    emailAndPassword: { enabled: true },
    plugins: [jwt()],
  });
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
  for (const name of ['ada', 'bob']) {
    await auth.api.signUpEmail({ body: { email: `${name}@example.test`, password: process.env.PASSWORD, name } });
  }
  server.on('request', toNodeHandler(auth));
  process.stdout.write(`${url}\n`);
});
