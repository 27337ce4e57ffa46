// Loads a handler, answers one event and prints the milliseconds since this process started.
// Usage: node cold.mjs HANDLER_FILE EVENT_FILE
import { readFileSync } from 'node:fs';

const [handlerFile, eventFile] = process.argv.slice(2);
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

const { handler } = await import(handlerFile);
const event = JSON.parse(readFileSync(eventFile, 'utf8'));
const { statusCode } = await handler(event, { awsRequestId: 'bench' });
if (statusCode !== 200) throw new Error(`the handler answered ${statusCode}`);
write(String(performance.now()));
