import { compareAge, familyOf } from './family.ts';

/** Something that is known to break, or to need a look, when a function crosses into a runtime. */
export interface BreakingChange {
  /** The first runtime that has the change; `any` for every step within the family. */
  readonly since: string;
  readonly family: string;
  readonly change: string;
  readonly source: string;
}

const AWS_BLOG = 'https://aws.amazon.com/blogs/compute/';
const AWS_GUIDE = 'https://docs.aws.amazon.com/lambda/latest/dg/';

/** What breaks on the way, oldest first within a family. A new row needs a source. */
export const BREAKING_CHANGES: readonly BreakingChange[] = [
  {
    family: 'nodejs',
    since: 'nodejs10.x',
    change: 'Amazon Linux 2 replaces Amazon Linux: rebuild native modules and bundled binaries.',
    source: `${AWS_GUIDE}lambda-runtimes.html`,
  },
  {
    family: 'nodejs',
    since: 'nodejs18.x',
    change: 'AWS SDK for JavaScript v2 (`aws-sdk`) is not in the runtime: bundle it or move to v3.',
    source: `${AWS_BLOG}node-js-18-x-runtime-now-available-in-aws-lambda/`,
  },
  {
    family: 'nodejs',
    since: 'nodejs18.x',
    change: 'OpenSSL 3 refuses legacy algorithms such as MD4.',
    source: 'https://nodejs.org/en/blog/release/v17.0.0',
  },
  {
    family: 'nodejs',
    since: 'nodejs20.x',
    change: 'Amazon Linux 2023 (glibc 2.34) replaces Amazon Linux 2: rebuild native modules.',
    source: `${AWS_BLOG}node-js-20-x-runtime-now-available-in-aws-lambda/`,
  },
  {
    family: 'nodejs',
    since: 'nodejs20.x',
    change:
      "Amazon's CA certificates (RDS among them) are not loaded by default: " +
      'set NODE_EXTRA_CA_CERTS=/var/runtime/ca-cert.pem where they are needed.',
    source: `${AWS_BLOG}node-js-20-x-runtime-now-available-in-aws-lambda/`,
  },
  {
    family: 'nodejs',
    since: 'nodejs22.x',
    change: '`import … assert { type }` is a syntax error: write `with { type }`.',
    source: 'https://nodejs.org/en/blog/announcements/v22-release-announce',
  },
  {
    family: 'nodejs',
    since: 'nodejs24.x',
    change:
      'Callback handlers `(event, context, callback)` are gone, and with them context.done, ' +
      'context.succeed and context.fail: make the handler async.',
    source: `${AWS_BLOG}node-js-24-runtime-now-available-in-aws-lambda/`,
  },
  {
    family: 'python',
    since: 'any',
    change: 'Compiled wheels are built for one Python version: reinstall packages for the target.',
    source: `${AWS_GUIDE}python-package.html`,
  },
  {
    family: 'python',
    since: 'python3.6',
    change: 'Python 2 source does not run on Python 3.',
    source: 'https://docs.python.org/3/howto/pyporting.html',
  },
  {
    family: 'python',
    since: 'python3.8',
    change: 'Amazon Linux 2 replaces Amazon Linux, and botocore.vendored.requests is gone.',
    source: `${AWS_BLOG}upcoming-changes-to-the-python-sdk-in-aws-lambda/`,
  },
  {
    family: 'python',
    since: 'python3.10',
    change: 'Aliases such as collections.Mapping are gone: import from collections.abc.',
    source: 'https://docs.python.org/3/whatsnew/3.10.html#removed',
  },
  {
    family: 'python',
    since: 'python3.12',
    change: '`imp`, `distutils` and `asynchat` are gone: use importlib and packaging.',
    source: 'https://docs.python.org/3/whatsnew/3.12.html#removed',
  },
  {
    family: 'python',
    since: 'python3.12',
    change: 'Amazon Linux 2023 replaces Amazon Linux 2: rebuild native modules.',
    source: `${AWS_BLOG}python-3-12-runtime-now-available-in-aws-lambda/`,
  },
  {
    family: 'python',
    since: 'python3.13',
    change: 'The modules of PEP 594 (`cgi`, `crypt`, `telnetlib`, …) are gone.',
    source:
      'https://docs.python.org/3/whatsnew/3.13.html#pep-594-remove-dead-batteries-from-the-standard-library',
  },
  {
    family: 'python',
    since: 'python3.14',
    change: 'asyncio.get_event_loop() raises where no loop runs; annotations are evaluated lazily.',
    source: 'https://docs.python.org/3/whatsnew/3.14.html',
  },
  {
    family: 'java',
    since: 'java8.al2',
    change: 'Amazon Linux 2 replaces Amazon Linux: rebuild native libraries.',
    source: `${AWS_GUIDE}lambda-runtimes.html`,
  },
  {
    family: 'java',
    since: 'java11',
    change: 'Java EE modules such as javax.xml.bind (JAXB) are gone: add them as dependencies.',
    source: 'https://openjdk.org/jeps/320',
  },
  {
    family: 'java',
    since: 'java17',
    change: 'JDK internals are closed to reflection: update libraries that use them.',
    source: 'https://openjdk.org/jeps/403',
  },
  {
    family: 'java',
    since: 'java21',
    change: 'Amazon Linux 2023 replaces Amazon Linux 2, and UTF-8 is the default charset.',
    source: `${AWS_BLOG}java-21-runtime-now-available-in-aws-lambda/`,
  },
  {
    family: 'java',
    since: 'java25',
    change: 'The Security Manager is disabled for good.',
    source: 'https://openjdk.org/jeps/486',
  },
  {
    family: 'dotnet',
    since: 'any',
    change: 'A .NET assembly targets one framework: rebuild and deploy it for the new one.',
    source: `${AWS_GUIDE}csharp-package.html`,
  },
  {
    family: 'dotnet',
    since: 'dotnet8',
    change: 'Amazon Linux 2023 replaces Amazon Linux 2: rebuild native libraries.',
    source: `${AWS_BLOG}introducing-the-net-8-runtime-for-aws-lambda/`,
  },
  {
    family: 'ruby',
    since: 'any',
    change: 'Gems with native extensions are built for one Ruby version: reinstall them.',
    source: `${AWS_GUIDE}ruby-package.html`,
  },
  {
    family: 'ruby',
    since: 'ruby3.2',
    change: 'Keyword arguments are separate from positional ones.',
    source: 'https://www.ruby-lang.org/en/news/2020/12/25/ruby-3-0-0-released/',
  },
  {
    family: 'ruby',
    since: 'ruby3.3',
    change: 'Amazon Linux 2023 replaces Amazon Linux 2: rebuild native extensions.',
    source: `${AWS_GUIDE}lambda-runtimes.html`,
  },
  {
    family: 'ruby',
    since: 'ruby3.4',
    change: '`base64`, `csv`, `bigdecimal` and others are bundled gems: name them in the Gemfile.',
    source: 'https://www.ruby-lang.org/en/news/2024/12/25/ruby-3-4-0-released/',
  },
  {
    family: 'ruby',
    since: 'ruby4.0',
    change: '`cgi` is no default gem any more (only cgi/escape stays).',
    source: 'https://www.ruby-lang.org/en/news/2025/12/25/ruby-4-0-0-released/',
  },
  {
    family: 'provided',
    since: 'provided.al2',
    change: 'Amazon Linux 2 replaces Amazon Linux: rebuild the executable for it.',
    source: `${AWS_GUIDE}runtimes-provided.html`,
  },
  {
    family: 'provided',
    since: 'provided.al2023',
    change: 'Amazon Linux 2023 (glibc 2.34, OpenSSL 3) replaces Amazon Linux 2: rebuild for it.',
    source: `${AWS_BLOG}introducing-the-amazon-linux-2023-runtime-for-aws-lambda/`,
  },
];

const GO_TO_PROVIDED: BreakingChange = {
  family: 'provided',
  since: 'any',
  change:
    'An OS-only runtime starts an executable named `bootstrap`: build the Go code so and deploy it first.',
  source: `${AWS_BLOG}migrating-aws-lambda-functions-from-the-go1-x-runtime-to-the-custom-runtime-on-amazon-linux-2/`,
};

/** The changes a function meets between two runtimes of one family. */
export function changesBetween(from: string, to: string): BreakingChange[] {
  const onTheWay = BREAKING_CHANGES.filter(({ family }) => family === familyOf(to)).filter(
    ({ since }) => since === 'any' || (compareAge(from, since) < 0 && compareAge(since, to) <= 0),
  );
  return from.startsWith('go') ? [GO_TO_PROVIDED, ...onTheWay] : onTheWay;
}
