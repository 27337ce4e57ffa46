import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { readTaskId } from '../src/task-id.ts';

const TaskARN = 'arn:aws:ecs:eu-west-1:111122223333:task/cluster/0123456789abcdef';

describe('the task id', () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function metadata(listener: RequestListener): Promise<string> {
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    // `as`: a server that listens on TCP has an address of this kind.
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v4/container`;
  }

  it('is the end of the ARN that the metadata endpoint gives', async () => {
    const url = await metadata((req, res) => {
      res.end(req.url === '/v4/container/task' ? JSON.stringify({ TaskARN }) : '{}');
    });
    expect(await readTaskId(url)).to.equal('0123456789abcdef');
  });

  for (const answer of ['', '{}', '<html>']) {
    it(`is undefined when the endpoint answers ${JSON.stringify(answer)}`, async () => {
      expect(await readTaskId(await metadata((_req, res) => void res.end(answer)))).to.equal(
        undefined,
      );
    });
  }

  it('is undefined when the endpoint does not answer in time', async () => {
    expect(await readTaskId(await metadata(() => {}))).to.equal(undefined);
  });

  it('is undefined when nothing listens, and outside of ECS', async () => {
    const url = await metadata(() => {});
    server.close();
    expect(await readTaskId(url.replace('/v4', ':1/v4'))).to.equal(undefined);
    expect(await readTaskId(undefined)).to.equal(undefined);
  });
});
