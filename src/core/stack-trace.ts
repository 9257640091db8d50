// every repetition is bounded: these look at a megabyte that a stranger wrote, and one that is not takes hours over spaces

/** A stack trace of Node, Python, Java, Go or PHP, also on one line or escaped in JSON. */
const trace =
  /\sat .{2,200}:\d{1,9}:\d|Traceback \(most recent call last\)|File "[^"\n]{1,300}", line \d|\bat [\w$.]{1,200}\([\w$]{1,200}\.java:\d|goroutine \d{1,9} \[|#\d{1,9} .{1,200}\.php\(\d/;

/** Lines of one, as a server prints them: `    at f (/app/x.js:1:2)`. */
const lines =
  /^[ \t]{1,40}at .{0,200}(\/|node:|file:)[^)\n]{1,200}:\d{1,9}:\d|Traceback \(most recent call last\)|File "[^"\n]{1,300}\.py", line \d/m;

/** Whether a text shows where in a program something went wrong. */
export function showsTrace(text: string): boolean {
  return trace.test(text);
}

/** The same, told from prose about places and times: the lines stand as a server prints them. */
export function showsTraceLines(text: string): boolean {
  return lines.test(text);
}
