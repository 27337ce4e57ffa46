import { expect } from 'chai';
import { getFunction } from '../../src/tools/get-function.ts';
import { closeHarnesses, startHarness } from '../harness.ts';

const LAYER = 'arn:aws:lambda:eu-west-1:123456789012:layer:tools:1';
const FOREIGN_LAYER = 'arn:aws:lambda:eu-west-1:999999999999:layer:private:1';
const seed = {
  layers: [{ arn: LAYER, compatibleRuntimes: ['nodejs20.x'] }],
  regions: {
    'eu-west-1': [
      {
        name: 'api',
        runtime: 'nodejs20.x',
        environment: { API_KEY: 'hunter2-the-secret', STAGE: 'prod-value' },
        layers: [LAYER, FOREIGN_LAYER],
        versions: ['nodejs18.x'],
        aliases: { live: '1' },
        tags: { team: 'shop' },
      },
      { name: 'image' },
    ],
    'us-east-1': [{ name: 'far', runtime: 'python3.14' }],
  },
};

describe('get-function', () => {
  afterEach(closeHarnesses);

  it('shows configuration, tags, aliases, runtime management and layers with the status', async () => {
    const { ok } = await startHarness({ seed });
    const answer = await ok(getFunction, { functionName: 'api' });
    expect(answer).to.deep.include({
      ...{ runtime: 'nodejs20.x', status: 'deprecated', successor: 'nodejs24.x' },
      ...{ deadline: '2027-02-01', tags: { team: 'shop' }, memoryMb: 128 },
      aliases: [{ name: 'live', versions: ['1'] }],
      runtimeManagement: { updateRuntimeOn: 'Auto', runtimeVersionArn: null },
      layers: [
        { arn: LAYER, compatibleRuntimes: ['nodejs20.x'] },
        { arn: FOREIGN_LAYER, compatibleRuntimes: null },
      ],
    });
  });

  it('never returns or logs the value of an environment variable', async () => {
    const { call, log } = await startHarness({ seed });
    const answer = JSON.stringify(await call(getFunction, { functionName: 'api' }));
    expect(answer).to.include('API_KEY').and.to.include('STAGE');
    expect(answer + log.join('')).not.to.match(/hunter2|prod-value/);
  });

  it('does without runtime management when that is denied, and says so', async () => {
    const { ok, emulator } = await startHarness({ seed });
    emulator.denied.add('lambda:GetRuntimeManagementConfig');
    const answer = await ok(getFunction, { functionName: 'api' });
    expect(answer.runtimeManagement).to.equal(null);
    expect(answer.incomplete.join()).to.match(/lambda:GetRuntimeManagementConfig/);
  });

  it('shows a version or what an alias points at, when asked', async () => {
    const { ok } = await startHarness({ seed });
    for (const qualifier of ['1', 'live']) {
      const answer = await ok(getFunction, { functionName: 'api', qualifier });
      expect(answer).to.include({ version: '1', runtime: 'nodejs18.x' });
    }
  });

  it('shows a container image without a runtime', async () => {
    const { ok } = await startHarness({ seed });
    const answer = await ok(getFunction, { functionName: 'image' });
    expect(answer).to.include({ packageType: 'Image', runtime: null, status: 'unknown' });
  });

  it('takes the region from an ARN', async () => {
    const { ok, refused } = await startHarness({ seed });
    const functionName = 'arn:aws:lambda:us-east-1:123456789012:function:far';
    expect(await ok(getFunction, { functionName })).to.include({ region: 'us-east-1' });
    expect(await refused(getFunction, { functionName, region: 'eu-west-1' })).to.match(
      /Leave out region/,
    );
  });

  it('refuses qualified names and words that are no region, saying what to write', async () => {
    const { refused } = await startHarness({ seed });
    expect(await refused(getFunction, { functionName: 'api:live' })).to.match(/`qualifier`/);
    expect(await refused(getFunction, { functionName: 'api', region: 'Ireland' })).to.match(
      /like eu-central-1/,
    );
  });

  it('stays within the bounds with very many aliases and tags, and gives their totals', async () => {
    const many = (count: number, value: string) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, n) => [`${'k'.repeat(100)}${n}`, value]),
      );
    const big = {
      name: 'big',
      runtime: 'ruby3.2',
      tags: many(50, 'ü'.repeat(256)),
      aliases: many(120, '1'),
    };
    const { ok } = await startHarness({ seed: { regions: { 'eu-west-1': [big] } } });
    const answer = await ok(getFunction, { functionName: 'big' });
    expect(answer).to.include({ aliasesTotal: 120, tagsTotal: 50 });
  });
});
