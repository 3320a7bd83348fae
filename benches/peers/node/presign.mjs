// Measures ns per presigned GetObject URL for the official Node.js SDK (ali-oss).
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import OSS from 'ali-oss';

const { version } = createRequire(import.meta.url)('ali-oss/package.json');
const MIN_WARM_UP_NS = 500_000_000;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    iterations: { type: 'string', default: '10000' },
  },
});
const rounds = Number(values.rounds);
const iterations = Number(values.iterations);
if (![rounds, iterations].every((n) => Number.isSafeInteger(n) && n > 0)) {
  console.error('usage: presign.mjs [--rounds R] [--iterations N]');
  process.exit(2);
}

const client = new OSS({
  region: 'oss-cn-hangzhou',
  bucket: 'examplebucket',
  accessKeyId: 'LTAI5tFakeAccessKeyId001',
  accessKeySecret: 'FakeSecretForTestsOnly0123456789',
  authorizationV4: true,
  secure: true,
});

const presign = () => client.signatureUrlV4('GET', 900, {}, 'dir/object.txt');

async function run(n) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < n; i++) await presign();
  return Number(process.hrtime.bigint() - start);
}

console.error('ali-oss', await presign());
for (let warm = 0; warm < MIN_WARM_UP_NS;) warm += await run(iterations);

const samples = [];
for (let i = 0; i < rounds; i++) samples.push((await run(iterations)) / iterations);
samples.sort((a, b) => a - b);
const mid = rounds >> 1;
const median = rounds % 2 ? samples[mid] : (samples[mid - 1] + samples[mid]) / 2;
// "-": allocations are not counted.
console.log(['ali-oss', version, ...[median, samples[0], samples.at(-1)].map((n) => n.toFixed(0)), '-'].join(' '));
