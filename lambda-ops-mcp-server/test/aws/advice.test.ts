import { expect } from 'chai';
import { adviceFor } from '../../src/aws/advice.ts';
import { AwsFailure } from '../../src/aws/failure.ts';
import { emulatedEnvironment } from '../../src/demo/emulated-environment.ts';
import { getFunction } from '../../src/tools/get-function.ts';
import { listFunctions } from '../../src/tools/list-functions.ts';
import { planRuntimeUpgrade } from '../../src/tools/plan-runtime-upgrade.ts';
import { closeHarnesses, startHarness } from '../harness.ts';

const seed = { regions: { 'eu-west-1': [{ name: 'api', runtime: 'nodejs20.x' }] } };

describe('an error of AWS', () => {
  afterEach(closeHarnesses);

  for (const action of [
    'lambda:GetFunctionConfiguration',
    'lambda:ListTags',
    'lambda:ListAliases',
  ]) {
    it(`names the missing action ${action}, and no account, user or stack trace`, async () => {
      const { refused, emulator } = await startHarness({ seed });
      emulator.denied.add(action);
      const text = await refused(planRuntimeUpgrade, { functionName: 'api' });
      expect(text).to.include(`the credentials lack ${action} in eu-west-1`);
      expect(text).not.to.match(/arn:|123456789012|\n\s+at /);
    });
  }

  it('says what to do about a missing function', async () => {
    const { refused } = await startHarness({ seed });
    expect(await refused(getFunction, { functionName: 'gone' })).to.match(
      /no such function.*list-functions/s,
    );
  });

  it('reports throttling only after several attempts', async () => {
    const { refused, emulator } = await startHarness({ seed });
    emulator.throttled.set('lambda:ListFunctions', 100);
    expect(await refused(listFunctions)).to.match(
      /still throttles lambda:ListFunctions in eu-west-1/,
    );
    expect(emulator.calls.length).to.equal(5);
  }).timeout(30_000);

  it('says that an endpoint cannot be reached', async () => {
    const { refused, emulator } = await startHarness({ seed });
    await emulator.close();
    expect(await refused(listFunctions)).to.match(/cannot be reached.*AWS_ENDPOINT_URL/s);
  }).timeout(30_000);

  it('asks for a region when none is known', async () => {
    const { emulator, close } = await startHarness({ seed });
    delete process.env.AWS_REGION;
    try {
      const other = await startHarnessWithoutRegion();
      expect(await other.refused(listFunctions)).to.match(/Pass `region`, or set AWS_REGION/);
    } finally {
      Object.assign(process.env, emulatedEnvironment(emulator.url));
      await close();
    }
  });

  const codes: [code: string, advice: RegExp][] = [
    ['ExpiredTokenException', /have expired.*aws sso login/],
    ['CredentialsProviderError', /No usable AWS credentials.*AWS_PROFILE/],
    ['UnrecognizedClientException', /may not be enabled/],
    ['ResourceConflictException', /being created or updated.*new plan/],
    ['PreconditionFailedException', /changed by someone else.*plan-runtime-upgrade/],
    ['InvalidParameterValueException', /AWS rejects.*the reason/],
    ['CodeStorageExceededException', /no room for another function version/],
    ['SnapStartNotReadyException', /SnapStart/],
    ['KMSAccessDeniedException', /KMS key/],
    ['TimeoutError', /did not answer in time/],
    ['SomethingNewException', /failed in eu-west-1 with SomethingNewException/],
  ];
  for (const [code, advice] of codes) {
    it(`becomes a sentence with a next step: ${code}`, () => {
      const cause = Object.assign(new Error('the reason'), { name: code });
      expect(adviceFor(new AwsFailure('lambda:GetFunction', 'eu-west-1', cause))).to.match(advice);
    });
  }
});

async function startHarnessWithoutRegion() {
  const harness = await startHarness({ seed });
  delete process.env.AWS_REGION;
  return harness;
}
