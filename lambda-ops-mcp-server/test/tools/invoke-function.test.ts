import { expect } from 'chai';
import type { Run } from '../../src/demo/emulator/account.ts';
import { invokeFunction } from '../../src/tools/invoke-function.ts';
import { closeHarnesses, startHarness } from '../harness.ts';

const start = (run: (runtime: string, event: unknown) => Run) =>
  startHarness({
    seed: {
      regions: {
        'eu-west-1': [{ name: 'api', runtime: 'nodejs20.x', versions: ['nodejs18.x'], run }],
      },
    },
  });
const args = { functionName: 'api', confirm: true };

describe('invoke-function', () => {
  afterEach(closeHarnesses);

  it('returns status, decoded payload and the end of the log', async () => {
    const { ok } = await start((runtime, event) => ({
      payload: { runtime, event },
      log: 'hello\n',
    }));
    const result = await ok(invokeFunction, { ...args, payload: { n: 1 } });
    expect(result).to.deep.include({
      ...{ statusCode: 200, functionError: null, errorType: null, isPayloadCut: false },
      payload: { runtime: 'nodejs20.x', event: { n: 1 } },
      logTail: 'hello\n',
    });
  });

  it('sends {} without a payload, and runs the version that the qualifier names', async () => {
    const { ok } = await start((runtime, event) => ({ payload: { runtime, event } }));
    const { payload } = await ok(invokeFunction, { ...args, qualifier: '1' });
    expect(payload).to.deep.equal({ runtime: 'nodejs18.x', event: {} });
  });

  it('reports an error of the function as a result, with its type', async () => {
    const { ok } = await start(() => ({
      payload: {
        errorType: 'TypeError',
        errorMessage: 'x is undefined',
        trace: ['at secret.js:1'],
      },
      functionError: 'Unhandled',
    }));
    const result = await ok(invokeFunction, args);
    expect(result).to.include({ functionError: 'Unhandled', errorType: 'TypeError' });
    expect(result.text).to.match(/failed: TypeError x is undefined/);
  });

  it('cuts payload and log so that the answer stays within 20,480 bytes', async () => {
    const { ok } = await start(() => ({
      payload: { text: '"\u0001ü'.repeat(100_000) },
      log: `${'\u001b[31m"old"\n'.repeat(450)}the last line`,
    }));
    const result = await ok(invokeFunction, args);
    expect(result.isPayloadCut).to.equal(true);
    expect(result.payload).to.match(/^\{"text":/);
    expect(result.logTail).to.match(/the last line$/);
  });

  it('cuts a very long error message', async () => {
    const { ok } = await start(() => ({
      payload: { errorType: 'E'.repeat(50_000), errorMessage: 'm'.repeat(50_000) },
      functionError: 'Unhandled',
    }));
    expect((await ok(invokeFunction, args)).functionError).to.equal('Unhandled');
  });

  it('runs nothing and needs no confirmation with dryRun', async () => {
    let runs = 0;
    const { ok } = await start(() => {
      runs += 1;
      return { payload: runs };
    });
    const result = await ok(invokeFunction, { functionName: 'api', dryRun: true });
    expect(result).to.include({ statusCode: 204, dryRun: true });
    expect(runs).to.equal(0);
  });

  it('is never sent twice, even when AWS throttles it', async () => {
    const { refused, emulator } = await start(() => ({ payload: 1 }));
    emulator.throttled.set('lambda:InvokeFunction', 9);
    expect(await refused(invokeFunction, args)).to.match(/throttles lambda:InvokeFunction/);
    expect(emulator.calls).to.have.length(1);
  });

  it('keeps payload and result out of the log', async () => {
    const { ok, log } = await start(() => ({ payload: 'result-secret', log: 'log-secret' }));
    await ok(invokeFunction, { ...args, payload: 'event-secret' });
    expect(log.join('')).not.to.match(/secret/);
  });
});
