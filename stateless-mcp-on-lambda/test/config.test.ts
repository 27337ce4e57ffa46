import { expect } from 'chai';
import { loadConfig } from '../src/config.ts';

describe('the configuration', () => {
  it('has defaults for a laptop', () => {
    expect(loadConfig({}, 42)).to.deep.equal({
      allowedOrigins: [],
      listensOnLoopback: true,
      host: '127.0.0.1',
      port: 3000,
      servedBy: 'local-42',
    });
  });

  it('knows Lambda by what Lambda sets', () => {
    const env = { AWS_LAMBDA_FUNCTION_NAME: 'f', AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/22/[1]abc' };
    const config = loadConfig(env, 42);
    expect(config.listensOnLoopback).to.equal(false);
    expect(config.servedBy).to.equal('2026/11/22/[1]abc');
  });

  it('does not count a public HOST as loopback', () => {
    expect(loadConfig({ HOST: '0.0.0.0' }, 42).listensOnLoopback).to.equal(false);
  });

  it('splits ALLOWED_ORIGINS at commas', () => {
    const env = { ALLOWED_ORIGINS: 'https://a.example, http://localhost:5173,' };
    expect(loadConfig(env, 42).allowedOrigins).to.deep.equal([
      'https://a.example',
      'http://localhost:5173',
    ]);
  });

  const wrong: [Record<string, string>, RegExp][] = [
    [
      { ALLOWED_ORIGINS: 'https://a.example/' },
      /ALLOWED_ORIGINS: "https:\/\/a\.example\/" is not an origin; write/,
    ],
    [{ ALLOWED_ORIGINS: '*' }, /ALLOWED_ORIGINS: "\*" is not an origin/],
    [{ PORT: 'http' }, /PORT: is not a whole number from 0 to 65535/],
    [{ PORT: '70000' }, /PORT: is not a whole number from 0 to 65535/],
    [{ HOST: '' }, /HOST: is empty; leave it out/],
  ];
  for (const [env, message] of wrong) {
    it(`names the variable and the fix: ${JSON.stringify(env)}`, () => {
      expect(() => loadConfig(env, 42)).to.throw(message);
    });
  }
});
