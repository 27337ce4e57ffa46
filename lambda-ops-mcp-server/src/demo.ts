import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  getDefaultEnvironment,
  StdioClientTransport,
} from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { demoAccount } from './demo/demo-account.ts';
import { emulatedEnvironment } from './demo/emulated-environment.ts';
import { startEmulator } from './demo/emulator/emulator.ts';
import { walkThrough } from './demo/walk-through.ts';

/** A day on which the dates of the demo's runtimes make a story. */
const DEMO_DAY = '2026-11-22';

/** Runs the real server over stdio against an emulated account, and prints what a person would see. */
const emulator = await startEmulator(demoAccount);
const client = new Client(
  { name: 'demo', version: '1.0.0' },
  { capabilities: { elicitation: {} } },
);
client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
  console.log(`  ? ${params.message}\n    (the demo answers: yes)`);
  return { action: 'accept', content: {} };
});
try {
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['--import', 'tsx', serverFile(), '--offline', '--today', DEMO_DAY, '--allow-writes'],
      env: { ...getDefaultEnvironment(), ...emulatedEnvironment(emulator.url) },
      stderr: 'ignore',
    }),
  );
  await walkThrough(client, (line) => console.log(line));
  console.log('All of it held.');
} catch (error) {
  console.error(`The demo failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await client.close();
  await emulator.close();
}

function serverFile(): string {
  return fileURLToPath(new URL('./index.ts', import.meta.url));
}
