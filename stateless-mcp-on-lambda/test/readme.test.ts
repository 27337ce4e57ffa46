import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { expect } from 'chai';
import * as z from 'zod';
import { defineTool } from '../src/tools/tool.ts';
import { post } from './requests.ts';
import { serveApp } from './serve.ts';

describe('"Make it yours" in the README', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(resolve('test/.tmp-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('adds a tool by its one file and its one line', async () => {
    const readme = await readFile('README.md', 'utf8');
    const [toolFile, listLine] = [...readme.matchAll(/^ {3}```ts\n(.*?)^ {3}```$/gms)].map(
      ([, code = '']) => code.replaceAll(/^ {3}/gm, ''),
    );
    if (toolFile === undefined || listLine === undefined) throw new Error('The code is gone.');

    await cp('src/tools', folder, { recursive: true });
    await writeFile(join(folder, 'convert-units.ts'), toolFile);
    const list = await readFile(join(folder, 'index.ts'), 'utf8');
    expect(list).to.match(/^export const tools.*$/m);
    await writeFile(
      join(folder, 'index.ts'),
      `import { convertUnits } from './convert-units.ts';\n${list.replace(/^export const tools.*$/m, listLine)}`,
    );
    await rm(join(folder, 'call-tool.ts'));
    const { tools } = await import(pathToFileURL(join(folder, 'index.ts')).href);

    const served = await serveApp({ tools });
    const params = { name: 'convert-units', arguments: { value: 1, from: 'ft' } };
    for (const era of ['legacy', 'modern'] as const) {
      const answer = await fetch(served.url, post(era, 'tools/call', params));
      expect(await answer.text()).to.contain('"structuredContent":{"value":0.3048,"unit":"m"}');
    }
    await served.close();
  });

  it("authenticates by the SDK's middleware, and tools learn who calls", async () => {
    const whoAmI = defineTool({
      name: 'who-am-i',
      title: 'Who am I',
      description: 'Say which client calls.',
      inputSchema: z.object({}),
      outputSchema: z.object({ clientId: z.string() }),
      annotations: {
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      },
      run: (_input, { authInfo }) => ({ clientId: authInfo?.clientId ?? 'nobody' }),
    });
    const verifier = {
      verifyAccessToken: async (token: string) => ({
        token,
        clientId: `client of ${token}`,
        scopes: [],
        expiresAt: Date.now() / 1000 + 60,
      }),
    };
    const served = await serveApp({
      tools: [whoAmI],
      authenticate: requireBearerAuth({ verifier }),
    });
    for (const era of ['legacy', 'modern'] as const) {
      const refused = await fetch(served.url, post(era, 'tools/call', { name: 'who-am-i' }));
      expect(refused.status).to.equal(401);
      const headers = { authorization: 'Bearer t0k3n' };
      const init = post(era, 'tools/call', { name: 'who-am-i' }, headers);
      expect(await (await fetch(served.url, init)).text()).to.contain('client of t0k3n');
    }
    await served.close();
  });
});
