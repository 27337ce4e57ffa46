/**
 * A load balancer keeps its connections to a task and reuses them; an ALB lets one idle for 60 s. Were
 * the task the first to close, a request that is on its way just then would become a 502. So the task
 * waits longer. The header and request limits have to be above that, as they run on a kept connection
 * too; they free the sockets of clients that send a byte a minute.
 */
export const HTTP_TIMEOUTS = {
  keepAliveTimeout: 65_000,
  headersTimeout: 66_000,
  requestTimeout: 70_000,
} as const;
