import type { WritePolicy } from './policy/write-policy.ts';

/** What the client's model is told about this server when it connects. */
export function instructionsFor(policy: WritePolicy): string {
  return [
    'Finds AWS Lambda functions on deprecated runtimes and plans their upgrade. Start with ' +
      'find-deprecated-functions; then plan-runtime-upgrade for one function at a time. Dates are ' +
      'YYYY-MM-DD, from the runtimes table that each answer names.',
    ...(policy.allowsWrites ? writesAllowed(policy) : [READ_ONLY]),
  ].join('\n');
}

const READ_ONLY =
  'This server is read-only: it cannot change or run a function. To let it, a person adds ' +
  '--allow-writes to its arguments (or sets LAMBDA_OPS_ALLOW_WRITES=true) in the client ' +
  'configuration and restarts it; --allow-functions, --deny-functions and --regions narrow that.';

function writesAllowed(policy: WritePolicy): string[] {
  const limits = [
    ...limit('functions', policy.allowFunctions),
    ...limit('never', policy.denyFunctions),
    ...limit('regions', policy.regions),
  ];
  return [
    'Changes are allowed: update-function-runtime carries a plan out, rollback-function-runtime ' +
      'undoes it, invoke-function runs a function. Show the user the plan before carrying it out, ' +
      'one function at a time, non-production first.',
    ...(limits.length > 0 ? [`Changes are limited to ${limits.join('; ')}.`] : []),
    policy.asksForConfirmation
      ? 'Each change needs the confirmation of the user: the client asks, or the call has `confirm: true` after they agreed.'
      : 'The user has switched confirmations off (--no-confirm).',
  ];
}

function limit(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];
}
