import { publicDefault } from '../env-file/variants.js';

/** What people write where a secret belongs: in tutorials, templates and answers, and on lists of those who try them. */
const words =
  `secret secretkey secret-key secret_key jwtsecret jwt-secret jwt_secret mysecret my-secret my_secret mysecretkey my-secret-key
my_secret_key your-secret your_secret your-secret-key your_secret_key your-secret-here your_secret_here your-jwt-secret
your_jwt_secret your-256-bit-secret your-384-bit-secret your-512-bit-secret yoursecret yoursecretkey supersecret super-secret
super_secret supersecretkey super-secret-key super_secret_key super-secret-jwt-token super-secret-jwt-key topsecret top-secret
changeme change-me change_me changeit change-this change_this change-in-production please-change-me
change-me-to-a-random-secret changethis changethissecret replace-me replace_me replaceme todo fixme
password passw0rd password1 p@ssw0rd pass passwd admin administrator root user guest test testing tests test-secret
test_secret testsecret testkey test-key dev devsecret dev-secret dev_secret development development-secret local localsecret
staging production prod default defaultsecret default-secret example example-secret example_secret example-key sample demo
demo-secret placeholder dummy dummy-secret foo bar foobar baz qwerty abc abcdef abc123 123 1234 12345 123456 1234567 12345678
123456789 1234567890 0 1 00000000 letmein welcome hello helloworld hello-world world key mykey my-key my_key private privatekey
private-key private_key publickey token mytoken access accesstoken access-token-secret refresh-token-secret session
session-secret session_secret sessionsecret cookie cookie-secret cookiesecret keyboard keyboardcat keyboard-cat auth
auth-secret auth_secret authsecret better-auth better-auth-secret better_auth_secret betterauth betterauthsecret
nextauth nextauth-secret nextauth_secret next-auth-secret hs256 hs256-secret hmac hmac-secret signing signing-key
signingkey jwt jwtkey jwt-key jwt_key jwt-token jwttoken api apikey api-key api_key app appsecret app-secret app_key
application shhh shhhh shhhhh shhhhhhared-secret shared-secret sharedsecret notasecret not-a-secret insecure
insecure-secret unsafe unsafe-secret unused unknown none null undefined nil true false string value xxx xxxx xxxxx xxxxxxxx
asdf asdfasdf aaaa aaaaaaaa zzzzzzzz a b c x s k secret1 secret12 secret123 secret1234 mypassword my-password iloveyou
dragon monkey football master sunshine princess shadow superman batman trustno1 letmein123 welcome1 admin123 root123`.split(
    /\s+/,
  );

const long = [
  publicDefault,
  'keyboard cat',
  'your secret here',
  'your-secret-key-here-min-32-chars',
  'your-secret-key-min-32-characters',
  'your-secret-key-at-least-32-characters-long',
  'your-super-secret-key-at-least-32-characters-long',
  'your-super-secret-jwt-token-with-at-least-32-characters-long',
  'super-secret-jwt-token-with-at-least-32-characters-long',
  'a-string-secret-at-least-256-bits-long',
  'a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long',
  'this-is-a-secret-key-that-should-be-changed',
  'this_is_a_very_long_secret_key_for_development_only',
  'change-this-to-a-secure-random-string-in-production',
  'development-secret-change-in-production',
  'dev-secret-change-in-production-min-32-chars',
  'please-change-this-secret-in-production',
  '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
  '00000000000000000000000000000000',
  '11111111111111111111111111111111',
  '12345678901234567890123456789012',
  '0123456789abcdef0123456789abcdef',
  'abcdefghijklmnopqrstuvwxyz123456',
  'abcdefghijklmnopqrstuvwxyz012345',
  'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
];

const endings = ['', '!', '1', '123', '1234', '2024', '2025', '-here', '-key'];

/** About two thousand secrets that are no secrets. */
export const knownSecrets: ReadonlySet<string> = new Set([
  ...long,
  ...words.flatMap((word) => endings.map((ending) => `${word}${ending}`)),
  ...words.flatMap((word) => [word.toUpperCase(), `${word.charAt(0).toUpperCase()}${word.slice(1)}`]),
]);
