// The least that finding a secret can cost: each line against each value, one HMAC each, nothing told but a count.
const { createHmac } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { createInterface } = require('node:readline');

const values = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'));
let found = 0;
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const dot = line.lastIndexOf('.');
    const input = line.slice(0, dot);
    const signature = line.slice(dot + 1);
    if (values.some((value) => createHmac('sha256', value).update(input).digest('base64url') === signature)) found += 1;
  })
  .on('close', () => console.log(found));
