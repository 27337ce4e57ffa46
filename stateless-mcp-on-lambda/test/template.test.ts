import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parse } from 'yaml';

describe('template.yaml', () => {
  // CloudFormation's tags (!Ref, !Sub) are left as plain values.
  let template: ReturnType<typeof parse>;
  before(async () => {
    template = parse(await readFile('template.yaml', 'utf8'), { logLevel: 'error' });
  });

  it('names a handler that its own build options produce', async () => {
    const { Metadata, Properties } = template.Resources.McpFunction;
    const [file, name] = Properties.Handler.split('.');
    expect(Metadata.BuildProperties.EntryPoints).to.deep.equal([`src/${file}.ts`]);
    const module = await import(`../src/${file}.ts`);
    expect(module[name].constructor.name).to.equal('AsyncFunction');
    expect(module[name].length, 'nodejs24.x refuses callback handlers').to.be.below(3);
  });

  it('runs on the current runtime and on arm64', () => {
    expect(template.Globals.Function).to.include({ Runtime: 'nodejs24.x' });
    expect(template.Globals.Function.Architectures).to.deep.equal(['arm64']);
  });

  it('keeps every log for a time that is set', () => {
    const groups = Object.values<{ Type: string; Properties: object }>(template.Resources).filter(
      ({ Type }) => Type === 'AWS::Logs::LogGroup',
    );
    expect(groups).to.have.length(2);
    for (const { Properties } of groups) expect(Properties).to.have.property('RetentionInDays');
  });

  it('allows no wildcard, but for the two X-Ray actions that have no resource', () => {
    const statements = template.Resources.McpFunctionRole.Properties.Policies.flatMap(
      (policy: { PolicyDocument: { Statement: unknown[] } }) => policy.PolicyDocument.Statement,
    );
    expect(statements).to.have.length.above(0);
    for (const { Action, Resource } of statements) {
      expect(Action.join(' ')).not.to.contain('*');
      const isXRay = Action.every((action: string) => action.startsWith('xray:Put'));
      if (!isXRay) expect(Resource).not.to.equal('*');
    }
  });

  it('ends the function before API Gateway gives up', () => {
    expect(template.Resources.McpFunction.Properties.Timeout).to.be.below(30);
  });
});
