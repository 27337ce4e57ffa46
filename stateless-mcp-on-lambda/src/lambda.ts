import { configure } from '@codegenie/serverless-express';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2, Context } from 'aws-lambda';
import packageJson from '../package.json' with { type: 'json' };
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { tools } from './tools/index.ts';

type Handler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyResultV2>;

const app = createApp({
  ...loadConfig(process.env, process.pid),
  logger: createLogger(process.stdout),
  serverInfo: {
    name: packageJson.name,
    title: 'Stateless MCP on Lambda',
    version: packageJson.version,
  },
  instructions: 'A sample server. Call `ping` to see which Lambda instance answers.',
  tools,
});

// `as`, because the types of serverless-express 5 still ask for the callback that it dropped.
const respond = configure({ app, respondWithErrors: false }) as unknown as Handler;

/** The Lambda handler, for API Gateway HTTP API events (payload format 2.0). */
export const handler: Handler = async (event, context) => {
  // The request's log line carries the id that Lambda's own START, END and REPORT lines have.
  event.headers['x-request-id'] = context.awsRequestId;
  return respond(event, context);
};
