import { expect } from 'chai';
import { loadOptions } from '../src/options.ts';

describe('the command line', () => {
  it('is read-only, asks for confirmation and limits nothing by default', () => {
    expect(loadOptions([], {})).to.deep.equal({
      policy: {
        ...{ allowsWrites: false, asksForConfirmation: true },
        ...{ allowFunctions: [], denyFunctions: [], regions: [] },
      },
      ...{ isOffline: false, runtimesUrl: undefined, today: undefined, show: undefined },
    });
  });

  it('allows writes by the flag or by the variable', () => {
    expect(loadOptions(['--allow-writes'], {}).policy.allowsWrites).to.equal(true);
    const allows = (value: string) =>
      loadOptions([], { LAMBDA_OPS_ALLOW_WRITES: value }).policy.allowsWrites;
    expect(allows('true')).to.equal(true);
    expect(allows('false')).to.equal(false);
  });

  it('reads lists separated by commas', () => {
    const args = [
      '--allow-functions',
      'dev-*, test-?',
      '--deny-functions=a',
      '--regions',
      'eu-west-1,us-gov-west-1',
    ];
    expect(loadOptions(args, {}).policy).to.deep.include({
      allowFunctions: ['dev-*', 'test-?'],
      denyFunctions: ['a'],
      regions: ['eu-west-1', 'us-gov-west-1'],
    });
  });

  const wrong: [args: string[], env: Record<string, string>, message: RegExp][] = [
    [['--allow-write'], {}, /--allow-write.*--help/],
    [['--allow-functions', ''], {}, /--allow-functions has an empty entry/],
    [['--allow-functions', 'a,,b'], {}, /--allow-functions has an empty entry/],
    [['--deny-functions', 'prod.*'], {}, /--deny-functions is not a pattern/],
    [['--regions', 'Ireland'], {}, /--regions is not a region; write it like eu-west-1/],
    [['--runtimes-url', 'file:///etc/passwd'], {}, /--runtimes-url is not an http/],
    [['--today', '2027-02-30'], {}, /--today is not a day/],
    [['--regions'], {}, /--regions.*argument missing.*--help/],
    [['serve'], {}, /serve.*--help/],
    [[], { LAMBDA_OPS_ALLOW_WRITES: 'yes' }, /LAMBDA_OPS_ALLOW_WRITES has to be true or false/],
  ];
  for (const [args, env, message] of wrong) {
    it(`is refused with the flag or variable and the fix: ${[...args, ...Object.values(env)].join(' ')}`, () => {
      expect(() => loadOptions(args, env)).to.throw(message);
    });
  }
});
