import { expect } from 'chai';
import { PageShapeError, parseRuntimesPage } from '../../src/runtimes/parse-page.ts';
import { snapshot } from '../../src/runtimes/source.ts';
import { runtimesPage } from './runtimes-page.ts';

const page = runtimesPage();
const byName = <T extends { identifier: string }>(rows: T[]) =>
  rows.sort((a, b) => a.identifier.localeCompare(b.identifier));

describe("AWS's runtimes page", () => {
  it('gives every runtime with its dates, whatever the spaces, escapes and notes around them', () => {
    expect(byName(parseRuntimesPage(page))).to.deep.equal(byName([...snapshot.runtimes]));
  });

  it('is read with escaped characters, long month names, Windows line ends and other columns', () => {
    const other = page
      .replaceAll('nodejs24.x`', 'nodejs24\\.x`')
      .replaceAll('`python3.14`', '**`python3.14`**')
      .replaceAll('Apr 30', 'April 30')
      .replaceAll('Not scheduled', 'Not&nbsp;scheduled')
      .replaceAll('| Operating system |', '| Operating system \\| image |')
      .replaceAll('\n', '\r\n');
    expect(byName(parseRuntimesPage(other))).to.deep.equal(byName([...snapshot.runtimes]));
  });

  const shapes: [what: string, change: (page: string) => string, message: RegExp][] = [
    ['is empty', () => '', /no heading "Supported runtimes"/],
    ['is an error page', () => '<html>Not here</html>', /no heading "Supported runtimes"/],
    ['is cut in the middle', (text) => text.slice(0, text.length / 2), /./],
    [
      'ends before its second table',
      (text) => text.slice(0, text.indexOf('## Deprecated runtimes')),
      /no heading "Deprecated runtimes"/,
    ],
    [
      'has a table without rows',
      (text) => text.replace(/(\| --- .*\n)(\| {2}.*\n)+/, '$1'),
      /no table below "Supported runtimes"/,
    ],
    [
      'renames a column',
      (text) => text.replaceAll('Block function update', 'No more updates'),
      /no column "Block function update"/,
    ],
    [
      'writes dates differently',
      (text) => text.replace('Apr 30, 2028', '30.4.2028'),
      /nodejs24.x.*30\.4\.2028/,
    ],
    [
      'has a date that does not exist',
      (text) => text.replace('Apr 30, 2028', 'Feb 30, 2028'),
      /Feb 30, 2028/,
    ],
    ['has an empty date', (text) => text.replace('Apr 30, 2028', ''), /nodejs24\.x.*""/],
    ['drops the backticks', (text) => text.replace('`nodejs24.x`', 'nodejs24.x'), /./],
    ['loses a cell', (text) => text.replace('   Apr 30, 2028   |', ''), /5 cells instead of 6/],
    [
      'lists a runtime twice',
      (text) => text.replace(/(\| {2}nodejs24\.x.*\n)/, '$1$1'),
      /"nodejs24.x" twice/,
    ],
  ];
  for (const [what, change, message] of shapes) {
    it(`is refused as a whole when it ${what}`, () => {
      expect(change(page)).not.to.equal(page);
      expect(() => parseRuntimesPage(change(page))).to.throw(PageShapeError, message);
    });
  }
});
