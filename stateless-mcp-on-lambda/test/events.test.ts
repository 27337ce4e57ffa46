import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import * as z from 'zod';

const LOG_STREAM = '2026/11/22/[1]0123456789abcdef';
const handlerFile = pathToFileURL(resolve(process.env.HANDLER_FILE ?? 'src/lambda.ts')).href;

const answer = z.object({ statusCode: z.literal(200), body: z.string() });

/** Runs the handler as Lambda does: a process of its own, with the variables that Lambda sets. */
async function invoke(eventFile: string): Promise<unknown> {
  const script = `
    const { readFileSync, writeSync } = await import('node:fs');
    const { handler } = await import(${JSON.stringify(handlerFile)});
    const event = JSON.parse(readFileSync(${JSON.stringify(eventFile)}, 'utf8'));
    const result = await handler(event, { awsRequestId: 'aws-request-1' });
    writeSync(3, JSON.stringify(result));`;
  const { stdout } = await promisify(execFile)(
    'sh',
    [
      '-c',
      `exec "$0" --import tsx --input-type=module -e "$1" 3>&1 1>/dev/null`,
      process.execPath,
      script,
    ],
    {
      env: {
        ...process.env,
        AWS_LAMBDA_FUNCTION_NAME: 'f',
        AWS_LAMBDA_LOG_STREAM_NAME: LOG_STREAM,
      },
    },
  );
  const result = answer.parse(JSON.parse(stdout));
  return JSON.parse(result.body).result;
}

const expectations: Record<string, (result: unknown) => void> = {
  'legacy-initialize.json': (result) =>
    expect(result).to.deep.include({ protocolVersion: '2025-11-25' }),
  'modern-discover.json': (result) =>
    expect(result).to.deep.include({ supportedVersions: ['2026-07-28'] }),
  'legacy-tools-list.json': expectPingListed,
  'modern-tools-list.json': expectPingListed,
  'legacy-ping.json': expectPong,
  'modern-ping.json': expectPong,
};

function expectPingListed(result: unknown): void {
  expect(result).to.have.nested.property('tools[0].name', 'ping');
  expect(result).to.have.nested.property('tools[0].inputSchema.type', 'object');
}

function expectPong(result: unknown): void {
  expect(result).to.have.property('structuredContent').that.includes({
    message: 'hello',
    servedBy: LOG_STREAM,
    requestCount: 1,
  });
}

describe('the sample events', () => {
  it('are all covered here', async () => {
    expect(await readdir('events')).to.have.members(Object.keys(expectations));
  });

  for (const [file, expectResult] of Object.entries(expectations)) {
    it(`get their answer in Lambda's environment: ${file}`, async () => {
      await readFile(`events/${file}`);
      expectResult(await invoke(resolve('events', file)));
    });
  }
});
