/** How a value usually comes to such a change, by the name of the variant. */
const reasons: Readonly<Record<string, string>> = {
  'with a trailing newline':
    '`echo` without -n, or a file given whole (`--from-file`, `--secret-file`), adds a newline',
  'with a trailing carriage return': 'a file with Windows line ends was sourced by a shell',
  'with a trailing carriage return and newline': 'a file with Windows line ends was taken whole',
  'with a trailing space': 'docker run --env-file keeps white space at the end of a line; other loaders trim it',
  'with a leading space': 'white space after = is kept by some loaders',
  'trimmed of white space': 'one side trims white space, the other keeps it',
  'in double quotes': 'docker run --env-file of older releases, docker stack and YAML keep the quotes',
  'in single quotes': 'docker run --env-file of older releases, docker stack and YAML keep the quotes',
  'in backticks': "Python's loaders keep backticks, JavaScript's take them for quotes",
  'without its quotes': 'one loader takes the quotes for a part of the value, the other does not',
  'cut at #':
    "JavaScript's loaders take # in a value without quotes for the beginning of a comment; Python's and bash do not",
  'cut at white space before #': 'one loader takes # after white space for a comment, the other does not',
  'cut at $': 'Next.js, Vite, dotenv-expand, Compose and shells replace $NAME, here by nothing',
  'with $NAME emptied': 'Next.js, Vite, dotenv-expand, Compose and shells replace $NAME, here by nothing',
  'with $ and a digit emptied': 'a shell or Next.js replaces $1 by nothing',
  'with $$ made one $': 'Compose and expanding loaders read $$ as one $',
  'with \\$ made $': 'one loader takes the backslash for an escape, the other does not',
  'with \\n made a newline': 'inside double quotes \\n becomes a newline in some loaders',
  'without its backslashes': 'a shell takes backslashes for escapes',
  'decoded from hex': 'the code decodes the hex text to bytes; Better Auth uses the text itself',
  'decoded from base64': 'the code decodes the base64 text to bytes; Better Auth uses the text itself',
  'encoded as base64': 'a Kubernetes `data` field was given text that was encoded already, or is never decoded',
  'encoded as base64 with a trailing newline': '`echo` without -n was piped into base64',
  'turned from hex to base64': 'the same bytes were written once in hex and once in base64',
  'turned from base64 to hex': 'the same bytes were written once in base64 and once in hex',
  'in the base64url alphabet': 'base64 and base64url spell the same bytes with other characters',
  'in the base64 alphabet': 'base64 and base64url spell the same bytes with other characters',
  'without base64 padding': 'the = at the end of base64 was cut off',
  'with base64 padding': 'the = at the end of base64 was added',
  'in base64url without padding': 'base64 and base64url spell the same bytes with other characters',
  'percent-decoded': 'the value went through a URL or a form',
  'percent-encoded': 'the value went through a URL or a form',
  'with + made a space': 'the value went through a form, where + is a space',
  'in upper case': 'the value was copied by hand or by a tool that changes case',
  'in lower case': 'the value was copied by hand or by a tool that changes case',
  'behind a byte order mark': 'an editor on Windows put a byte order mark before it',
  'the word undefined': 'the code writes the text of a variable that is not set',
  'the word None': 'the code writes the text of a variable that is not set',
  'the word null': 'the code writes the text of a variable that is not set',
  'an empty value': 'the variable is set to nothing, or under another name',
  'without its last character': 'it was copied by hand',
  'without its first character': 'it was copied by hand',
  "Better Auth's public default":
    'no secret reached the process, and Better Auth takes the one that is printed in its source',
};

/** Why such a change happens, where that is known. */
export function reasonOf(variant: string | null): string {
  return reasons[variant ?? ''] ?? 'something on the way from the file to the process changes it';
}
