// before pg: where there is no `navigator` (Node 20) it asks whether this is a Cloudflare worker by building a Response,
// which loads the whole of fetch and costs more than connecting
import './navigator.js';
import Client from 'pg/lib/client.js';

export { Client };
