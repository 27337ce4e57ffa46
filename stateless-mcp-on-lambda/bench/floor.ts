import { configure } from '@codegenie/serverless-express';
import express from 'express';

/** The least that Express behind serverless-express can do: parse, and answer the bytes of a ping. */
const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.post('/mcp', express.json(), (req, res) => {
  const pong = {
    message: 'hello',
    servedBy: `local-${process.pid}`,
    version: '1.0.0',
    requestCount: 1,
    uptimeSeconds: 1,
  };
  const content = [{ type: 'text', text: JSON.stringify(pong) }];
  res.setHeader('Content-Type', 'application/json');
  const result = { content, structuredContent: pong };
  res.end(JSON.stringify({ jsonrpc: '2.0', id: req.body.id, result }));
});

export const handler = configure({ app });
