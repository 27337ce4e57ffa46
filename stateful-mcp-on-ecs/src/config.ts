import * as z from 'zod';

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '::1'];

export interface Config {
  /** Browser origins that may call the server, each as `scheme://host[:port]`. */
  readonly allowedOrigins: readonly string[];
  /** True on a laptop, where a web page could reach the server by DNS rebinding. */
  readonly listensOnLoopback: boolean;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** How long a stopping task still serves new calls, until its balancer has noticed. */
  readonly drainGraceMs: number;
  /** By when a stopping task has exited. */
  readonly drainTimeoutMs: number;
  /** Calls that this task runs at once; more get 503. */
  readonly maxConcurrentCalls: number;
  /** The table that holds the sessions; without it they are kept in memory. */
  readonly sessionsTableName: string | undefined;
  readonly sessionIdleMs: number;
  readonly sessionMaxLifeMs: number;
  /** A call whose task was not heard of for so long is taken over. */
  readonly heartbeatLimitMs: number;
  /** Sessions in memory, where there is no table. */
  readonly maxSessions: number;
  /** Open GET streams that this task holds; more get 503. */
  readonly maxStreams: number;
  /** The task metadata endpoint v4, which ECS names in the environment. */
  readonly metadataUrl: string | undefined;
}

const origin = z.string().refine(isOrigin, {
  error: ({ input }) =>
    `"${input}" is not an origin; write scheme://host[:port] without a path, ` +
    'for example https://app.example.com, and separate several by commas',
});

const environment = z
  .object({
    ALLOWED_ORIGINS: z
      .string()
      .default('')
      .transform((list) => list.split(',').map((entry) => entry.trim()))
      .transform((entries) => entries.filter((entry) => entry !== ''))
      .pipe(z.array(origin)),
    HOST: z.string().min(1, 'is empty; leave it out or name a host').default('127.0.0.1'),
    PORT: wholeNumber(0, 65_535, 3000),
    DRAIN_GRACE_SECONDS: wholeNumber(0, 100, 5),
    DRAIN_TIMEOUT_SECONDS: wholeNumber(1, 115, 25),
    MAX_CONCURRENT_CALLS: wholeNumber(1, 100_000, 500),
    SESSIONS_TABLE_NAME: z.string().min(1, 'is empty; leave it out or name a table').optional(),
    SESSION_IDLE_MINUTES: wholeNumber(1, 1440, 30),
    SESSION_MAX_HOURS: wholeNumber(1, 168, 24),
    HEARTBEAT_LIMIT_SECONDS: wholeNumber(1, 60, 5),
    MAX_SESSIONS: wholeNumber(1, 1_000_000, 10_000),
    MAX_STREAMS: wholeNumber(0, 100_000, 5000),
    ECS_CONTAINER_METADATA_URI_V4: z.url('is not a URL').optional(),
  })
  .refine((env) => env.DRAIN_GRACE_SECONDS < env.DRAIN_TIMEOUT_SECONDS, {
    path: ['DRAIN_GRACE_SECONDS'],
    error: 'is not below DRAIN_TIMEOUT_SECONDS; lower it, or raise the timeout',
  });

/**
 * Reads the configuration from environment variables.
 * @throws {Error} that names each wrong variable and its fix
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${String(path[0])}: ${message}`,
    );
    throw new Error(`The configuration is wrong. ${problems.join('. ')}.`);
  }
  const { data } = parsed;
  return {
    allowedOrigins: data.ALLOWED_ORIGINS,
    listensOnLoopback: LOOPBACK_HOSTS.includes(data.HOST),
    host: data.HOST,
    port: data.PORT,
    drainGraceMs: data.DRAIN_GRACE_SECONDS * 1000,
    drainTimeoutMs: data.DRAIN_TIMEOUT_SECONDS * 1000,
    maxConcurrentCalls: data.MAX_CONCURRENT_CALLS,
    sessionsTableName: data.SESSIONS_TABLE_NAME,
    sessionIdleMs: data.SESSION_IDLE_MINUTES * 60_000,
    sessionMaxLifeMs: data.SESSION_MAX_HOURS * 3_600_000,
    heartbeatLimitMs: data.HEARTBEAT_LIMIT_SECONDS * 1000,
    maxSessions: data.MAX_SESSIONS,
    maxStreams: data.MAX_STREAMS,
    metadataUrl: data.ECS_CONTAINER_METADATA_URI_V4,
  };
}

function wholeNumber(min: number, max: number, fallback: number) {
  const message = `is not a whole number from ${min} to ${max}`;
  return z.coerce
    .number(message)
    .int(message)
    .min(min, message)
    .max(max, message)
    .default(fallback);
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}
