import { type RuntimeDates, runtimeDates } from './table.ts';

const SECTIONS = ['Supported runtimes', 'Deprecated runtimes'];
const COLUMNS = [
  'Name',
  'Identifier',
  'Deprecation date',
  'Block function create',
  'Block function update',
] as const;
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** AWS's page no longer looks the way this parser knows; the message says where. */
export class PageShapeError extends Error {
  override readonly name = 'PageShapeError';
}

/**
 * Reads the tables "Supported runtimes" and "Deprecated runtimes" of AWS's page in Markdown
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.md).
 * @throws {PageShapeError} on anything it does not know: a guess here would be a wrong date
 */
export function parseRuntimesPage(markdown: string): RuntimeDates[] {
  const lines = markdown.split(/\r?\n/);
  const runtimes = SECTIONS.flatMap((section) => parseSection(lines, section));
  const identifiers = runtimes.map(({ identifier }) => identifier);
  const twice = identifiers.find((identifier, index) => identifiers.indexOf(identifier) !== index);
  if (twice !== undefined) throw new PageShapeError(`the page lists "${twice}" twice`);
  return runtimes;
}

function parseSection(lines: string[], section: string): RuntimeDates[] {
  const [header, , ...rows] = tableBelow(lines, section);
  if (header === undefined || rows.length === 0) {
    throw new PageShapeError(`the page has no table below "${section}"`);
  }
  const titles = cellsOf(header).map((title) => title.toLowerCase());
  const positions = COLUMNS.map((column) => {
    const position = titles.indexOf(column.toLowerCase());
    if (position === -1) throw new PageShapeError(`"${section}" has no column "${column}"`);
    return position;
  });
  return rows.map((row) => parseRow(row, positions, titles.length, section));
}

/** The first pipe table between the section's heading and the next heading. */
function tableBelow(lines: string[], section: string): string[] {
  const isHeading = (line: string) => /^#+\s/.test(line);
  const heading = lines.findIndex(
    (line) =>
      isHeading(line) && clean(line.replace(/^#+/, '')).toLowerCase() === section.toLowerCase(),
  );
  if (heading === -1) throw new PageShapeError(`the page has no heading "${section}"`);
  const below = lines.slice(heading + 1);
  const end = below.findIndex(isHeading);
  const body = end === -1 ? below : below.slice(0, end);
  const start = body.findIndex(isTableLine);
  if (start === -1) return [];
  const table = body.slice(start);
  const stop = table.findIndex((line) => !isTableLine(line));
  return stop === -1 ? table : table.slice(0, stop);
}

function parseRow(row: string, positions: number[], width: number, section: string): RuntimeDates {
  const cells = cellsOf(row);
  if (cells.length !== width) {
    throw new PageShapeError(`a row of "${section}" has ${cells.length} cells instead of ${width}`);
  }
  const [name = '', identifier = '', ...days] = positions.map((position) => cells[position] ?? '');
  const [deprecated, createBlocked, updateBlocked] = days.map((day) => parseDay(day, identifier));
  const parsed = runtimeDates.safeParse({
    identifier: /^`([^`]+)`$/.exec(identifier)?.[1],
    deprecated,
    createBlocked,
    updateBlocked,
    ...(/container[ -]only/i.test(name) ? { containerOnly: true } : {}),
  });
  if (!parsed.success) {
    throw new PageShapeError(`"${section}" has a row without a runtime identifier`);
  }
  return parsed.data;
}

function parseDay(text: string, identifier: string): string | null {
  if (/^not scheduled$/i.test(text)) return null;
  const [, month, day, year] = /^([A-Za-z]{3,9})\.? (\d{1,2}), (\d{4})$/.exec(text) ?? [];
  const number = MONTHS.indexOf(month?.slice(0, 3).toLowerCase() ?? '') + 1;
  const iso = `${year}-${String(number).padStart(2, '0')}-${day?.padStart(2, '0')}`;
  // Date rolls the 31st of June over to July, so a date that changes on the way is not a date.
  const isDate = number > 0 && new Date(`${iso}T00:00Z`).toJSON()?.startsWith(iso) === true;
  if (!isDate) throw new PageShapeError(`${identifier} has a date that cannot be read: "${text}"`);
  return iso;
}

function isTableLine(line: string): boolean {
  return line.trim().startsWith('|');
}

function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map(clean);
}

/** Drops Markdown escapes, emphasis, anchors and the page's generous spaces. */
function clean(cell: string): string {
  return cell
    .replace(/<a [^>]*>\s*<\/a>/g, '')
    .replace(/\\([\\`*_{}[\]()#+\-.!|<>~])/g, '$1')
    .replace(/&nbsp;/g, ' ')
    .replace(/\*\*/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
