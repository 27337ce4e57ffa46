import { expect } from 'chai';
import { loadConfig } from '../src/config.ts';

describe('the configuration', () => {
  it('has defaults for a laptop', () => {
    expect(loadConfig({})).to.deep.equal({
      allowedOrigins: [],
      listensOnLoopback: true,
      host: '127.0.0.1',
      port: 3000,
      drainGraceMs: 5000,
      drainTimeoutMs: 25_000,
      maxConcurrentCalls: 500,
      sessionsTableName: undefined,
      sessionIdleMs: 1_800_000,
      sessionMaxLifeMs: 86_400_000,
      heartbeatLimitMs: 5000,
      maxSessions: 10_000,
      maxStreams: 5000,
      metadataUrl: undefined,
    });
  });

  it('does not count a public HOST as loopback', () => {
    expect(loadConfig({ HOST: '0.0.0.0' }).listensOnLoopback).to.equal(false);
  });

  it('splits ALLOWED_ORIGINS at commas', () => {
    const env = { ALLOWED_ORIGINS: 'https://a.example, http://localhost:5173,' };
    expect(loadConfig(env).allowedOrigins).to.deep.equal([
      'https://a.example',
      'http://localhost:5173',
    ]);
  });

  const wrong: [Record<string, string>, RegExp][] = [
    [{ ALLOWED_ORIGINS: 'https://a.example/x' }, /ALLOWED_ORIGINS: .* is not an origin; write/],
    [{ PORT: 'http' }, /PORT: is not a whole number from 0 to 65535/],
    [{ MAX_CONCURRENT_CALLS: '0' }, /MAX_CONCURRENT_CALLS: is not a whole number from 1/],
    [
      { DRAIN_TIMEOUT_SECONDS: '3' },
      /DRAIN_GRACE_SECONDS: is not below DRAIN_TIMEOUT_SECONDS; lower/,
    ],
    [{ HOST: '' }, /HOST: is empty; leave it out/],
  ];
  for (const [env, message] of wrong) {
    it(`names the variable and the fix: ${JSON.stringify(env)}`, () => {
      expect(() => loadConfig(env)).to.throw(message);
    });
  }
});
