// Calls a handler for a while and prints its calls per second.
// Usage: node warm.mjs HANDLER_FILE EVENT_FILE
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

const WARM_UP_MS = 2000;
const MEASURE_MS = 2000;
const [handlerFile, eventFile] = process.argv.slice(2);
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

const { handler } = await import(handlerFile);
const text = readFileSync(eventFile, 'utf8');
await callsPerSecond(WARM_UP_MS);
write(String(await callsPerSecond(MEASURE_MS)));

// One call at a time, each in a turn of the event loop of its own, as Lambda invokes an instance.
async function callsPerSecond(duration) {
  const startedAt = performance.now();
  let calls = 0;
  while (performance.now() - startedAt < duration) {
    const { statusCode } = await handler(JSON.parse(text), { awsRequestId: 'bench' });
    if (statusCode !== 200) throw new Error(`the handler answered ${statusCode}`);
    calls += 1;
    await setImmediate();
  }
  return (calls * 1000) / (performance.now() - startedAt);
}
