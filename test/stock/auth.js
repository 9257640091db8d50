// A frontend's auth server as Better Auth's own README has it: node:http, PostgreSQL, the jwt plugin, no other setting.
// With ADMIN=on the admin plugin too, and root is an administrator.
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { admin, jwt } from 'better-auth/plugins';
import { Pool } from 'pg';

const managed = process.env.ADMIN === 'on';
const server = createServer();
server.listen(0, 'localhost', async () => {
  const url = `http://localhost:${server.address().port}`;
  const database = new Pool({ connectionString: process.env.DATABASE_URL });
  const auth = betterAuth({
    baseURL: url,
    database,
    emailAndPassword: { enabled: true },
    plugins: managed ? [jwt(), admin()] : [jwt()],
  });
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
  for (const name of managed ? ['ada', 'root'] : ['ada', 'bob']) {
    await auth.api.signUpEmail({ body: { email: `${name}@example.test`, password: process.env.PASSWORD, name } });
  }
  if (managed) await database.query(`update "user" set role = 'admin' where name = 'root'`);
  server.on('request', toNodeHandler(auth));
  process.stdout.write(`${url}\n`);
});
