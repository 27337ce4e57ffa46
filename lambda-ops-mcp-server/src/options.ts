import { parseArgs } from 'node:util';
import * as z from 'zod';
import type { WritePolicy } from './policy/write-policy.ts';

export const USAGE = `lambda-ops-mcp-server: an MCP server on stdio; start it from an MCP client.

  --allow-writes            let it change and run functions (or LAMBDA_OPS_ALLOW_WRITES=true)
  --allow-functions <list>  change only functions whose names match, for example dev-*,test-?
  --deny-functions <list>   never change these; wins over --allow-functions
  --regions <list>          change functions in these regions only, for example eu-west-1
  --no-confirm              do not ask before a change
  --offline                 never read AWS's runtimes page; use the snapshot in this package
  --runtimes-url <url>      read that page from another place, for example a mirror
  --today <YYYY-MM-DD>      judge runtimes as of that day
  --version, --help

Lists are separated by commas. In names, * stands for any characters and ? for one.
Credentials, region and endpoints: AWS_PROFILE, AWS_REGION, and whatever else the AWS SDK reads.
`;

export interface Options {
  readonly policy: WritePolicy;
  readonly isOffline: boolean;
  readonly runtimesUrl: string | undefined;
  /** The day to judge runtimes on, when it is not the present one. */
  readonly today: string | undefined;
  /** What to print instead of serving. */
  readonly show: 'help' | 'version' | undefined;
}

const list = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()))
  .pipe(z.array(z.string().min(1, 'has an empty entry; separate entries by single commas')));

const functionPatterns = list.pipe(
  z.array(
    z
      .string()
      .regex(/^[A-Za-z0-9_*?-]+$/, 'is not a pattern; use letters, digits, - and _, with * and ?'),
  ),
);

const flags = z.object({
  'allow-writes': z.boolean().default(false),
  'allow-functions': functionPatterns.optional(),
  'deny-functions': functionPatterns.optional(),
  regions: list
    .pipe(
      z.array(
        z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d+$/, 'is not a region; write it like eu-west-1'),
      ),
    )
    .optional(),
  'no-confirm': z.boolean().default(false),
  offline: z.boolean().default(false),
  'runtimes-url': z.url({ protocol: /^https?$/, error: 'is not an http(s) address' }).optional(),
  today: z.iso.date('is not a day; write it like 2027-03-31').optional(),
  help: z.boolean().default(false),
  version: z.boolean().default(false),
});

const writesVariable = z.enum(['true', 'false'], 'has to be true or false').default('false');

/**
 * Reads the command line and the environment.
 * @throws {Error} that names the flag or variable, and what to write instead
 */
export function loadOptions(args: string[], env: Record<string, string | undefined>): Options {
  const parsed = flags.safeParse(readFlags(args));
  if (!parsed.success) throw new Error(describe('--', parsed.error));
  const variable = z
    .object({ LAMBDA_OPS_ALLOW_WRITES: writesVariable })
    .safeParse({ LAMBDA_OPS_ALLOW_WRITES: env.LAMBDA_OPS_ALLOW_WRITES });
  if (!variable.success) throw new Error(describe('', variable.error));
  const { data } = parsed;
  return {
    policy: {
      allowsWrites: data['allow-writes'] || variable.data.LAMBDA_OPS_ALLOW_WRITES === 'true',
      allowFunctions: data['allow-functions'] ?? [],
      denyFunctions: data['deny-functions'] ?? [],
      regions: data.regions ?? [],
      asksForConfirmation: !data['no-confirm'],
    },
    isOffline: data.offline,
    runtimesUrl: data['runtimes-url'],
    today: data.today,
    show: shown(data),
  };
}

function readFlags(args: string[]): unknown {
  try {
    return parseArgs({
      args,
      options: {
        'allow-writes': { type: 'boolean' },
        'allow-functions': { type: 'string' },
        'deny-functions': { type: 'string' },
        regions: { type: 'string' },
        'no-confirm': { type: 'boolean' },
        offline: { type: 'boolean' },
        'runtimes-url': { type: 'string' },
        today: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error} See --help.`);
  }
}

function shown({ help, version }: { help: boolean; version: boolean }): Options['show'] {
  if (help) return 'help';
  return version ? 'version' : undefined;
}

function describe(prefix: string, error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${prefix}${String(path[0])} ${message}.`)
    .join(' ');
}
