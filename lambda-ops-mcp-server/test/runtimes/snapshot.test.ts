import { expect } from 'chai';
import { BREAKING_CHANGES, changesBetween } from '../../src/runtimes/breaking-changes.ts';
import { familyOf, successorOf } from '../../src/runtimes/family.ts';
import { snapshot } from '../../src/runtimes/source.ts';
import { type RuntimeTable, snapshotFile } from '../../src/runtimes/table.ts';
import { TODAY } from '../harness.ts';

const table: RuntimeTable = { ...snapshot, source: 'snapshot' };
const identifiers = snapshot.runtimes.map(({ identifier }) => identifier);

describe('the snapshot', () => {
  it('has the form that it claims: identifiers, and dates that exist or null', () => {
    expect(snapshotFile.parse(snapshot)).to.deep.equal(snapshot);
  });

  it('lists each runtime once, in alphabetical order, so that a refresh has small differences', () => {
    expect(identifiers).to.deep.equal([...new Set(identifiers)].sort());
  });

  it('has no update block before its create block since AWS publishes both', () => {
    for (const { identifier, createBlocked, updateBlocked } of snapshot.runtimes) {
      if (createBlocked === null || updateBlocked === null) continue;
      expect(updateBlocked >= createBlocked, identifier).to.equal(true);
    }
  });

  it('gives every deprecated runtime a successor that is not deprecated', () => {
    const newest: Record<string, string> = {
      ...{ nodejs: 'nodejs24.x', python: 'python3.14', java: 'java25' },
      ...{ dotnet: 'dotnet10', ruby: 'ruby4.0', provided: 'provided.al2023' },
    };
    for (const identifier of identifiers) {
      const expected = newest[familyOf(identifier)];
      const successor = successorOf(identifier, table, TODAY);
      expect(successor, identifier).to.equal(identifier === expected ? null : expected);
    }
  });
});

describe('the table of breaking changes', () => {
  it('names only runtimes that exist, and a source for each change', () => {
    for (const { since, family, source } of BREAKING_CHANGES) {
      if (since !== 'any') expect(identifiers).to.include(since);
      if (since !== 'any') expect(familyOf(since)).to.equal(family);
      expect(new URL(source).protocol).to.equal('https:');
    }
  });

  const ways: [from: string, to: string, meets: RegExp[], spares: RegExp[]][] = [
    ['nodejs16.x', 'nodejs18.x', [/AWS SDK for JavaScript v2/], [/Callback/, /2023/]],
    ['nodejs18.x', 'nodejs24.x', [/Callback/, /Amazon Linux 2023/], [/AWS SDK for JavaScript v2/]],
    ['nodejs22.x', 'nodejs24.x', [/Callback/], [/Amazon Linux/]],
    ['python3.11', 'python3.12', [/`imp`/, /Compiled wheels/], [/PEP 594/]],
    ['python3.12', 'python3.14', [/PEP 594/], [/`imp`/]],
    ['provided.al2', 'provided.al2023', [/2023/], [/bootstrap/]],
    ['go1.x', 'provided.al2023', [/bootstrap/, /2023/], []],
    ['dotnetcore3.1', 'dotnet10', [/targets one framework/, /2023/], []],
    ['java8', 'java25', [/JAXB/, /reflection/, /2023/], []],
    ['ruby3.4', 'ruby4.0', [/cgi/], [/Keyword/]],
  ];
  for (const [from, to, meets, spares] of ways) {
    it(`tells from ${from} to ${to} what is met, and not what is behind`, () => {
      const text = changesBetween(from, to)
        .map(({ change }) => change)
        .join('\n');
      for (const change of meets) expect(text).to.match(change);
      for (const change of spares) expect(text).not.to.match(change);
    });
  }
});
