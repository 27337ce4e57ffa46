import { strict as assert } from 'node:assert';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';

type Print = (line: string) => void;

/**
 * Scan, plan, upgrade, an upgrade that rolls back, and an undo. Each step checks its outcome, so
 * that the demo's exit code says whether the server works.
 */
export async function walkThrough(client: Client, print: Print): Promise<void> {
  const call = caller(client, print);

  print('1. Which functions need an upgrade, in all regions?');
  const found = await call('find-deprecated-functions', { withinDays: 180 });
  assert.equal(found.functions.length, 4);

  print('2. What does it mean for orders-api?');
  const plan = await call('plan-runtime-upgrade', { functionName: 'orders-api' });

  print('3. Upgrade it, with a smoke test.');
  const upgraded = await call('update-function-runtime', {
    planId: plan.planId,
    smokeTestPayload: { ping: true },
  });
  assert.equal(upgraded.outcome, 'upgraded');

  print('4. thumbnails still has a callback handler: its smoke test fails on nodejs24.x.');
  const risky = await call('plan-runtime-upgrade', { functionName: 'thumbnails' });
  const undone = await call('update-function-runtime', {
    planId: risky.planId,
    smokeTestPayload: { image: 'cat.jpg' },
  });
  assert.equal(undone.outcome, 'rolled-back');

  print('5. billing-export belongs to a stack: the plan names the line to change instead.');
  const owned = await call('plan-runtime-upgrade', {
    functionName: 'billing-export',
    region: 'us-east-1',
  });
  assert.match(String(owned.templateChange), /^Runtime: python3\.14 /);

  print('6. Changed your mind about orders-api? The function remembers where it came from.');
  const back = await call('rollback-function-runtime', { functionName: 'orders-api' });
  assert.equal(back.to, 'nodejs20.x');
}

/** Calls a tool, prints its text as a person would read it, and returns the structured part. */
function caller(client: Client, print: Print) {
  return async (name: string, args: Record<string, unknown>) => {
    const result = CallToolResultSchema.parse(
      await client.callTool({ name, arguments: args }, undefined, {
        onprogress: ({ message }) => print(`  … ${message}`),
      }),
    );
    const [content] = result.content;
    const text = content?.type === 'text' ? content.text : '';
    assert.ok(result.isError !== true, text);
    print(`  ${text.replaceAll('\n', '\n  ')}\n`);
    // `as`: the client has checked the tools' output schemas; here only a few fields are read.
    return (result.structuredContent ?? {}) as Record<string, unknown> & { functions: unknown[] };
  };
}
