/** The one file of pg that is used: the pool and the types of all else stay out of the bundle. */
declare module 'pg/lib/client.js' {
  const Client: typeof import('pg').Client;
  export default Client;
}
