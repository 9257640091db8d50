/** A lockstep.json that is wrong: what is told, and whether an editor with our JSON Schema would tell it, too. */
export interface WrongFile {
  readonly file: string;
  /** `line:column  text`, counted by hand from 1 */
  readonly told: readonly string[];
  /** `cannot` where JSON Schema has no words for it, or the text is no JSON */
  readonly editor: 'refuses' | 'cannot';
}

export const wrongFiles: Readonly<Record<string, WrongFile>> = {
  'an empty file': { file: '', told: ['1:1  a value is missing here'], editor: 'cannot' },
  'nothing but a comment': { file: '// later\n', told: ['2:1  a value is missing here'], editor: 'cannot' },
  'a list': { file: '[]', told: ['1:1  the file must be an object, and is an array'], editor: 'refuses' },
  'an object that does not end': { file: '{\n', told: ['2:1  a closing } is missing here'], editor: 'cannot' },
  'two mistakes of syntax': {
    file: '{\n  "targets": {\n    "local": { "auth": "http://x" "api": "http://y" },\n    "far": { "auth" "http://z" }\n  }\n}',
    told: ['3:35  a comma is missing here', '4:21  a colon is missing here'],
    editor: 'cannot',
  },
  'a text that does not end': {
    file: '{\n  "targets": { "local": { "auth": "http://x } }\n}',
    told: ['2:35  the text does not end on its line'],
    editor: 'cannot',
  },
  'single quotes': {
    file: "{ 'targets': {} }",
    told: ['1:3  is no JSON: a text stands in double quotes'],
    editor: 'cannot',
  },
  'something after the end': { file: '{}\n{}', told: ['2:1  the file should end here'], editor: 'cannot' },
  'syntax and settings wrong in one file': {
    file: '{\n  "servces": {},\n  "targets": { "local": { "auth": 3 "production": "no" } }\n}',
    told: [
      '2:3  unknown key "servces"; did you mean "services"?',
      '3:35  "auth" must be a string, and is a number',
      '3:37  a comma is missing here',
      '3:51  "production" must be a boolean, and is a string',
    ],
    editor: 'cannot',
  },
  'brackets without end': { file: '['.repeat(50_000), told: ['1:65  is deeper than 64 levels'], editor: 'cannot' },
  'a key twice': {
    file: '{\n  "targets": {},\n  "targets": {}\n}',
    told: ['3:3  this key stands in its object already'],
    editor: 'cannot',
  },
  'the prototype as a target': {
    file: '{ "targets": { "__proto__": { "auth": 3 } } }',
    told: ['1:16  no setting can have this key'],
    editor: 'refuses',
  },
  'unknown keys on three levels': {
    file: '{\n  "target": {},\n  "targets": {\n    "local": { "tokne": {}, "routes": { "soket": {} } }\n  }\n}',
    told: [
      '2:3  unknown key "target"; did you mean "targets"?',
      '4:16  unknown key "tokne"; did you mean "token"?',
      '4:41  unknown key "soket"; did you mean "socket"?',
    ],
    editor: 'refuses',
  },
  'an unknown key that resembles none': {
    file: '{ "targets": { "local": { "users": { "zebra": {} } } } }',
    told: ['1:38  unknown key "zebra"; known here: a, b'],
    editor: 'refuses',
  },
  'a target with a space in its name': {
    file: '{ "targets": { "my target": {} } }',
    told: ['1:16  a target is named by letters, digits, ".", "_" and "-", the first a letter or digit'],
    editor: 'refuses',
  },
  'wrong types everywhere': {
    file: [
      '{ "targets": { "local": {',
      '  "auth": 3,',
      '  "api": null,',
      '  "production": "false",',
      '  "routes": { "resources": {} },',
      '  "users": []',
      '} } }',
    ].join('\n'),
    told: [
      '2:11  "auth" must be a string, and is a number',
      '3:10  "api" must be a string, and is null',
      '4:17  "production" must be a boolean, and is a string',
      '5:28  "resources" must be an array, and is an object',
      '6:12  "users" must be an object, and is an array',
    ],
    editor: 'refuses',
  },
  'members that are missing': {
    file: '{\n  "services": { "backend": {} },\n  "targets": { "local": { "routes": { "resources": [{ "name": "tasks" }, 4] } } }\n}',
    told: [
      '2:28  "dir" is missing',
      '3:53  "collection" is missing',
      '3:74  "resources" 2 must be an object, and is a number',
    ],
    editor: 'refuses',
  },
  'words that are none of ours': {
    file: '{\n  "services": { "frontend": { "dir": ".", "loader": "nxt" } },\n  "targets": { "local": { "token": { "trust": "jkws" } } }\n}',
    told: [
      '2:53  "loader" must be "next", "vite", "dotenv", "dotenv-expand", "node", "python-dotenv", "pydantic-settings", "starlette", "bash", "docker", "compose" or "systemd"; did you mean "next"?',
      '3:47  "trust" must be "auto", "jwks" or "shared-secret"; did you mean "jwks"?',
    ],
    editor: 'refuses',
  },
  URLs: {
    file: [
      '{ "targets": {',
      '  "a": { "auth": "localhost:3000", "api": "ftp://x" },',
      '  "b": { "auth": "http://u:p@x", "api": "http://x/?y" },',
      '  "c": { "auth": "http://", "api": "https:///x" },',
      '  "d": { "routes": { "socket": { "url": "http://x/ws" } } },',
      '  "e": { "routes": { "socket": { "url": "ws://x/ws#1" } } }',
      '} }',
    ].join('\n'),
    told: [
      '2:18  "auth" must be an http:// or https:// URL',
      '2:43  "api" must be an http:// or https:// URL',
      '3:18  "auth" must have no user name or password in it',
      '3:41  "api" must end with its path: no query, no fragment',
      '4:18  "auth" is not a URL that can be read',
      '4:36  "api" is not a URL that can be read',
      '5:41  "url" must be a ws:// or wss:// URL, or a path on the API that begins with /',
      '6:41  "url" must have no fragment',
    ],
    editor: 'refuses',
  },
  'a port that no URL has': {
    file: '{ "targets": { "a": { "auth": "http://x:99999" } } }',
    told: ['1:31  "auth" is not a URL that can be read'],
    editor: 'cannot',
  },
  'secrets in the file': {
    file: [
      '{ "targets": { "local": {',
      '  "database": "postgresql://app:hunter2@localhost/app",',
      '  "users": {',
      '    "a": { "email": "a@example.test", "password": "hunter2" },',
      '    "b": { "email": "env:", "password": "env:NOT A NAME" }',
      '  }',
      '} } }',
    ].join('\n'),
    told: [
      '2:15  "database" has a password in it: write env:NAME, and set NAME',
      '4:51  "password" must not be in the file: write env:NAME, and set NAME',
      '5:21  "email" names no variable: env: is followed by capitals, digits and _',
      '5:41  "password" names no variable: env: is followed by capitals, digits and _',
    ],
    editor: 'refuses',
  },
  'a password after env:': {
    file: '{ "targets": { "x": { "users": { "a": { "password": "env:hunter2" } } } } }',
    told: ['1:53  "password" names no variable: env: is followed by capitals, digits and _'],
    editor: 'refuses',
  },
  'a password in the query of a database URL': {
    file: '{ "targets": { "x": { "database": "postgres://h/d?password=hunter2" } } }',
    told: ['1:35  "database" has a password in it: write env:NAME, and set NAME'],
    editor: 'cannot',
  },
  'a database that is not PostgreSQL': {
    file: '{ "targets": { "x": { "database": "mysql://h/d" } } }',
    told: ['1:35  "database" must be env:NAME, or a postgresql:// URL without a password'],
    editor: 'refuses',
  },
  'a user made for the run who has an address': {
    file: '{ "targets": { "x": { "users": { "a": { "signUp": true, "email": "a@b.test" } } } } }',
    told: ['1:51  "signUp" makes a user for the run: leave out email and password, or this'],
    editor: 'cannot',
  },
  'a user who is not made for the run, and says so': {
    file: '{ "targets": { "x": { "users": { "a": { "signUp": false } } } } }',
    told: ['1:51  "signUp" must be true'],
    editor: 'refuses',
  },
  routes: {
    file: [
      '{ "targets": { "x": { "routes": {',
      '  "me": { "get": "api/me", "identity": "id" },',
      '  "resources": [{ "name": " ", "collection": "/a b", "item": "/a/:id", "id": "/~2" }],',
      '  "stream": {},',
      '  "chatkit": "http://x/chatkit",',
      '  "socket": { "auth": "cookie" }',
      '} } } }',
    ].join('\n'),
    told: [
      '2:18  "get" must be a path that begins with /, without spaces or #',
      '2:40  "identity" must be a JSON Pointer (RFC 6901), such as /user/id',
      '3:27  "name" must not be empty',
      '3:46  "collection" must be a path that begins with /, without spaces or #',
      '3:62  "item" must have {id} where the id goes',
      '3:78  "id" must be a JSON Pointer (RFC 6901), such as /user/id',
      '4:13  "post" is missing',
      '5:14  "chatkit" must be a path that begins with /, without spaces or #',
      '6:23  "auth" must be query:NAME, subprotocol:PROTOCOL, header, or message:TEMPLATE with {token} in it',
    ],
    editor: 'refuses',
  },
  'a message without a place for the token': {
    file: '{ "targets": { "x": { "routes": { "socket": { "auth": "message:hello" } } } } }',
    told: ['1:55  "auth" must have {token} in its template where the token goes'],
    editor: 'refuses',
  },
  'names of variables': {
    file: '{ "services": { "backend": { "dir": "b", "names": { "secret": "BETTER-AUTH" } } } }',
    told: ['1:63  "secret" must be the name of an environment variable'],
    editor: 'refuses',
  },
  'lines that end as on Windows, as on old Macs, and columns in UTF-16 units': {
    file: '{\r\n  // 😀\r  "$schema": "😀", "x": 1\r\n}',
    told: ['3:20  unknown key "x"; known here: $schema, services, targets'],
    editor: 'refuses',
  },
  'a byte order mark, which is no column': {
    file: '\ufeff{ "x": 1 }',
    told: ['1:3  unknown key "x"; known here: $schema, services, targets'],
    editor: 'refuses',
  },
};
