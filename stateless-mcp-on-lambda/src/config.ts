import * as z from 'zod';

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '::1'];

export interface Config {
  /** Browser origins that may call the server, each as `scheme://host[:port]`. */
  readonly allowedOrigins: readonly string[];
  /** True on a laptop, where a web page could reach the server by DNS rebinding; false on Lambda. */
  readonly listensOnLoopback: boolean;
  /** Where `npm run dev` and `npm start` listen; Lambda does not listen. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Names this process in answers: the log stream on Lambda, `local-<pid>` elsewhere. */
  readonly servedBy: string;
}

const origin = z.string().refine(isOrigin, {
  error: ({ input }) =>
    `"${input}" is not an origin; write scheme://host[:port] without a path, ` +
    'for example https://app.example.com, and separate several by commas',
});

const environment = z.object({
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((list) => list.split(',').map((entry) => entry.trim()))
    .transform((entries) => entries.filter((entry) => entry !== ''))
    .pipe(z.array(origin)),
  HOST: z.string().min(1, 'is empty; leave it out or name a host').default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535, 3000),
  AWS_LAMBDA_FUNCTION_NAME: z.string().optional(),
  AWS_LAMBDA_LOG_STREAM_NAME: z.string().optional(),
});

/**
 * Reads the configuration from environment variables.
 * @throws {Error} that names each wrong variable and its fix
 */
export function loadConfig(env: Record<string, string | undefined>, pid: number): Config {
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
    listensOnLoopback:
      data.AWS_LAMBDA_FUNCTION_NAME === undefined && LOOPBACK_HOSTS.includes(data.HOST),
    host: data.HOST,
    port: data.PORT,
    servedBy: data.AWS_LAMBDA_LOG_STREAM_NAME ?? `local-${pid}`,
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
