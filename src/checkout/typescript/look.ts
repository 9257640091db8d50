import type { Sighting } from '../../core/observation.js';
import { sighting } from '../../core/observation.js';
import type { SourceTree } from '../../core/source-tree.js';
import { placeAt } from '../place.js';
import type { Looking, Seen } from '../sightings.js';
import { sightingsOf } from '../sightings.js';
import { authSightings } from './auth.js';
import { chatKitSightings, clientSightings, sessionSightings, tokenCallSightings } from './client.js';
import { Evaluator } from './evaluate.js';
import { seen } from './jwt-options.js';
import type { Module } from './module.js';
import { Program } from './program.js';
import { publicNameSightings } from './secrets.js';
import { signSightings } from './sign.js';
import { socketSightings } from './socket.js';
import { verifySightings } from './verify.js';

/** Only a file that has one of these words can say anything; the others are not parsed. */
const telling =
  /betterAuth|createAuthClient|useChatKit|\bjwt\b|jwtVerify|jwtDecode|decodeJwt|jsonwebtoken|createVerifier|expressjwt|SignJWT|SECRET|\bWebSocket\b|\.(?:token|jwks)\(/;
const source = /\.[mc]?[jt]sx?$/;
const tokenRoute =
  /(^|\/)(?:app\/(?:.+\/)?api\/auth\/token\/route|pages\/api\/auth\/token(?:\/index)?|src\/routes\/(?:.+\/)?api\/auth\/token\/\+server)\.[jt]sx?$/;

/** What the TypeScript and JavaScript of a tree says. */
export function* lookAtTypeScript(tree: SourceTree): Looking<Seen> {
  const program = new Program(tree);
  const evaluator = new Evaluator(program);
  const { sightings, unread } = yield* sightingsOf(tree.files, (file) => {
    if (!source.test(file.path) || !telling.test(file.text)) return [];
    const module = program.module(file.path);
    return module === null ? [] : look(evaluator, module);
  });
  return { sightings: withoutOwnSessions(tree, sightings), unread: [...program.unread, ...unread] };
}

function look(evaluator: Evaluator, module: Module): Sighting[] {
  const found = module.nodes.flatMap((node) => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return [];
    const external = evaluator.external({ module, node: node.callee });
    const args = node.arguments.map((argument) => ({ module, node: argument }));
    const call = { module, node };
    const signed = signSightings(evaluator, call, external, args);
    if (external === null) return [...signed, ...socketSightings(evaluator, call, args)];
    const { source: from, name } = external;
    if (/^better-auth(\/minimal)?$/.test(from) && name === 'betterAuth') return authSightings(evaluator, call, args);
    if (from.startsWith('better-auth/') && name === 'createAuthClient') return clientSightings(evaluator, call, args);
    if (from.startsWith('@openai/chatkit') && name === 'useChatKit') return chatKitSightings(evaluator, args);
    return [...signed, ...verifySightings(evaluator, call, external, args)];
  });
  const sessions = sessionSightings(evaluator, module);
  return [
    ...found,
    ...tokenCallSightings(evaluator, module),
    ...sessions,
    ...publicNameSightings(module),
    ...routeSightings(module, found, sessions),
  ];
}

/** A file that a framework serves at the path of the plugin's own `/token`. */
function routeSightings(module: Module, found: readonly Sighting[], sessions: readonly Sighting[]): Sighting[] {
  if (!tokenRoute.test(module.file.path)) return [];
  const first = module.nodes[0];
  const answers = found.some(({ kind }) => kind === 'token.signed')
    ? 'a token that it signs'
    : sessions.length > 0
      ? 'session.jwt'
      : 'something else';
  const place = first === undefined ? placeAt(module.file, 0) : seen({ module, node: module.nodes[1] ?? first });
  return [sighting('route.token', place, { path: '/api/auth/token', answers })];
}

/** An application that gives its sessions a `jwt` of its own may read it. */
function withoutOwnSessions({ files }: SourceTree, sightings: readonly Sighting[]): Sighting[] {
  const reads = ({ kind }: Sighting) => kind === 'session.jwt-read' || kind === 'session.jwt-typed';
  const own =
    sightings.some(reads) &&
    files.some(
      (file) => source.test(file.path) && /\bcustomSession\b|additionalFields[\s\S]{0,400}\bjwt\b/.test(file.text),
    );
  return sightings.filter((each) => !own || !reads(each));
}
