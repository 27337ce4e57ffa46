import { expect } from 'chai';
import type { RequestHandler } from 'express';
import { runClient } from '../src/client.ts';
import { createMemoryStore } from '../src/sessions/memory-store.ts';
import { startTask, TEST_LIMITS } from './tasks.ts';

describe("the sample's client", () => {
  it('begins a new session when its own is lost, and repeats a call that got no answer', async () => {
    const store = createMemoryStore(TEST_LIMITS);
    let trouble: 'none' | 'session lost' | 'no answer' = 'none';
    const authenticate: RequestHandler = async (req, _res, next) => {
      const now = trouble;
      trouble = 'none';
      if (now === 'no answer') return void req.socket.destroy();
      if (now === 'session lost') await store.deleteSession(req.get('mcp-session-id') ?? '');
      next();
    };
    const task = await startTask('A', store, { authenticate });
    const lines: string[] = [];
    await runClient(task.url, { era: 'auto', calls: 3, message: 'hi' }, (line) => {
      lines.push(line);
      if (line.includes('ping 1')) trouble = 'session lost';
      if (line.includes('ping 2')) trouble = 'no answer';
    });
    await task.close();
    const told = lines.filter((line) => /ping \d|session {3}/.test(line));
    expect(told).to.have.length(4);
    expect(told[0]).to.contain('ping 1').and.contain('answered call 2 of the session');
    expect(told[1]).to.contain('began a new one');
    expect(told[2]).to.contain('ping 2').and.contain('answered call 1 of the session');
    expect(told[3]).to.contain('ping 3').and.contain('answered call 2 of the session');
  });
});
