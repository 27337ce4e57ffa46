// A stand-in for the few AWS answers that `copilot env package` and `copilot svc package` ask for.
//
// Copilot's SDK (aws-sdk-go v1) ignores AWS_ENDPOINT_URL but honours HTTPS_PROXY and AWS_CA_BUNDLE,
// so this is a proxy on loopback that ends every CONNECT itself: nothing is ever passed on.
// A request it does not know gets an error that names it, and Copilot then fails with that text.
//
// Usage: node fake-aws.mjs CERT KEY [DOMAIN]     prints its port, then serves until it is killed
import { readFileSync } from 'node:fs';
import { createServer as createProxy } from 'node:http';
import { createServer } from 'node:https';

const [certFile, keyFile, domain = ''] = process.argv.slice(2);

const ACCOUNT = '111122223333'; // AWS's own example account: it cannot be anybody's
const REGION = 'us-east-1';

const tls = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, answer);
const proxy = createProxy();
proxy.on('connect', (_request, socket) => {
  socket.on('error', () => {}); // Copilot drops its idle connections when it is done
  socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  tls.emit('connection', socket);
});
proxy.listen(0, '127.0.0.1', () => console.log(proxy.address().port));

async function answer(request, response) {
  let body = '';
  for await (const chunk of request) body += chunk;
  const service = request.headers.host.split('.')[0];

  if (service === 'ssm') {
    const action = request.headers['x-amz-target'];
    const value = action === 'AmazonSSM.GetParameter' && parameter(JSON.parse(body).Name);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (!value) {
      response.statusCode = 400;
      return response.end(
        JSON.stringify({ __type: 'ValidationException', message: `fake AWS: ${action} ${body}` }),
      );
    }
    return response.end(JSON.stringify({ Parameter: { Value: JSON.stringify(value) } }));
  }

  const query = new URLSearchParams(body);
  const action = query.get('Action');
  const result = queryResults[`${service} ${action}`]?.(query);
  response.setHeader('content-type', 'text/xml');
  if (result === undefined) {
    response.statusCode = 400;
    return response.end(
      `<ErrorResponse><Error><Code>ValidationError</Code>
      <Message>fake AWS: ${service} ${action}</Message></Error></ErrorResponse>`,
    );
  }
  response.end(
    `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`,
  );
}

/** What Copilot keeps in the Parameter Store: one record for each application and so on. */
function parameter(name) {
  const [, app, kind, item] =
    /^\/copilot\/applications\/([^/]+)(?:\/(environments|components)\/([^/]+))?$/.exec(name) ?? [];
  if (!app) return undefined;
  if (kind === 'environments') {
    return {
      app,
      name: item,
      region: REGION,
      accountID: ACCOUNT,
      managerRoleARN: `arn:aws:iam::${ACCOUNT}:role/${app}-${item}-EnvManagerRole`,
      executionRoleARN: `arn:aws:iam::${ACCOUNT}:role/${app}-${item}-CFNExecutionRole`,
    };
  }
  if (kind === 'components') return { app, name: item, type: 'Load Balanced Web Service' };
  return {
    name: app,
    account: ACCOUNT,
    domain,
    domainHostedZoneID: domain && 'Z0000000000000000000',
    version: '1.0',
  };
}

const queryResults = {
  'sts GetCallerIdentity': () =>
    `<Arn>arn:aws:iam::${ACCOUNT}:root</Arn><UserId>ci</UserId><Account>${ACCOUNT}</Account>`,

  'sts AssumeRole': () =>
    '<Credentials><AccessKeyId>fake</AccessKeyId><SecretAccessKey>fake</SecretAccessKey>' +
    '<SessionToken>fake</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>',

  // What deployed stacks would carry, the application's under another name. Copilot refuses to
  // replace a newer version, and an alias with an older one.
  'cloudformation GetTemplateSummary': () =>
    '<Metadata>{"Version":"v1.34.1","TemplateVersion":"v1.34.1"}</Metadata>',

  // One answer serves the environment's stack (Copilot looks for the features its parameters name)
  // and the application's (it looks for its bucket and key).
  'cloudformation DescribeStacks': (query) => {
    const parameters = {
      ALBWorkloads: '',
      Aliases: '',
      NATWorkloads: '',
      InternalALBWorkloads: '',
      EFSWorkloads: '',
    };
    const outputs = {
      KMSKeyARN: `arn:aws:kms:${REGION}:${ACCOUNT}:key/00000000-0000-0000-0000-000000000000`,
      PipelineBucket: 'fake-artifact-bucket',
    };
    return `<Stacks><member><StackName>${query.get('StackName')}</StackName><StackId>fake</StackId>
      <CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
      <Parameters>${members('Parameter', parameters)}</Parameters>
      <Outputs>${members('Output', outputs)}</Outputs></member></Stacks>`;
  },

  'cloudformation ListStackInstances': () =>
    `<Summaries><member><StackId>fake</StackId><Account>${ACCOUNT}</Account>
    <Region>${REGION}</Region><Status>CURRENT</Status></member></Summaries>`,
};

function members(kind, entries) {
  return Object.entries(entries)
    .map(
      ([key, value]) =>
        `<member><${kind}Key>${key}</${kind}Key><${kind}Value>${value}</${kind}Value></member>`,
    )
    .join('');
}
