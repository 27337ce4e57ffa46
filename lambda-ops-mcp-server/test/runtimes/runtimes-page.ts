import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { snapshot } from '../../src/runtimes/source.ts';
import { isPastDeprecation, statusOf } from '../../src/runtimes/status.ts';
import type { RuntimeDates } from '../../src/runtimes/table.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** AWS's page in Markdown, with its spaces, escapes and anchors, made from the snapshot. */
export function runtimesPage(runtimes: readonly RuntimeDates[] = snapshot.runtimes): string {
  const isOld = (runtime: RuntimeDates) => isPastDeprecation(statusOf(runtime, '2026-11-22'));
  return `# Lambda runtimes
<a name="lambda-runtimes"></a>

Lambda supports multiple languages through the use of *runtimes*.

## Supported runtimes
<a name="runtimes-supported"></a>

The following table lists the supported Lambda runtimes \\(and projected dates\\).

**Important**  
Amazon Linux 2 reaches end of life.

${HEADER}
${runtimes
  .filter((runtime) => !isOld(runtime))
  .map(row)
  .join('\n')}

**Note**  
For new regions, some runtimes are left out.

## Runtime use after deprecation
<a name="runtime-deprecation-levels"></a>

| Phase | What it means |
| --- | --- |
| Deprecation | No patches |

## Deprecated runtimes
<a name="runtimes-deprecated"></a>

The following runtimes have reached end of support:

${HEADER}
${runtimes.filter(isOld).map(row).join('\n')}
`;
}

const HEADER = `| Name | Identifier | Operating system | Deprecation date | Block function create | Block function update | 
| --- | --- | --- | --- | --- | --- | `;

function row({
  identifier,
  deprecated,
  createBlocked,
  updateBlocked,
  containerOnly,
}: RuntimeDates) {
  const name = containerOnly === true ? `${identifier} \\(container only\\)` : identifier;
  const days = [deprecated, createBlocked, updateBlocked].map(written);
  return `|  ${name}  |  \`${identifier}\`  |  Amazon Linux 2023  |   ${days.join('   |   ')}   | `;
}

function written(day: string | null): string {
  if (day === null) return 'Not scheduled';
  const [year, month, date] = day.split('-').map(Number);
  return `${MONTHS[(month ?? 1) - 1]} ${date}, ${year}`;
}

export interface PageServer {
  readonly url: string;
  readonly requests: number[];
  close(): Promise<void>;
}

/** Serves a page; with `null` it accepts the request and never answers. */
export async function servePage(page: () => string | null, status = 200): Promise<PageServer> {
  const requests: number[] = [];
  const server = createServer((_request, response) => {
    requests.push(requests.length);
    const body = page();
    if (body !== null) response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // `as`: a server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/lambda-runtimes.md`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
