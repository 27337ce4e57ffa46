// The least that an Express server can do: parse the body, and answer bytes that are ready.
// Usage: FLOOR_ANSWERS='{"2025-11-25 tools/call":"…"}' node floor.mjs
import express from 'express';

const answers = new Map(Object.entries(JSON.parse(process.env.FLOOR_ANSWERS ?? '{}')));
const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.post('/mcp', express.json(), (req, res) => {
  res.setHeader('Content-Type', 'application/json');
  res.end(answers.get(`${req.headers['mcp-protocol-version']} ${req.body.method}`));
});
const listener = app.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${listener.address().port}/mcp` }));
});
